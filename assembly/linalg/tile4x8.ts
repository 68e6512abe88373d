/**
 * tile5x8 with rows <= 4: where the rows of a product do not come in fives.
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
  let a0 = aPtr
  let a1 = a0 + (rows > 1 ? aStride : 0)
  let a2 = a1 + (rows > 2 ? aStride : 0)
  let a3 = a2 + (rows > 3 ? aStride : 0)
  const out0 = outPtr
  const out1 = out0 + (rows > 1 ? outStride : 0)
  const out2 = out1 + (rows > 2 ? outStride : 0)
  const out3 = out2 + (rows > 3 ? outStride : 0)

  let x0 = f32x4.splat(0)
  let y0 = x0
  let x1 = x0
  let y1 = x0
  let x2 = x0
  let y2 = x0
  let x3 = x0
  let y3 = x0
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
    a0 += 4
    a1 += 4
    a2 += 4
    a3 += 4
  }

  if (accumulate) {
    x0 = f32x4.add(v128.load(out0, 0), x0)
    y0 = f32x4.add(v128.load(out0, 16), y0)
    x1 = f32x4.add(v128.load(out1, 0), x1)
    y1 = f32x4.add(v128.load(out1, 16), y1)
    x2 = f32x4.add(v128.load(out2, 0), x2)
    y2 = f32x4.add(v128.load(out2, 16), y2)
    x3 = f32x4.add(v128.load(out3, 0), x3)
    y3 = f32x4.add(v128.load(out3, 16), y3)
  }
  v128.store(out0, x0, 0)
  v128.store(out0, y0, 16)
  v128.store(out1, x1, 0)
  v128.store(out1, y1, 16)
  v128.store(out2, x2, 0)
  v128.store(out2, y2, 16)
  v128.store(out3, x3, 0)
  v128.store(out3, y3, 16)
}
