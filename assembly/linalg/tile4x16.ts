import { storeRows } from './store-rows'

/**
 * tile4x8 over two panels at once, outPanelStride and bStride bytes apart: rows x 16 of out. Its sixteen accumulators are eight registers
 * where an engine fuses adjacent halves to 256 bits, and spill where it does not; the bits are those of two calls of tile4x8.
 */
export function tile4x16(
  outPtr: usize,
  outStride: usize,
  outPanelStride: usize,
  aPtr: usize,
  aStride: usize,
  bPtr: usize,
  bStride: usize,
  k: i32,
  rows: i32,
  accumulate: bool,
): void {
  let a0 = aPtr
  let a1 = a0 + (rows > 1 ? aStride : 0)
  let a2 = a1 + (rows > 2 ? aStride : 0)
  let a3 = a2 + (rows > 3 ? aStride : 0)
  let c = bPtr + bStride
  let w0 = f32x4.splat(0)
  let x0 = w0
  let y0 = w0
  let z0 = w0
  let w1 = w0
  let x1 = w0
  let y1 = w0
  let z1 = w0
  let w2 = w0
  let x2 = w0
  let y2 = w0
  let z2 = w0
  let w3 = w0
  let x3 = w0
  let y3 = w0
  let z3 = w0
  let b0 = w0
  let b1 = w0
  let c0 = w0
  let c1 = w0
  let a = w0
  while (k >= 4) {
    b0 = v128.load(bPtr, 0)
    b1 = v128.load(bPtr, 16)
    c0 = v128.load(c, 0)
    c1 = v128.load(c, 16)
    a = v128.load32_splat(a0, 0)
    w0 = f32x4.add(w0, f32x4.mul(a, b0))
    x0 = f32x4.add(x0, f32x4.mul(a, b1))
    y0 = f32x4.add(y0, f32x4.mul(a, c0))
    z0 = f32x4.add(z0, f32x4.mul(a, c1))
    a = v128.load32_splat(a1, 0)
    w1 = f32x4.add(w1, f32x4.mul(a, b0))
    x1 = f32x4.add(x1, f32x4.mul(a, b1))
    y1 = f32x4.add(y1, f32x4.mul(a, c0))
    z1 = f32x4.add(z1, f32x4.mul(a, c1))
    a = v128.load32_splat(a2, 0)
    w2 = f32x4.add(w2, f32x4.mul(a, b0))
    x2 = f32x4.add(x2, f32x4.mul(a, b1))
    y2 = f32x4.add(y2, f32x4.mul(a, c0))
    z2 = f32x4.add(z2, f32x4.mul(a, c1))
    a = v128.load32_splat(a3, 0)
    w3 = f32x4.add(w3, f32x4.mul(a, b0))
    x3 = f32x4.add(x3, f32x4.mul(a, b1))
    y3 = f32x4.add(y3, f32x4.mul(a, c0))
    z3 = f32x4.add(z3, f32x4.mul(a, c1))
    b0 = v128.load(bPtr, 32)
    b1 = v128.load(bPtr, 48)
    c0 = v128.load(c, 32)
    c1 = v128.load(c, 48)
    a = v128.load32_splat(a0, 4)
    w0 = f32x4.add(w0, f32x4.mul(a, b0))
    x0 = f32x4.add(x0, f32x4.mul(a, b1))
    y0 = f32x4.add(y0, f32x4.mul(a, c0))
    z0 = f32x4.add(z0, f32x4.mul(a, c1))
    a = v128.load32_splat(a1, 4)
    w1 = f32x4.add(w1, f32x4.mul(a, b0))
    x1 = f32x4.add(x1, f32x4.mul(a, b1))
    y1 = f32x4.add(y1, f32x4.mul(a, c0))
    z1 = f32x4.add(z1, f32x4.mul(a, c1))
    a = v128.load32_splat(a2, 4)
    w2 = f32x4.add(w2, f32x4.mul(a, b0))
    x2 = f32x4.add(x2, f32x4.mul(a, b1))
    y2 = f32x4.add(y2, f32x4.mul(a, c0))
    z2 = f32x4.add(z2, f32x4.mul(a, c1))
    a = v128.load32_splat(a3, 4)
    w3 = f32x4.add(w3, f32x4.mul(a, b0))
    x3 = f32x4.add(x3, f32x4.mul(a, b1))
    y3 = f32x4.add(y3, f32x4.mul(a, c0))
    z3 = f32x4.add(z3, f32x4.mul(a, c1))
    b0 = v128.load(bPtr, 64)
    b1 = v128.load(bPtr, 80)
    c0 = v128.load(c, 64)
    c1 = v128.load(c, 80)
    a = v128.load32_splat(a0, 8)
    w0 = f32x4.add(w0, f32x4.mul(a, b0))
    x0 = f32x4.add(x0, f32x4.mul(a, b1))
    y0 = f32x4.add(y0, f32x4.mul(a, c0))
    z0 = f32x4.add(z0, f32x4.mul(a, c1))
    a = v128.load32_splat(a1, 8)
    w1 = f32x4.add(w1, f32x4.mul(a, b0))
    x1 = f32x4.add(x1, f32x4.mul(a, b1))
    y1 = f32x4.add(y1, f32x4.mul(a, c0))
    z1 = f32x4.add(z1, f32x4.mul(a, c1))
    a = v128.load32_splat(a2, 8)
    w2 = f32x4.add(w2, f32x4.mul(a, b0))
    x2 = f32x4.add(x2, f32x4.mul(a, b1))
    y2 = f32x4.add(y2, f32x4.mul(a, c0))
    z2 = f32x4.add(z2, f32x4.mul(a, c1))
    a = v128.load32_splat(a3, 8)
    w3 = f32x4.add(w3, f32x4.mul(a, b0))
    x3 = f32x4.add(x3, f32x4.mul(a, b1))
    y3 = f32x4.add(y3, f32x4.mul(a, c0))
    z3 = f32x4.add(z3, f32x4.mul(a, c1))
    b0 = v128.load(bPtr, 96)
    b1 = v128.load(bPtr, 112)
    c0 = v128.load(c, 96)
    c1 = v128.load(c, 112)
    a = v128.load32_splat(a0, 12)
    w0 = f32x4.add(w0, f32x4.mul(a, b0))
    x0 = f32x4.add(x0, f32x4.mul(a, b1))
    y0 = f32x4.add(y0, f32x4.mul(a, c0))
    z0 = f32x4.add(z0, f32x4.mul(a, c1))
    a = v128.load32_splat(a1, 12)
    w1 = f32x4.add(w1, f32x4.mul(a, b0))
    x1 = f32x4.add(x1, f32x4.mul(a, b1))
    y1 = f32x4.add(y1, f32x4.mul(a, c0))
    z1 = f32x4.add(z1, f32x4.mul(a, c1))
    a = v128.load32_splat(a2, 12)
    w2 = f32x4.add(w2, f32x4.mul(a, b0))
    x2 = f32x4.add(x2, f32x4.mul(a, b1))
    y2 = f32x4.add(y2, f32x4.mul(a, c0))
    z2 = f32x4.add(z2, f32x4.mul(a, c1))
    a = v128.load32_splat(a3, 12)
    w3 = f32x4.add(w3, f32x4.mul(a, b0))
    x3 = f32x4.add(x3, f32x4.mul(a, b1))
    y3 = f32x4.add(y3, f32x4.mul(a, c0))
    z3 = f32x4.add(z3, f32x4.mul(a, c1))
    k -= 4
    a0 += 16
    a1 += 16
    a2 += 16
    a3 += 16
    bPtr += 128
    c += 128
  }
  while (k > 0) {
    b0 = v128.load(bPtr, 0)
    b1 = v128.load(bPtr, 16)
    c0 = v128.load(c, 0)
    c1 = v128.load(c, 16)
    a = v128.load32_splat(a0, 0)
    w0 = f32x4.add(w0, f32x4.mul(a, b0))
    x0 = f32x4.add(x0, f32x4.mul(a, b1))
    y0 = f32x4.add(y0, f32x4.mul(a, c0))
    z0 = f32x4.add(z0, f32x4.mul(a, c1))
    a = v128.load32_splat(a1, 0)
    w1 = f32x4.add(w1, f32x4.mul(a, b0))
    x1 = f32x4.add(x1, f32x4.mul(a, b1))
    y1 = f32x4.add(y1, f32x4.mul(a, c0))
    z1 = f32x4.add(z1, f32x4.mul(a, c1))
    a = v128.load32_splat(a2, 0)
    w2 = f32x4.add(w2, f32x4.mul(a, b0))
    x2 = f32x4.add(x2, f32x4.mul(a, b1))
    y2 = f32x4.add(y2, f32x4.mul(a, c0))
    z2 = f32x4.add(z2, f32x4.mul(a, c1))
    a = v128.load32_splat(a3, 0)
    w3 = f32x4.add(w3, f32x4.mul(a, b0))
    x3 = f32x4.add(x3, f32x4.mul(a, b1))
    y3 = f32x4.add(y3, f32x4.mul(a, c0))
    z3 = f32x4.add(z3, f32x4.mul(a, c1))
    k -= 1
    a0 += 4
    a1 += 4
    a2 += 4
    a3 += 4
    bPtr += 32
    c += 32
  }

  inline.always(storeRows(outPtr, outStride, rows, accumulate, w0, x0, w1, x1, w2, x2, w3, x3))
  const next = outPtr + outPanelStride
  inline.always(storeRows(next, outStride, rows, accumulate, y0, z0, y1, z1, y2, z2, y3, z3))
}
