import { storeRows } from './store-rows'

/**
 * out: 1 x 32 in four pieces of 8 (outStride bytes apart), a: 1 x k, b: four panels of k x 8 (bStride bytes apart), k <= 256: one row
 * alone has too few accumulators to hide the latency of an addition.
 */
export function tile1x32(
  outPtr: usize,
  outStride: usize,
  aPtr: usize,
  bPtr: usize,
  bStride: usize,
  k: i32,
  accumulate: bool,
): void {
  let b0 = bPtr
  let b1 = b0 + bStride
  let b2 = b1 + bStride
  let b3 = b2 + bStride
  let x0 = f32x4.splat(0)
  let y0 = x0
  let x1 = x0
  let y1 = x0
  let x2 = x0
  let y2 = x0
  let x3 = x0
  let y3 = x0
  for (const end = aPtr + ((<usize>k) << 2); aPtr < end; aPtr += 4) {
    const a = v128.load32_splat(aPtr)
    x0 = f32x4.add(x0, f32x4.mul(a, v128.load(b0, 0)))
    y0 = f32x4.add(y0, f32x4.mul(a, v128.load(b0, 16)))
    x1 = f32x4.add(x1, f32x4.mul(a, v128.load(b1, 0)))
    y1 = f32x4.add(y1, f32x4.mul(a, v128.load(b1, 16)))
    x2 = f32x4.add(x2, f32x4.mul(a, v128.load(b2, 0)))
    y2 = f32x4.add(y2, f32x4.mul(a, v128.load(b2, 16)))
    x3 = f32x4.add(x3, f32x4.mul(a, v128.load(b3, 0)))
    y3 = f32x4.add(y3, f32x4.mul(a, v128.load(b3, 16)))
    b0 += 32
    b1 += 32
    b2 += 32
    b3 += 32
  }

  inline.always(storeRows(outPtr, outStride, 4, accumulate, x0, y0, x1, y1, x2, y2, x3, y3))
}
