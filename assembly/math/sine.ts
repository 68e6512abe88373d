// Sine and cosine in four lanes of f32, within 3.1 u (u = 2^-24) of the exact value for every finite x. x = n pi/2 + r is reduced in f64, where n times the first 25 bits of pi/2 is exact,
// and of a huge x in integers.

import { quadratic } from './polynomial'

/** Beyond it lanes are reduced one by one, in integers. */
const REACH: f32 = 1048576

const INV_HALF_PI: f64 = 0.6366197723675814
// pi/2 in two parts, the first of 25 bits
const HALF_PI_HIGH: f64 = 1.5707963109016418
const HALF_PI_LOW: f64 = 1.5893254773528196e-8
// 2/pi from its bit of weight 2^4 on, as words from the highest bits down
const twoOverPi: usize = memory.data<u64>(
  [0x0517cc1b727220a9, 0x4fe13abe8fa9a6ee, 0x06db14acc9e21c82, 0x0ff28b1d5ef5de2b],
  16,
)
// pi/2 2^-62
const HALF_PI_62: f64 = 3.4061215800865545e-19
// adding it to |v| < 2^51 leaves round(v) in the low bits
const ROUNDER: f64 = 6755399441055744

// (sin r - r) / r^3 in r^2, |r| <= pi/4: relative error of the sine below 2^-27
const sineTable: usize = memory.data<f32>([-0.16666655242443085, 0.008332191966474056, -0.0001951878803083673], 16)
// (cos r - 1 + r^2/2) / r^4 in r^2, |r| <= pi/4: error of the cosine 2^-33
const cosineTable: usize = memory.data<f32>([0.04166664555668831, -0.00138873013202101, 2.4430670237052254e-5], 16)

/** sin x; NaN for infinite x. */
export function sinLanes(x: v128): v128 {
  return turnedSine(x, 0)
}

/** cos x; NaN for infinite x. */
export function cosLanes(x: v128): v128 {
  return turnedSine(x, 1)
}

/** sin(x + quarters pi/2), quarters 0 or 1. */
function turnedSine(x: v128, quarters: i32): v128 {
  const near = nearSine(x, quarters)
  const far = f32x4.gt(f32x4.abs(x), f32x4.splat(REACH))
  // each lane by itself: its bits must not depend on its neighbours
  return v128.any_true(far) ? v128.bitselect(farSine(x, quarters), near, far) : near
}

function farSine(x: v128, quarters: i32): v128 {
  const first = f32x4.splat(farLane(f32x4.extract_lane(x, 0), quarters))
  const second = f32x4.replace_lane(first, 1, farLane(f32x4.extract_lane(x, 1), quarters))
  const third = f32x4.replace_lane(second, 2, farLane(f32x4.extract_lane(x, 2), quarters))
  return f32x4.replace_lane(third, 3, farLane(f32x4.extract_lane(x, 3), quarters))
}

/**
 * x = M 2^e, M an integer of 24 bits: of 2^e 2/pi, modulo 4 quadrants, 96 bits are taken, so that M times them is right to 2^-61 of a
 * quadrant, where no f32 comes nearer than 2^-31 to a whole one.
 */
function farLane(x: f32, quarters: i32): f32 {
  const bits = reinterpret<u32>(x)
  const biased = <i32>(bits >> 23) & 255
  if (biased == 255) return NaN
  const significand = <u64>((bits & 0x7fffff) | 0x800000)
  // x is at least 2^20: e + 3 is at least 0
  const at = biased - 147
  const high = word(at)
  const low = word(at + 64)
  const quadrants = significand * high + ((significand * (low >> 32)) >> 32)
  const n = <i32>((quadrants + (1 << 61)) >> 62)
  const r = <f32>(<f64>(<i64>(quadrants - ((<u64>n) << 62))) * HALF_PI_62)
  const negative = <i32>bits < 0
  return f32x4.extract_lane(inQuadrant(f32x4.splat(negative ? -r : r), i32x4.splat((negative ? -n : n) + quarters)), 0)
}

/** 64 bits of 2/pi from bit `at` of the table on, at < 192. */
function word(at: i32): u64 {
  const from = twoOverPi + ((<usize>(at >> 6)) << 3)
  const shift = <u64>(at & 63)
  const first = load<u64>(from) << shift
  return shift == 0 ? first : first | (load<u64>(from, 8) >> (64 - shift))
}

function nearSine(x: v128, quarters: i32): v128 {
  const low = f64x2.promote_low_f32x4(x)
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3))
  const nLow = rounder(low)
  const nHigh = rounder(high)
  const r = v128.shuffle<f32>(
    f32x4.demote_f64x2_zero(remainder(low, nLow)),
    f32x4.demote_f64x2_zero(remainder(high, nHigh)),
    0,
    1,
    4,
    5,
  )
  return inQuadrant(r, i32x4.add(v128.shuffle<i32>(nLow, nHigh, 0, 2, 4, 6), i32x4.splat(quarters)))
}

/** sin(quadrant pi/2 + r). */
function inQuadrant(r: v128, quadrant: v128): v128 {
  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31)
  const sign = i32x4.shl(i32x4.shr_u(quadrant, 1), 31)
  return v128.xor(v128.bitselect(cosine(r), sine(r), odd), sign)
}

function rounder(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(INV_HALF_PI)), f64x2.splat(ROUNDER))
}

/** x - n pi/2. */
function remainder(x: v128, rounded: v128): v128 {
  const n = f64x2.sub(rounded, f64x2.splat(ROUNDER))
  return f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(HALF_PI_HIGH))), f64x2.mul(n, f64x2.splat(HALF_PI_LOW)))
}

/** |r| <= pi/4. */
function sine(r: v128): v128 {
  const square = f32x4.mul(r, r)
  return f32x4.add(r, f32x4.mul(r, f32x4.mul(square, quadratic(square, sineTable))))
}

/** |r| <= pi/4. */
function cosine(r: v128): v128 {
  const square = f32x4.mul(r, r)
  const start = f32x4.sub(f32x4.splat(1), f32x4.mul(square, f32x4.splat(0.5)))
  return f32x4.add(start, f32x4.mul(f32x4.mul(square, square), quadratic(square, cosineTable)))
}
