// Householder reflectors H_j = I - v_j v_j^T, |v_j|^2 = 2, in blocks of compact WY form:
//   H_0 H_1 ... H_(b-1) = I - V T V^T,  T^-1 = the strictly upper triangle of V^T V + half its diagonal
// (Joffrain et al. 2006, "Accumulating Householder transformations, revisited", ACM TOMS 32(2)).
// T comes in f64 from the vectors as they were rounded to f32: the block is orthogonal whatever their rounding was.
// Q lies in panels (panels.ts), so that a block is applied by the matrix product alone.

import { dot } from '../stats/dot'
import { multiplyPanels } from './multiply-panels'
import { scale } from './scale'
import { transpose } from './transpose'

/** Reflectors applied at once. Stream. */
export const REFLECTOR_BLOCK: i32 = 64

const triangle: usize = memory.data(32768, 16)

/**
 * Makes reflectors first .. first + count - 1 of Q = H_0 H_1 ... H_(k-1) D; first a multiple of 8, count <= 64.
 * vt: count x (n rounded up to 8), zeros beyond n; row i holds x in its elements first + i .. n - 1, the others are not read.
 * H maps x to -s |x| e, s the sign of x's first element, sign(0) = 1; a vector of zeros counts as e.
 * On return vt holds V^T from column `first` on, v: (n - first) x count holds V, t: count x count holds -T, and D = -s is on the
 * diagonal of q: panels of n x 8.
 */
export function reflectors(qPtr: usize, vtPtr: usize, vPtr: usize, tPtr: usize, n: i32, first: i32, count: i32): void {
  const stride = rowBytes(n)
  const head = vtPtr + ((<usize>first) << 2)
  const len = ((n + 7) & ~7) - first
  for (let i = 0; i < count; i++) {
    const row = head + <usize>i * stride
    memory.fill(row, 0, (<usize>i) << 2)
    const j = first + i
    const diagonal = qPtr + ((<usize>(j >> 3) * <usize>n + <usize>j) << 5) + ((<usize>(j & 7)) << 2)
    store<f32>(diagonal, -reflector(row, row + ((<usize>i) << 2), len))
  }
  invertTriangle(head, stride, len, count)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++)
      store<f32>(tPtr + ((<usize>(i * count + j)) << 2), j < i ? 0 : <f32>-load<f64>(entry(i, j)))
  transpose(vPtr, (<usize>count) << 2, head, stride, count, n - first)
}

/**
 * q := (I - V T V^T) q for one block of reflectors; q: panels of n x 8, vt, v, t as reflectors() left them.
 * w: scratch of 2 panels of count x 8 for each panel of q.
 */
export function reflect(
  qPtr: usize,
  panels: i32,
  vtPtr: usize,
  vPtr: usize,
  tPtr: usize,
  wPtr: usize,
  n: i32,
  first: i32,
  count: i32,
): void {
  const rows = n - first
  const columns = panels << 3
  const q = qPtr + ((<usize>first) << 5)
  const qPanel = (<usize>n) << 5
  const wPanel = (<usize>count) << 5
  const rowOfT = (<usize>count) << 2
  const tw = wPtr + <usize>panels * wPanel
  multiplyPanels(wPtr, 32, wPanel, vtPtr + ((<usize>first) << 2), rowBytes(n), q, qPanel, count, rows, columns, false)
  multiplyPanels(tw, 32, wPanel, tPtr, rowOfT, wPtr, wPanel, count, count, columns, false)
  multiplyPanels(q, 32, qPanel, vPtr, rowOfT, tw, wPanel, rows, count, columns, true)
}

/** x: len f32, all 0 before firstPtr, replaced by v = c (x + s |x| e), |v|^2 = 2; returns s. len a multiple of 8. */
function reflector(xPtr: usize, firstPtr: usize, len: i32): f32 {
  let norm = sqrt(dot(xPtr, xPtr, len))
  if (norm == 0) {
    store<f32>(firstPtr, 1)
    norm = 1
  }
  const first = <f64>load<f32>(firstPtr)
  const sign: f64 = first < 0 ? -1 : 1
  const c = 1 / sqrt(norm * (norm + abs(first)))
  scale(xPtr, len, <f32>c)
  store<f32>(firstPtr, <f32>((first + sign * norm) * c))
  return <f32>sign
}

/** T of the reflectors in the rows of vt, column by column: T_jj = 2 / |v_j|^2, T_ij = -T_jj sum of T_il (v_l . v_j) over i <= l < j. */
function invertTriangle(vtPtr: usize, stride: usize, len: i32, count: i32): void {
  for (let j = 0; j < count; j++) {
    const row = vtPtr + <usize>j * stride
    const pivot = 2 / dot(row, row, len)
    for (let i = 0; i < j; i++) store<f64>(entry(i, j), dot(vtPtr + <usize>i * stride, row, len))
    // ascending i: row i reads the products of column j from i on only
    for (let i = 0; i < j; i++) {
      let sum: f64 = 0
      for (let l = i; l < j; l++) sum += load<f64>(entry(i, l)) * load<f64>(entry(l, j))
      store<f64>(entry(i, j), -pivot * sum)
    }
    store<f64>(entry(j, j), pivot)
  }
}

/** Address of element (i, j) of the triangle. */
function entry(i: i32, j: i32): usize {
  return triangle + ((<usize>(i * REFLECTOR_BLOCK + j)) << 3)
}

/** Bytes of a row of vt. */
function rowBytes(n: i32): usize {
  return (<usize>((n + 7) & ~7)) << 2
}
