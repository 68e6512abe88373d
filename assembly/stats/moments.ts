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
    const a = v128.load(xPtr, 0)
    const b = v128.load(xPtr, 16)
    const x0 = f64x2.promote_low_f32x4(a)
    const x1 = promoteHigh(a)
    const x2 = f64x2.promote_low_f32x4(b)
    const x3 = promoteHigh(b)
    s0 = f64x2.add(s0, x0)
    s1 = f64x2.add(s1, x1)
    s2 = f64x2.add(s2, x2)
    s3 = f64x2.add(s3, x3)
    q0 = f64x2.add(q0, f64x2.mul(x0, x0))
    q1 = f64x2.add(q1, f64x2.mul(x1, x1))
    q2 = f64x2.add(q2, f64x2.mul(x2, x2))
    q3 = f64x2.add(q3, f64x2.mul(x3, x3))
    count = i32x4.sub(i32x4.sub(count, f32x4.eq(a, zero)), f32x4.eq(b, zero))
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
