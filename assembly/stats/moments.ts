// Sums are taken in f64 over a fixed tree: chunks of 4096 elements in ascending order; in a chunk, element i goes to lane
// i mod 8, the lanes are summed as ((0+4)+(2+6)) + ((1+5)+(3+7)), and the elements beyond the last whole eight follow one
// by one. Stream: the tree.

import { promoteHigh, sumLanes } from './lanes'

const CHUNK: i32 = 4096

let sum: f64 = 0
let squares: f64 = 0
let zeros: f64 = 0

/** result: f64 sum, sum of squares and count of zeros of x: len f32. NaN in x shows in the sums. */
export function moments(resultPtr: usize, xPtr: usize, len: i32): void {
  assert(len >= 0)
  sum = 0
  squares = 0
  zeros = 0
  for (let at = 0; at < len; at += CHUNK) {
    const chunkLen = min(CHUNK, len - at)
    const whole = chunkLen & ~7
    eights(xPtr, whole)
    xPtr += (<usize>whole) << 2
    for (let i = whole; i < chunkLen; i++) {
      const x = <f64>load<f32>(xPtr)
      sum += x
      squares += x * x
      zeros += x == 0 ? 1 : 0
      xPtr += 4
    }
  }
  store<f64>(resultPtr, sum, 0)
  store<f64>(resultPtr, squares, 8)
  store<f64>(resultPtr, zeros, 16)
}

/** Adds the sums of x: len f32, len a multiple of 8. */
function eights(xPtr: usize, len: i32): void {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let q0 = s0
  let q1 = s0
  let q2 = s0
  let q3 = s0
  let count = i32x4.splat(0)
  const zero = f32x4.splat(0)
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 32) {
    // one vector after the other: with all widened first, the registers would not do
    let x = v128.load(xPtr, 0)
    count = i32x4.sub(count, f32x4.eq(x, zero))
    let y = f64x2.promote_low_f32x4(x)
    s0 = f64x2.add(s0, y)
    q0 = f64x2.add(q0, f64x2.mul(y, y))
    y = f64x2.promote_low_f32x4(v128.load64_zero(xPtr, 8))
    s1 = f64x2.add(s1, y)
    q1 = f64x2.add(q1, f64x2.mul(y, y))
    x = v128.load(xPtr, 16)
    count = i32x4.sub(count, f32x4.eq(x, zero))
    y = f64x2.promote_low_f32x4(x)
    s2 = f64x2.add(s2, y)
    q2 = f64x2.add(q2, f64x2.mul(y, y))
    y = f64x2.promote_low_f32x4(v128.load64_zero(xPtr, 24))
    s3 = f64x2.add(s3, y)
    q3 = f64x2.add(q3, f64x2.mul(y, y))
  }
  sum += sumLanes(s0, s1, s2, s3)
  squares += sumLanes(q0, q1, q2, q3)
  zeros += <f64>(
    (i32x4.extract_lane(count, 0) +
      i32x4.extract_lane(count, 1) +
      i32x4.extract_lane(count, 2) +
      i32x4.extract_lane(count, 3))
  )
}
