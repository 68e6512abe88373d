import { storeRows } from './store-rows'

/**
 * out: rows x 8 (row stride outStride bytes), a: rows x k (row stride aStride bytes), b: k x 8, 1 <= rows <= 4, 1 <= k <= 256.
 * out = a b, or out += a b when accumulate; each output is one f32 accumulator from 0, k ascending, product and sum rounded apart.
 */
export function tile4x8(
  outPtr: usize,
  outStride: usize,
  aPtr: usize,
  aStride: usize,
  bPtr: usize,
  k: i32,
  rows: i32,
  accumulate: bool,
): void {
  // rows beyond the last repeat it: they compute and store the same numbers
  let a0 = aPtr
  let a1 = a0 + (rows > 1 ? aStride : 0)
  let a2 = a1 + (rows > 2 ? aStride : 0)
  let a3 = a2 + (rows > 3 ? aStride : 0)
  let x0 = f32x4.splat(0)
  let y0 = x0
  let x1 = x0
  let y1 = x0
  let x2 = x0
  let y2 = x0
  let x3 = x0
  let y3 = x0
  let b0 = x0
  let b1 = x0
  let a = x0
  // four steps a turn share the pointers, each a block of its own; a turn may end after any of them
  while (true) {
    b0 = v128.load(bPtr, 0)
    b1 = v128.load(bPtr, 16)
    a = v128.load32_splat(a0, 0)
    x0 = f32x4.add(x0, f32x4.mul(a, b0))
    y0 = f32x4.add(y0, f32x4.mul(a, b1))
    a = v128.load32_splat(a1, 0)
    x1 = f32x4.add(x1, f32x4.mul(a, b0))
    y1 = f32x4.add(y1, f32x4.mul(a, b1))
    a = v128.load32_splat(a2, 0)
    x2 = f32x4.add(x2, f32x4.mul(a, b0))
    y2 = f32x4.add(y2, f32x4.mul(a, b1))
    a = v128.load32_splat(a3, 0)
    x3 = f32x4.add(x3, f32x4.mul(a, b0))
    y3 = f32x4.add(y3, f32x4.mul(a, b1))
    if (k == 1) break
    b0 = v128.load(bPtr, 32)
    b1 = v128.load(bPtr, 48)
    a = v128.load32_splat(a0, 4)
    x0 = f32x4.add(x0, f32x4.mul(a, b0))
    y0 = f32x4.add(y0, f32x4.mul(a, b1))
    a = v128.load32_splat(a1, 4)
    x1 = f32x4.add(x1, f32x4.mul(a, b0))
    y1 = f32x4.add(y1, f32x4.mul(a, b1))
    a = v128.load32_splat(a2, 4)
    x2 = f32x4.add(x2, f32x4.mul(a, b0))
    y2 = f32x4.add(y2, f32x4.mul(a, b1))
    a = v128.load32_splat(a3, 4)
    x3 = f32x4.add(x3, f32x4.mul(a, b0))
    y3 = f32x4.add(y3, f32x4.mul(a, b1))
    if (k == 2) break
    b0 = v128.load(bPtr, 64)
    b1 = v128.load(bPtr, 80)
    a = v128.load32_splat(a0, 8)
    x0 = f32x4.add(x0, f32x4.mul(a, b0))
    y0 = f32x4.add(y0, f32x4.mul(a, b1))
    a = v128.load32_splat(a1, 8)
    x1 = f32x4.add(x1, f32x4.mul(a, b0))
    y1 = f32x4.add(y1, f32x4.mul(a, b1))
    a = v128.load32_splat(a2, 8)
    x2 = f32x4.add(x2, f32x4.mul(a, b0))
    y2 = f32x4.add(y2, f32x4.mul(a, b1))
    a = v128.load32_splat(a3, 8)
    x3 = f32x4.add(x3, f32x4.mul(a, b0))
    y3 = f32x4.add(y3, f32x4.mul(a, b1))
    if (k == 3) break
    b0 = v128.load(bPtr, 96)
    b1 = v128.load(bPtr, 112)
    a = v128.load32_splat(a0, 12)
    x0 = f32x4.add(x0, f32x4.mul(a, b0))
    y0 = f32x4.add(y0, f32x4.mul(a, b1))
    a = v128.load32_splat(a1, 12)
    x1 = f32x4.add(x1, f32x4.mul(a, b0))
    y1 = f32x4.add(y1, f32x4.mul(a, b1))
    a = v128.load32_splat(a2, 12)
    x2 = f32x4.add(x2, f32x4.mul(a, b0))
    y2 = f32x4.add(y2, f32x4.mul(a, b1))
    a = v128.load32_splat(a3, 12)
    x3 = f32x4.add(x3, f32x4.mul(a, b0))
    y3 = f32x4.add(y3, f32x4.mul(a, b1))
    if (k == 4) break
    k -= 4
    a0 += 16
    a1 += 16
    a2 += 16
    a3 += 16
    bPtr += 128
  }

  inline.always(storeRows(outPtr, outStride, rows, accumulate, x0, y0, x1, y1, x2, y2, x3, y3))
}
