/** The accumulation order of the numeric contract: one accumulator per output and block of 256 k, blocks added in ascending order. Stream. */
export const K_BLOCK: i32 = 256

/** Columns of a register tile and of a panel. */
export const TILE_COLS: i32 = 8

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

  const out1 = outPtr + outStride
  const out2 = out1 + outStride
  const out3 = out2 + outStride
  if (accumulate) {
    x0 = f32x4.add(v128.load(outPtr, 0), x0)
    y0 = f32x4.add(v128.load(outPtr, 16), y0)
    x1 = f32x4.add(v128.load(out1, 0), x1)
    y1 = f32x4.add(v128.load(out1, 16), y1)
    x2 = f32x4.add(v128.load(out2, 0), x2)
    y2 = f32x4.add(v128.load(out2, 16), y2)
    x3 = f32x4.add(v128.load(out3, 0), x3)
    y3 = f32x4.add(v128.load(out3, 16), y3)
  }
  v128.store(outPtr, x0, 0)
  v128.store(outPtr, y0, 16)
  v128.store(out1, x1, 0)
  v128.store(out1, y1, 16)
  v128.store(out2, x2, 0)
  v128.store(out2, y2, 16)
  v128.store(out3, x3, 0)
  v128.store(out3, y3, 16)
}
