// Activations built on the exponential alone, and their derivatives, in four lanes. Bounds are relative, in u = 2^-24:
// the roundings, each times its weight; below 2^-126 add 2^-148.

import { expLanes, expMinusSquareLanes, expm1Lanes, log1pLanes } from '../math/exponential'
import { expMinusAbsLanes } from '../math/sigmoidal'

// Klambauer et al. 2017
const SELU_SCALE: f32 = 1.0507010221481323
const SELU_ALPHA: f32 = 1.6732631921768188
/** Beyond it 1 + |z| is |z|. */
const SOFTSIGN_REACH: f32 = 1073741824
const TWO_OVER_SQRT_PI: f32 = 1.128379225730896

/** z where z > 0, else alpha (e^z - 1), within 3.5 u. */
export function elu(z: v128, alpha: v128): v128 {
  const zero = f32x4.splat(0)
  return v128.bitselect(z, f32x4.mul(alpha, expm1Lanes(f32x4.pmin(z, zero))), f32x4.gt(z, zero))
}

/** 1 where z > 0, else alpha e^z, within 3.1 u. */
export function eluSlope(z: v128, alpha: v128): v128 {
  const zero = f32x4.splat(0)
  return v128.bitselect(f32x4.splat(1), f32x4.mul(alpha, expLanes(f32x4.pmin(z, zero))), f32x4.gt(z, zero))
}

/** 1.0507 elu(z, 1.6733), within 6.5 u. */
export function selu(z: v128): v128 {
  return f32x4.mul(f32x4.splat(SELU_SCALE), elu(z, f32x4.splat(SELU_ALPHA)))
}

/** Within 6.1 u. */
export function seluSlope(z: v128): v128 {
  return f32x4.mul(f32x4.splat(SELU_SCALE), eluSlope(z, f32x4.splat(SELU_ALPHA)))
}

/** ln(1 + e^z), within 6.6 u; its derivative is the logistic. */
export function softplus(z: v128): v128 {
  return f32x4.add(f32x4.pmax(z, f32x4.splat(0)), log1pLanes(expMinusAbsLanes(z)))
}

/** tanh' = 4e/(1 + e)^2, e = e^(-2|z|), within 6.1 u. */
export function tanhSlope(z: v128): v128 {
  const e = expLanes(f32x4.mul(f32x4.abs(z), f32x4.splat(-2)))
  const sum = f32x4.add(f32x4.splat(1), e)
  return f32x4.mul(f32x4.splat(4), f32x4.div(e, f32x4.mul(sum, sum)))
}

/** z/(1 + |z|), within 2 u. */
export function softsign(z: v128): v128 {
  const reach = f32x4.splat(SOFTSIGN_REACH)
  const clamped = f32x4.pmax(f32x4.pmin(z, reach), f32x4.neg(reach))
  return f32x4.div(clamped, f32x4.add(f32x4.splat(1), f32x4.abs(clamped)))
}

/** 1/(1 + |z|)^2, within 5 u. */
export function softsignSlope(z: v128): v128 {
  const one = f32x4.splat(1)
  const root = f32x4.div(one, f32x4.add(one, f32x4.abs(z)))
  return f32x4.mul(root, root)
}

/** erf' = 2/sqrt(pi) e^(-z^2), within 4.5 u. */
export function erfSlope(z: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(z), f32x4.splat(10.25))
  return f32x4.mul(f32x4.splat(TWO_OVER_SQRT_PI), expMinusSquareLanes(a, 1))
}
