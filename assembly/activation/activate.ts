import { erfLanes, logisticLanes, logisticSlopeLanes, tanhLanes } from '../math/sigmoidal'
import { cosLanes, sinLanes } from '../math/sine'
import { gelu, geluSlope, geluTanh, geluTanhSlope, mish, mishSlope, swish, swishSlope } from './gated'
import {
  ABS,
  ELU,
  ERF,
  GELU,
  GELU_TANH,
  HARDSIGMOID,
  HARDSWISH,
  HARDTANH,
  LEAKY,
  MISH,
  RELU6,
  SELU,
  SIGMOID,
  SIN,
  SOFTPLUS,
  SOFTSIGN,
  SQUARED_RELU,
  SWISH,
  TANH,
} from './kinds'
import {
  clamp,
  clampSlope,
  hardsigmoid,
  hardswish,
  hardswishSlope,
  leaky,
  leakySlope,
  squaredRelu,
  squaredReluSlope,
} from './piecewise'
import { elu, eluSlope, erfSlope, selu, seluSlope, softplus, softsign, softsignSlope, tanhSlope } from './smooth'

const ONE_SIXTH: f32 = 0.1666666716337204

/**
 * x: len f32, in place f(x); len a multiple of 4. `kind` is one of kinds.ts, `parameter` the slope of LEAKY, the alpha of ELU, the
 * steepness of SWISH. Infinite x give the limit of f (NaN for SIN), NaN stays NaN.
 */
export function activate(kind: i32, xPtr: usize, len: i32, parameter: f32): void {
  const p = f32x4.splat(parameter)
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 16) {
    const x = v128.load(xPtr)
    v128.store(xPtr, keepNaN(value(kind, x, p), x))
  }
}

/** grad, z: len f32; grad *= f'(z), f as in activate(), z what f was applied to. */
export function activateBackward(kind: i32, gradPtr: usize, zPtr: usize, len: i32, parameter: f32): void {
  const p = f32x4.splat(parameter)
  for (let end = gradPtr + ((<usize>len) << 2); gradPtr < end; gradPtr += 16) {
    const z = v128.load(zPtr)
    v128.store(gradPtr, f32x4.mul(v128.load(gradPtr), keepNaN(slope(kind, z, p), z)))
    zPtr += 16
  }
}

/** y, but NaN wherever x is: comparisons and pmin let it slip. */
function keepNaN(y: v128, x: v128): v128 {
  return v128.or(y, f32x4.ne(x, x))
}

function value(kind: i32, z: v128, parameter: v128): v128 {
  switch (kind) {
    case ABS:
      return f32x4.abs(z)
    case LEAKY:
      return leaky(z, parameter)
    case HARDTANH:
      return clamp(z, -1, 1)
    case RELU6:
      return clamp(z, 0, 6)
    case HARDSIGMOID:
      return hardsigmoid(z)
    case SQUARED_RELU:
      return squaredRelu(z)
    case ELU:
      return elu(z, parameter)
    case SELU:
      return selu(z)
    case SOFTPLUS:
      return softplus(z)
    case SIGMOID:
      return logisticLanes(z)
    case TANH:
      return tanhLanes(z)
    case SOFTSIGN:
      return softsign(z)
    case ERF:
      return erfLanes(z)
    case SIN:
      return sinLanes(z)
    case SWISH:
      return swish(z, parameter)
    case GELU:
      return gelu(z)
    case GELU_TANH:
      return geluTanh(z)
    case MISH:
      return mish(z)
    case HARDSWISH:
      return hardswish(z)
    default:
      unreachable()
  }
  return z
}

function slope(kind: i32, z: v128, parameter: v128): v128 {
  switch (kind) {
    case ABS:
      return leakySlope(z, f32x4.splat(-1))
    case LEAKY:
      return leakySlope(z, parameter)
    case HARDTANH:
      return clampSlope(z, -1, 1, 1)
    case RELU6:
      return clampSlope(z, 0, 6, 1)
    case HARDSIGMOID:
      return clampSlope(z, -3, 3, ONE_SIXTH)
    case SQUARED_RELU:
      return squaredReluSlope(z)
    case ELU:
      return eluSlope(z, parameter)
    case SELU:
      return seluSlope(z)
    case SOFTPLUS:
      return logisticLanes(z)
    case SIGMOID:
      return logisticSlopeLanes(z)
    case TANH:
      return tanhSlope(z)
    case SOFTSIGN:
      return softsignSlope(z)
    case ERF:
      return erfSlope(z)
    case SIN:
      return cosLanes(z)
    case SWISH:
      return swishSlope(z, parameter)
    case GELU:
      return geluSlope(z)
    case GELU_TANH:
      return geluTanhSlope(z)
    case MISH:
      return mishSlope(z)
    case HARDSWISH:
      return hardswishSlope(z)
    default:
      unreachable()
  }
  return z
}
