// S-shaped functions in four lanes of f32. Bounds are relative, in u = 2^-24: the roundings, each times its weight, and the fit;
// below 2^-126 add 2^-149.

import { expLanes, expMinusSquareLanes, expm1Lanes } from './exponential'
import { quartic, quintic } from './polynomial'

// Q(a) e^(a^2/2), Q the normal upper tail: numerator, then the denominator without its constant 1; relative error 2^-25.4 on [0, 14.6].
// No coefficient is negative, so nothing cancels.
const tailTable: usize = memory.data<f32>(
  [
    0.5, 0.437779039144516, 0.18282604217529297, 0.04048749431967735, 0.004092345479875803, 1.6734429597854614,
    1.2008622884750366, 0.46838369965553284, 0.10149359703063965, 0.010257869027554989,
  ],
  16,
)

// erf(x)/x - 1 in x^2, |x| < 7/8: relative error of erf 2^-26
const erfTable: usize = memory.data<f32>(
  [
    0.12837915122509003, -0.3761250376701355, 0.11281921714544296, -0.026770485565066338, 0.004998927935957909,
    -0.0006020491127856076,
  ],
  16,
)
const SQRT_2: f32 = 1.4142135381698608

/** 1/(1 + e^-z), within 4.1 u. */
export function logisticLanes(z: v128): v128 {
  return logisticOf(z, expMinusAbsLanes(z))
}

/** The logistic's derivative, within 6.1 u. */
export function logisticSlopeLanes(z: v128): v128 {
  return logisticSlopeOf(expMinusAbsLanes(z))
}

/** e^-|z|. */
export function expMinusAbsLanes(z: v128): v128 {
  return expLanes(f32x4.neg(f32x4.abs(z)))
}

/** The logistic of z from e = e^-|z|: 1/(1 + e), or e/(1 + e) where z < 0. */
export function logisticOf(z: v128, e: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(v128.bitselect(one, e, f32x4.ge(z, f32x4.splat(0))), f32x4.add(one, e))
}

/** The logistic's derivative e/(1 + e)^2 from e = e^-|z|. */
export function logisticSlopeOf(e: v128): v128 {
  const sum = f32x4.add(f32x4.splat(1), e)
  return f32x4.div(e, f32x4.mul(sum, sum))
}

/** tanh z = -m/(2 + m), m = e^(-2|z|) - 1, with the sign of z; within 5.7 u. */
export function tanhLanes(z: v128): v128 {
  const m = expm1Lanes(f32x4.mul(f32x4.abs(z), f32x4.splat(-2)))
  return withSign(f32x4.div(f32x4.neg(m), f32x4.add(m, f32x4.splat(2))), z)
}

/** Q(a) e^(a^2/2) for a in [0, 14.6], Q(a) = P(Z > a) of a standard normal; within 18 u, and 14 u for a < 4. */
export function scaledTailLanes(a: v128): v128 {
  const below = f32x4.add(f32x4.splat(1), f32x4.mul(a, inline.always(quartic(a, tailTable + 20))))
  return f32x4.div(inline.always(quartic(a, tailTable)), below)
}

/** erf x, within 4.9 u. */
export function erfLanes(x: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(x), f32x4.splat(10))
  const tail = f32x4.mul(expMinusSquareLanes(a, 1), scaledTailLanes(f32x4.mul(a, f32x4.splat(SQRT_2))))
  const far = f32x4.sub(f32x4.splat(1), f32x4.add(tail, tail))
  const near = f32x4.add(a, f32x4.mul(a, quintic(f32x4.mul(a, a), erfTable)))
  return withSign(v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.875))), x)
}

/** a >= 0 with the sign of x. */
function withSign(a: v128, x: v128): v128 {
  return v128.or(a, v128.and(x, i32x4.splat(0x80000000)))
}
