// e^x and its kin in four lanes of f32. x = n ln 2 + r, |r| <= ln(2)/2, e^x = 2^n (1 + (r + r^2 q(r))).
// Bounds are relative, in u = 2^-24, the largest relative error of one rounding; below 2^-126 add 2^-149.

import { constant, cubic, quartic } from './polynomial'

// adding it to |v| < 2^22 leaves round(v) in the low bits
const ROUNDER: f32 = 12582912
const LOG2_E: f32 = 1.4426950216293335
// ln 2 in two parts, the first of 15 bits: n times it is exact
const LN2_HIGH: f32 = 0.693145751953125
const LN2_LOW: f32 = 1.428606765330187e-6
// e^x is 0 below and infinite above
const LOWEST: f32 = -105
const HIGHEST: f32 = 89
// e^x - 1 is -1 below
const LOWEST_EXPM1: f32 = -40

const table: usize = memory.data<f32>([ROUNDER, LOG2_E, LN2_HIGH, LN2_LOW, LOWEST, HIGHEST, LOWEST_EXPM1, 1, 2], 16)
const ONE: usize = 28
const TWO: usize = 32

// the bias of exponents, the upper 12 bits of a significand with sign and exponent
const integers: usize = memory.data<i32>([127, 0xfffff000], 16)

// (e^r - 1 - r) / r^2: relative error of e^r - 1 below 2^-25.9
const remainderTable: usize = memory.data<f32>(
  [0.5, 0.16666534543037415, 0.041666388511657715, 0.008367767557501793, 0.0013942174846306443],
  16,
)

// (ln(1 + y) - 2u) / u^3 in u^2, u = y / (2 + y) in [0, 1/3]: relative error of ln(1 + y) 2^-27.7
const logarithmTable: usize = memory.data<f32>(
  [0.6666641235351562, 0.4002175033092499, 0.2799821197986603, 0.2802942991256714],
  16,
)

/** e^x, within 2.1 u. */
export function expLanes(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, constant(table + 16)), constant(table + 20))
  const rounded = rounder(clamped)
  return inline.always(power(rounded, remainder(clamped, rounded)))
}

/** e^x - 1 for x <= 0, within 2.5 u. */
export function expm1Lanes(x: v128): v128 {
  const clamped = f32x4.pmax(x, constant(table + 24))
  const rounded = rounder(clamped)
  const scale = powerOfTwo(integer(rounded))
  const small = inline.always(expm1Remainder(remainder(clamped, rounded)))
  return f32x4.add(f32x4.mul(scale, small), f32x4.sub(scale, constant(table + ONE)))
}

/** e^(-by x^2) for by = 1/2 or 1 and by x^2 <= 106, within 2.5 u: the square keeps the bits that rounding it would lose. */
export function expMinusSquareLanes(x: v128, by: f32): v128 {
  const minus = f32x4.splat(-by)
  // the upper 12 bits of x: their square is exact
  const head = v128.and(x, constant(integers + 4))
  const high = f32x4.mul(minus, f32x4.mul(head, head))
  const low = f32x4.mul(minus, f32x4.mul(f32x4.sub(x, head), f32x4.add(x, head)))
  const rounded = rounder(f32x4.add(high, low))
  return inline.always(power(rounded, f32x4.add(remainder(high, rounded), low)))
}

/** ln(1 + y) for y in [0, 1], within 3.5 u. */
export function log1pLanes(y: v128): v128 {
  const u = f32x4.div(y, f32x4.add(y, constant(table + TWO)))
  const square = f32x4.mul(u, u)
  const rest = f32x4.mul(f32x4.mul(u, square), cubic(square, logarithmTable))
  return f32x4.add(f32x4.add(u, u), rest)
}

/** A number whose low bits are n = round(x / ln 2). */
function rounder(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, constant(table + 4)), constant(table))
}

function integer(rounded: v128): v128 {
  return i32x4.sub(rounded, constant(table))
}

/** x - n ln 2. */
function remainder(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, constant(table))
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, constant(table + 8))), f32x4.mul(n, constant(table + 12)))
}

/** e^r - 1. */
function expm1Remainder(r: v128): v128 {
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), inline.always(quartic(r, remainderTable))))
}

/** 2^n e^r, by two factors as 2^n itself may be out of range. */
function power(rounded: v128, r: v128): v128 {
  const n = integer(rounded)
  const half = i32x4.shr_s(n, 1)
  const mantissa = f32x4.add(constant(table + ONE), inline.always(expm1Remainder(r)))
  return f32x4.mul(f32x4.mul(mantissa, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)))
}

function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, constant(integers)), 23)
}
