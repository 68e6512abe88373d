import { promoteHigh, sumLanes } from './lanes'

/** The sum of x_i y_i in f64; x, y: len f32, len a multiple of 8; element i in lane i mod 8, lanes summed at the end. */
export function dot(xPtr: usize, yPtr: usize, len: i32): f64 {
  assert(len >= 0 && (len & 7) == 0)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 32) {
    const a = v128.load(xPtr, 0)
    const b = v128.load(xPtr, 16)
    const c = v128.load(yPtr, 0)
    const d = v128.load(yPtr, 16)
    s0 = f64x2.add(s0, f64x2.mul(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(c)))
    s1 = f64x2.add(s1, f64x2.mul(promoteHigh(a), promoteHigh(c)))
    s2 = f64x2.add(s2, f64x2.mul(f64x2.promote_low_f32x4(b), f64x2.promote_low_f32x4(d)))
    s3 = f64x2.add(s3, f64x2.mul(promoteHigh(b), promoteHigh(d)))
    yPtr += 32
  }
  return sumLanes(s0, s1, s2, s3)
}
