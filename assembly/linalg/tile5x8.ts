/**
 * out: rows x 8 (row stride outStride bytes), a: rows x k (row stride aStride bytes), b: k x 8, rows <= 5, k <= 256.
 * out = a b, or out += a b when accumulate; each output is one f32 accumulator from 0, k ascending, product and sum rounded apart.
 */
export function tile5x8(
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
  let a4 = a3 + (rows > 4 ? aStride : 0)
  const out0 = outPtr
  const out1 = out0 + (rows > 1 ? outStride : 0)
  const out2 = out1 + (rows > 2 ? outStride : 0)
  const out3 = out2 + (rows > 3 ? outStride : 0)
  const out4 = out3 + (rows > 4 ? outStride : 0)

  let x0 = f32x4.splat(0)
  let y0 = x0
  let x1 = x0
  let y1 = x0
  let x2 = x0
  let y2 = x0
  let x3 = x0
  let y3 = x0
  let x4 = x0
  let y4 = x0
  for (const end = bPtr + ((<usize>k) << 5); bPtr < end; bPtr += 32) {
    const bx = v128.load(bPtr, 0)
    const by = v128.load(bPtr, 16)
    let a = v128.load32_splat(a0)
    x0 = f32x4.add(x0, f32x4.mul(a, bx))
    y0 = f32x4.add(y0, f32x4.mul(a, by))
    a = v128.load32_splat(a1)
    x1 = f32x4.add(x1, f32x4.mul(a, bx))
    y1 = f32x4.add(y1, f32x4.mul(a, by))
    a = v128.load32_splat(a2)
    x2 = f32x4.add(x2, f32x4.mul(a, bx))
    y2 = f32x4.add(y2, f32x4.mul(a, by))
    a = v128.load32_splat(a3)
    x3 = f32x4.add(x3, f32x4.mul(a, bx))
    y3 = f32x4.add(y3, f32x4.mul(a, by))
    a = v128.load32_splat(a4)
    x4 = f32x4.add(x4, f32x4.mul(a, bx))
    y4 = f32x4.add(y4, f32x4.mul(a, by))
    a0 += 4
    a1 += 4
    a2 += 4
    a3 += 4
    a4 += 4
  }

  if (accumulate) {
    // all loads come before all stores: repeated rows must not be added twice
    x0 = f32x4.add(v128.load(out0, 0), x0)
    y0 = f32x4.add(v128.load(out0, 16), y0)
    x1 = f32x4.add(v128.load(out1, 0), x1)
    y1 = f32x4.add(v128.load(out1, 16), y1)
    x2 = f32x4.add(v128.load(out2, 0), x2)
    y2 = f32x4.add(v128.load(out2, 16), y2)
    x3 = f32x4.add(v128.load(out3, 0), x3)
    y3 = f32x4.add(v128.load(out3, 16), y3)
    x4 = f32x4.add(v128.load(out4, 0), x4)
    y4 = f32x4.add(v128.load(out4, 16), y4)
  }
  v128.store(out0, x0, 0)
  v128.store(out0, y0, 16)
  v128.store(out1, x1, 0)
  v128.store(out1, y1, 16)
  v128.store(out2, x2, 0)
  v128.store(out2, y2, 16)
  v128.store(out3, x3, 0)
  v128.store(out3, y3, 16)
  v128.store(out4, x4, 0)
  v128.store(out4, y4, 16)
}
