/** Rows of a register tile. */
export const TILE_ROWS: i32 = 4

/** out: rows x 8 (row stride outStride bytes) = the tile x0 y0; ..; x3 y3 of four rows, or out += it when accumulate. Rows beyond the last hold what it does. */
export function storeRows(
  outPtr: usize,
  outStride: usize,
  rows: i32,
  accumulate: bool,
  x0: v128,
  y0: v128,
  x1: v128,
  y1: v128,
  x2: v128,
  y2: v128,
  x3: v128,
  y3: v128,
): void {
  const out1 = outPtr + (rows > 1 ? outStride : 0)
  const out2 = out1 + (rows > 2 ? outStride : 0)
  const out3 = out2 + (rows > 3 ? outStride : 0)
  if (accumulate) {
    // all loads come before all stores: repeated rows must not be added twice
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
