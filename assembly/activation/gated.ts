// z times a smooth gate that opens from 0 to 1, and the derivatives gate + z gate', in four lanes.
// Bounds are in u = 2^-24, relative to the result, for a derivative to the larger of its two terms: the roundings, each times its weight;
// where the gate is below 2^-126 add (1 + |z|)^3 2^-149.

import { expMinusSquareLanes } from '../math/exponential'
import { expMinusAbsLanes, logisticLanes, logisticOf, logisticSlopeOf, scaledTailLanes } from '../math/sigmoidal'

const INV_SQRT_2_PI: f32 = 0.3989422917366028
// 2 sqrt(2/pi), that times 0.044715, and that times 3
const TANH_LINEAR: f32 = 1.595769166946411
const TANH_CUBIC: f32 = 0.0713548213243484
const TANH_CUBIC_SLOPE: f32 = 0.2140644639730453

/** Where the gate has closed (below -by) or fully opened (above): z beyond would meet it as inf x 0. */
function clamped(z: v128, by: f32): v128 {
  return f32x4.pmin(f32x4.pmax(z, f32x4.splat(-by)), f32x4.splat(by))
}

/** Where the gate has closed only: above, z itself is the value. */
function bounded(z: v128, by: f32): v128 {
  return f32x4.pmax(z, f32x4.splat(-by))
}

/** z/(1 + e^(-steepness z)), within 5.1 u, for steepness other than 1 within 5.1 + 2|steepness z|. */
export function swish(z: v128, steepness: v128): v128 {
  return f32x4.mul(bounded(z, 128), logisticLanes(f32x4.mul(z, steepness)))
}

/** Within 13.2 u, for steepness other than 1 within 13.2 + 4|steepness z|. */
export function swishSlope(z: v128, steepness: v128): v128 {
  const s = f32x4.mul(clamped(z, 128), steepness)
  const e = expMinusAbsLanes(s)
  return f32x4.add(logisticOf(s, e), f32x4.mul(s, logisticSlopeOf(e)))
}

/** z P(Z < z) for a standard normal Z, within 22.3 u. */
export function gelu(z: v128): v128 {
  const a = f32x4.pmin(f32x4.abs(z), f32x4.splat(14.5))
  return f32x4.mul(bounded(z, 14.5), normalCdf(z, a, expMinusSquareLanes(a, 0.5)))
}

/** Within 30 u. */
export function geluSlope(z: v128): v128 {
  const c = clamped(z, 14.5)
  const a = f32x4.abs(c)
  const e = expMinusSquareLanes(a, 0.5)
  return f32x4.add(normalCdf(c, a, e), f32x4.mul(c, f32x4.mul(f32x4.splat(INV_SQRT_2_PI), e)))
}

/** P(Z < z), a = |z| <= 14.6, e = e^(-z^2/2). */
function normalCdf(z: v128, a: v128, e: v128): v128 {
  const tail = f32x4.mul(e, scaledTailLanes(a))
  return v128.bitselect(f32x4.sub(f32x4.splat(1), tail), tail, f32x4.ge(z, f32x4.splat(0)))
}

/** z logistic(s), s = 2 sqrt(2/pi) (z + 0.044715 z^3), within 5.1 u + 5|s| u. */
export function geluTanh(z: v128): v128 {
  const c = clamped(z, 12)
  return f32x4.mul(bounded(z, 12), logisticLanes(tanhArgument(c, f32x4.mul(c, c))))
}

/** Within 18.2 u + 10|s| u. */
export function geluTanhSlope(z: v128): v128 {
  const c = clamped(z, 12)
  const square = f32x4.mul(c, c)
  const s = tanhArgument(c, square)
  const slope = f32x4.add(f32x4.splat(TANH_LINEAR), f32x4.mul(f32x4.splat(TANH_CUBIC_SLOPE), square))
  const e = expMinusAbsLanes(s)
  return f32x4.add(logisticOf(s, e), f32x4.mul(f32x4.mul(c, slope), logisticSlopeOf(e)))
}

function tanhArgument(z: v128, square: v128): v128 {
  return f32x4.mul(z, f32x4.add(f32x4.splat(TANH_LINEAR), f32x4.mul(f32x4.splat(TANH_CUBIC), square)))
}

/** z tanh(ln(1 + e^z)), within 11 u. */
export function mish(z: v128): v128 {
  const t = expMinusAbsLanes(z)
  const top = mishTop(z, t)
  return f32x4.mul(bounded(z, 128), f32x4.div(top, mishBottom(z, t, top)))
}

/** Within 45 u. */
export function mishSlope(z: v128): v128 {
  const c = clamped(z, 128)
  const one = f32x4.splat(1)
  const t = expMinusAbsLanes(c)
  const top = mishTop(c, t)
  const bottom = mishBottom(c, t, top)
  // 1 - tanh^2 is the square of the hyperbolic secant, 2 (1 + t) (t or 1) / bottom
  const side = v128.bitselect(t, one, f32x4.ge(c, f32x4.splat(0)))
  const sum = f32x4.add(one, t)
  const secant = f32x4.div(f32x4.mul(f32x4.add(sum, sum), side), bottom)
  return f32x4.add(f32x4.div(top, bottom), f32x4.mul(c, f32x4.mul(f32x4.mul(secant, secant), logisticOf(c, t))))
}

/** The gate is top/bottom in t = e^-|z|, all terms positive: for z >= 0 1 + 2t, below t (2 + t). */
function mishTop(z: v128, t: v128): v128 {
  const twice = f32x4.add(t, t)
  const below = f32x4.mul(t, f32x4.add(t, f32x4.splat(2)))
  return v128.bitselect(f32x4.add(f32x4.splat(1), twice), below, f32x4.ge(z, f32x4.splat(0)))
}

/** top + 2 t^2 for z >= 0, top + 2 below. */
function mishBottom(z: v128, t: v128, top: v128): v128 {
  const square = f32x4.mul(t, t)
  return f32x4.add(top, v128.bitselect(f32x4.add(square, square), f32x4.splat(2), f32x4.ge(z, f32x4.splat(0))))
}
