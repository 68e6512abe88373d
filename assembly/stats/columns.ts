// Statistics of activations in panels (linalg/panels.ts): h is units x batch, one column a sample.
// Each column's sums run over the units in ascending order, in one f64 accumulator.

import { promoteHigh, sumLanes } from './lanes'

/** Bytes that columnMoments writes for one panel: sums, squares and zeros of 8 columns, f64. */
export const COLUMN_MOMENTS_BYTES: usize = 192

/** result: for each panel f64 sums[8], squares[8], zeros[8]; h: panels of units x 8. */
export function columnMoments(resultPtr: usize, hPtr: usize, units: i32, panels: i32): void {
  for (let p = 0; p < panels; p++) {
    panelMoments(resultPtr, hPtr, units)
    resultPtr += COLUMN_MOMENTS_BYTES
    hPtr += (<usize>units) << 5
  }
}

function panelMoments(resultPtr: usize, hPtr: usize, units: i32): void {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let q0 = s0
  let q1 = s0
  let q2 = s0
  let q3 = s0
  let zeroA = i32x4.splat(0)
  let zeroB = zeroA
  const zero = f32x4.splat(0)
  for (let end = hPtr + ((<usize>units) << 5); hPtr < end; hPtr += 32) {
    // one vector after the other: with all widened first, the registers would not do
    let x = v128.load(hPtr, 0)
    zeroA = i32x4.sub(zeroA, f32x4.eq(x, zero))
    let y = f64x2.promote_low_f32x4(x)
    s0 = f64x2.add(s0, y)
    q0 = f64x2.add(q0, f64x2.mul(y, y))
    y = f64x2.promote_low_f32x4(v128.load64_zero(hPtr, 8))
    s1 = f64x2.add(s1, y)
    q1 = f64x2.add(q1, f64x2.mul(y, y))
    x = v128.load(hPtr, 16)
    zeroB = i32x4.sub(zeroB, f32x4.eq(x, zero))
    y = f64x2.promote_low_f32x4(x)
    s2 = f64x2.add(s2, y)
    q2 = f64x2.add(q2, f64x2.mul(y, y))
    y = f64x2.promote_low_f32x4(v128.load64_zero(hPtr, 24))
    s3 = f64x2.add(s3, y)
    q3 = f64x2.add(q3, f64x2.mul(y, y))
  }
  v128.store(resultPtr, s0, 0)
  v128.store(resultPtr, s1, 16)
  v128.store(resultPtr, s2, 32)
  v128.store(resultPtr, s3, 48)
  v128.store(resultPtr, q0, 64)
  v128.store(resultPtr, q1, 80)
  v128.store(resultPtr, q2, 96)
  v128.store(resultPtr, q3, 112)
  v128.store(resultPtr, f64x2.convert_low_i32x4_s(zeroA), 128)
  v128.store(resultPtr, f64x2.convert_low_i32x4_s(v128.shuffle<i32>(zeroA, zeroA, 2, 3, 2, 3)), 144)
  v128.store(resultPtr, f64x2.convert_low_i32x4_s(zeroB), 160)
  v128.store(resultPtr, f64x2.convert_low_i32x4_s(v128.shuffle<i32>(zeroB, zeroB, 2, 3, 2, 3)), 176)
}

/**
 * |sum over columns of weight_b h_b|^2, h: panels of units x 8, weights: f64, one a column.
 * With weights 1/|h_b| the mean cosine over pairs of B columns is (result - B) / (B (B - 1)), in O(units B).
 */
export function weightedColumnNorm(hPtr: usize, units: i32, panels: i32, weightsPtr: usize): f64 {
  const panelStride = (<usize>units) << 5
  let squares: f64 = 0
  for (let i = 0; i < units; i++) {
    let sum: f64 = 0
    let h = hPtr
    let w = weightsPtr
    for (let p = 0; p < panels; p++) {
      const a = v128.load(h, 0)
      const b = v128.load(h, 16)
      sum += sumLanes(
        f64x2.mul(f64x2.promote_low_f32x4(a), v128.load(w, 0)),
        f64x2.mul(promoteHigh(a), v128.load(w, 16)),
        f64x2.mul(f64x2.promote_low_f32x4(b), v128.load(w, 32)),
        f64x2.mul(promoteHigh(b), v128.load(w, 48)),
      )
      h += panelStride
      w += 64
    }
    squares += sum * sum
    hPtr += 32
  }
  return squares
}

/** The number of units that are 0 in every column; h: panels of units x 8, columns beyond the batch repeating one of it. */
export function deadUnits(hPtr: usize, units: i32, panels: i32): i32 {
  const panelStride = (<usize>units) << 5
  let dead = 0
  for (let i = 0; i < units; i++) {
    // no branch on what one panel holds: in it a unit may well be dead
    let none = isZero(hPtr)
    for (let p = 1; p < panels && none; p++) none = isZero(hPtr + <usize>p * panelStride)
    dead += i32(none)
    hPtr += 32
  }
  return dead
}

function isZero(hPtr: usize): bool {
  const zero = f32x4.splat(0)
  return !v128.any_true(v128.or(f32x4.ne(v128.load(hPtr, 0), zero), f32x4.ne(v128.load(hPtr, 16), zero)))
}

/** Four tables of 256 counts, taken in turn: an increment waits for the last one of its own table only. */
const turns: usize = memory.data(4096, 16)

/** counts: 256 i32, the number of h of each binary exponent (biased; 0: zeros and subnormals); the first `batch` columns. */
export function exponentCounts(countsPtr: usize, hPtr: usize, units: i32, batch: i32): void {
  memory.fill(turns, 0, 4096)
  for (let j = 0; j < batch; j++) {
    let h = hPtr + ((<usize>(j >> 3) * <usize>units) << 5) + ((<usize>(j & 7)) << 2)
    let i = 0
    for (; i + 4 <= units; i += 4) {
      count(turns, load<u32>(h, 0))
      count(turns + 1024, load<u32>(h, 32))
      count(turns + 2048, load<u32>(h, 64))
      count(turns + 3072, load<u32>(h, 96))
      h += 128
    }
    for (; i < units; i++) {
      count(turns, load<u32>(h))
      h += 32
    }
  }
  for (let at: usize = 0; at < 1024; at += 16) {
    const low = i32x4.add(v128.load(turns + at, 0), v128.load(turns + at, 1024))
    const high = i32x4.add(v128.load(turns + at, 2048), v128.load(turns + at, 3072))
    v128.store(countsPtr + at, i32x4.add(low, high))
  }
}

function count(tablePtr: usize, bits: u32): void {
  const at = tablePtr + ((<usize>((bits >> 23) & 255)) << 2)
  store<i32>(at, load<i32>(at) + 1)
}
