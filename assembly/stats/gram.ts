// Gram matrices of columns in f64: the norm of a weight gradient D H^T without forming it,
// |D H^T|^2 = sum over samples b, c of (D^T D)_bc (H^T H)_bc.

import { promoteHigh, sumLanes } from './lanes'

/** gram: columns x columns f64, columns = 8 panels; its 8 x 8 blocks on and below the diagonal hold x^T x; x: panels of units x 8. */
export function gram(gramPtr: usize, xPtr: usize, units: i32, panels: i32): void {
  const panelStride = (<usize>units) << 5
  const rowStride = (<usize>panels) << 6
  for (let p = 0; p < panels; p++)
    for (let q = 0; q <= p; q++)
      for (let i = 0; i < 8; i += 2)
        twoRows(
          gramPtr + <usize>(8 * p + i) * rowStride + ((<usize>q) << 6),
          rowStride,
          xPtr + <usize>p * panelStride + ((<usize>i) << 2),
          xPtr + <usize>q * panelStride,
          units,
        )
}

/** Rows i and i + 1 of one block; a: column i of its row panel, b: its column panel. */
function twoRows(outPtr: usize, rowStride: usize, aPtr: usize, bPtr: usize, units: i32): void {
  let x0 = f64x2.splat(0)
  let x1 = x0
  let x2 = x0
  let x3 = x0
  let y0 = x0
  let y1 = x0
  let y2 = x0
  let y3 = x0
  for (let end = bPtr + ((<usize>units) << 5); bPtr < end; bPtr += 32) {
    const low = v128.load(bPtr, 0)
    const high = v128.load(bPtr, 16)
    const b0 = f64x2.promote_low_f32x4(low)
    const b1 = promoteHigh(low)
    const b2 = f64x2.promote_low_f32x4(high)
    const b3 = promoteHigh(high)
    let a = f64x2.splat(<f64>load<f32>(aPtr, 0))
    x0 = f64x2.add(x0, f64x2.mul(a, b0))
    x1 = f64x2.add(x1, f64x2.mul(a, b1))
    x2 = f64x2.add(x2, f64x2.mul(a, b2))
    x3 = f64x2.add(x3, f64x2.mul(a, b3))
    a = f64x2.splat(<f64>load<f32>(aPtr, 4))
    y0 = f64x2.add(y0, f64x2.mul(a, b0))
    y1 = f64x2.add(y1, f64x2.mul(a, b1))
    y2 = f64x2.add(y2, f64x2.mul(a, b2))
    y3 = f64x2.add(y3, f64x2.mul(a, b3))
    aPtr += 32
  }
  v128.store(outPtr, x0, 0)
  v128.store(outPtr, x1, 16)
  v128.store(outPtr, x2, 32)
  v128.store(outPtr, x3, 48)
  v128.store(outPtr + rowStride, y0, 0)
  v128.store(outPtr + rowStride, y1, 16)
  v128.store(outPtr + rowStride, y2, 32)
  v128.store(outPtr + rowStride, y3, 48)
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
