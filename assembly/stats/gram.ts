// Gram matrices of columns in f64: the norm of a weight gradient D H^T without forming it,
// |D H^T|^2 = sum over samples b, c of (D^T D)_bc (H^T H)_bc.

import { promoteHigh, sumLanes } from './lanes'

/** Rows widened at once: two panels of them stay in the first cache level. */
const CHUNK_ROWS: i32 = 128
const left: usize = memory.data(8192, 64)
const right: usize = memory.data(8192, 64)

/**
 * gram: columns x columns f64, columns = 8 panels; its 8 x 8 blocks on and below the diagonal hold x^T x; x: panels of units x 8.
 * Each element is one sum, its rows ascending. Stream.
 */
export function gram(gramPtr: usize, xPtr: usize, units: i32, panels: i32): void {
  const panelStride = (<usize>units) << 5
  const rowStride = (<usize>panels) << 6
  memory.fill(gramPtr, 0, ((<usize>panels) << 3) * rowStride)
  for (let row = 0; row < units; row += CHUNK_ROWS) {
    const rows = min(CHUNK_ROWS, units - row)
    const chunk = xPtr + ((<usize>row) << 5)
    for (let p = 0; p < panels; p++) {
      const blocks = gramPtr + <usize>(8 * p) * rowStride
      for (let q = p; q >= 0; q--) {
        const other = q == p ? left : right
        widen(other, chunk + <usize>q * panelStride, rows)
        const block = blocks + ((<usize>q) << 6)
        addTile(block, rowStride, left, other, rows)
        if (q < p) addTile(block + 32, rowStride, left, other + 32, rows)
        addTile(block + 4 * rowStride, rowStride, left + 32, other, rows)
        addTile(block + 4 * rowStride + 32, rowStride, left + 32, other + 32, rows)
      }
    }
  }
  for (let p = 0; p < panels; p++) mirror(gramPtr + <usize>(8 * p) * rowStride + ((<usize>p) << 6), rowStride)
}

/** wide: rows x 8 f64 = x: rows x 8 f32. */
function widen(widePtr: usize, xPtr: usize, rows: i32): void {
  for (let end = xPtr + ((<usize>rows) << 5); xPtr < end; xPtr += 32) {
    const low = v128.load(xPtr, 0)
    const high = v128.load(xPtr, 16)
    v128.store(widePtr, f64x2.promote_low_f32x4(low), 0)
    v128.store(widePtr, promoteHigh(low), 16)
    v128.store(widePtr, f64x2.promote_low_f32x4(high), 32)
    v128.store(widePtr, promoteHigh(high), 48)
    widePtr += 64
  }
}

/** out: 4 x 4 f64 += a^T b; a, b: four columns of rows x 8 f64. */
function addTile(outPtr: usize, rowStride: usize, aPtr: usize, bPtr: usize, rows: i32): void {
  const out1 = outPtr + rowStride
  const out2 = out1 + rowStride
  const out3 = out2 + rowStride
  let w0 = v128.load(outPtr, 0)
  let w1 = v128.load(outPtr, 16)
  let x0 = v128.load(out1, 0)
  let x1 = v128.load(out1, 16)
  let y0 = v128.load(out2, 0)
  let y1 = v128.load(out2, 16)
  let z0 = v128.load(out3, 0)
  let z1 = v128.load(out3, 16)
  for (let end = aPtr + ((<usize>rows) << 6); aPtr < end; aPtr += 64) {
    const b0 = v128.load(bPtr, 0)
    const b1 = v128.load(bPtr, 16)
    let a = v128.load64_splat(aPtr, 0)
    w0 = f64x2.add(w0, f64x2.mul(a, b0))
    w1 = f64x2.add(w1, f64x2.mul(a, b1))
    a = v128.load64_splat(aPtr, 8)
    x0 = f64x2.add(x0, f64x2.mul(a, b0))
    x1 = f64x2.add(x1, f64x2.mul(a, b1))
    a = v128.load64_splat(aPtr, 16)
    y0 = f64x2.add(y0, f64x2.mul(a, b0))
    y1 = f64x2.add(y1, f64x2.mul(a, b1))
    a = v128.load64_splat(aPtr, 24)
    z0 = f64x2.add(z0, f64x2.mul(a, b0))
    z1 = f64x2.add(z1, f64x2.mul(a, b1))
    bPtr += 64
  }
  v128.store(outPtr, w0, 0)
  v128.store(outPtr, w1, 16)
  v128.store(out1, x0, 0)
  v128.store(out1, x1, 16)
  v128.store(out2, y0, 0)
  v128.store(out2, y1, 16)
  v128.store(out3, z0, 0)
  v128.store(out3, z1, 16)
}

/** Rows 0 .. 3 and columns 4 .. 7 of a symmetric 8 x 8 block, from the others. */
function mirror(blockPtr: usize, rowStride: usize): void {
  for (let i: usize = 0; i < 4; i++)
    for (let j: usize = 4; j < 8; j++)
      store<f64>(blockPtr + i * rowStride + (j << 3), load<f64>(blockPtr + j * rowStride + (i << 3)))
}

/** The sum over all columns of a_bc b_bc for two Gram matrices as gram() leaves them. */
export function gramInner(aPtr: usize, bPtr: usize, panels: i32): f64 {
  const rowStride = (<usize>panels) << 6
  let sum: f64 = 0
  for (let p = 0; p < panels; p++)
    for (let q = 0; q <= p; q++) {
      const block = <usize>p * 8 * rowStride + ((<usize>q) << 6)
      let part: f64 = 0
      for (let i: usize = 0; i < 8; i++) part += rowProduct(aPtr + block + i * rowStride, bPtr + block + i * rowStride)
      // a block below the diagonal stands for its transpose too
      sum += p == q ? part : 2 * part
    }
  return sum
}

function rowProduct(aPtr: usize, bPtr: usize): f64 {
  return sumLanes(
    f64x2.mul(v128.load(aPtr, 0), v128.load(bPtr, 0)),
    f64x2.mul(v128.load(aPtr, 16), v128.load(bPtr, 16)),
    f64x2.mul(v128.load(aPtr, 32), v128.load(bPtr, 32)),
    f64x2.mul(v128.load(aPtr, 48), v128.load(bPtr, 48)),
  )
}
