// X = Q R of n x c, k = min(n, c). The R of well conditioned columns is Cholesky's factor of their Gram matrix, and Q is X R^-1; where columns
// nearly depend on each other Householder's reflectors keep what f32 can tell apart. One record: a line with how it was done, the Gram
// matrix of all columns of the panels, R (k x c f64), R in f32 panels, the reflectors' scales (c f64), their columns (qr.ts).

import { gram } from '../stats/gram'
import { cholesky } from './cholesky'
import { columnStride, columnsFromPanels } from './columns'
import { qr } from './qr'

/** Least part of a column's square that those before it may leave: R^-1 then costs float32 at most 7 of its 24 bits. */
const LEAST_PIVOT: f64 = 1.0 / 16384

/** Bytes of a record. */
export function factorBytes(n: i32, c: i32): u64 {
  return align(columnsAt(n, c) + ((<u64>panelsOf(c)) << 3) * <u64>columnStride(n))
}

/** Factors x: panels of n x 8, of which c columns count. */
export function factor(factorPtr: usize, xPtr: usize, n: i32, c: i32): void {
  gram(gramOf(factorPtr), xPtr, n, panelsOf(c))
  const whole = n >= c && cholesky(triangleOf(factorPtr, c), gramOf(factorPtr), gramStride(c), c, LEAST_PIVOT)
  store<i32>(factorPtr, i32(whole))
  if (whole) return
  columnsFromPanels(reflectorsOf(factorPtr, n, c), xPtr, n, panelsOf(c))
  qr(triangleOf(factorPtr, c), scalesOf(factorPtr, n, c), reflectorsOf(factorPtr, n, c), n, c)
}

/** Bytes of a record that has R alone. */
export function gramFactorBytes(c: i32): u64 {
  return scalesAt(c, c)
}

/** The R alone, c x c, of columns of any rank: what rounding may leave of the square of a dependent one counts as nothing. */
export function gramFactor(factorPtr: usize, xPtr: usize, n: i32, c: i32): void {
  gram(gramOf(factorPtr), xPtr, n, panelsOf(c))
  cholesky(triangleOf(factorPtr, c), gramOf(factorPtr), gramStride(c), c, <f64>(n + c) * f64.EPSILON)
}

/** Whether Q is X R^-1, and no reflectors are there. */
export function isWellConditioned(factorPtr: usize): bool {
  return load<i32>(factorPtr) != 0
}

/** The Gram matrix (stats/gram.ts). */
export function gramOf(factorPtr: usize): usize {
  return factorPtr + 64
}

/** R. */
export function triangleOf(factorPtr: usize, c: i32): usize {
  return factorPtr + <usize>triangleAt(c)
}

/** Addresses of the reflectors and of their scales. */
export function reflectorsOf(factorPtr: usize, n: i32, c: i32): usize {
  return factorPtr + <usize>columnsAt(n, c)
}
export function scalesOf(factorPtr: usize, n: i32, c: i32): usize {
  return factorPtr + <usize>scalesAt(n, c)
}

/** Address of R as panels of k x 8 f32, made now; the columns beyond c repeat its last, or are 0. */
export function triangularPanels(factorPtr: usize, n: i32, c: i32, repeat: bool): usize {
  const k = min(n, c)
  const to = factorPtr + <usize>panelsAt(n, c)
  for (let j = 0; j < panelsOf(c) << 3; j++) {
    const column = to + ((<usize>(j >> 3) * <usize>k) << 5) + ((<usize>(j & 7)) << 2)
    const from = triangleOf(factorPtr, c) + ((<usize>min(j, c - 1)) << 3)
    for (let i = 0; i < k; i++)
      store<f32>(column + ((<usize>i) << 5), j < c || repeat ? <f32>load<f64>(from + ((<usize>(i * c)) << 3)) : 0)
  }
  return to
}

/** |X|_F^2. */
export function square(factorPtr: usize, c: i32): f64 {
  let sum: f64 = 0
  for (let j = 0; j < c; j++) sum += load<f64>(gramOf(factorPtr) + <usize>j * (gramStride(c) + 8))
  return sum
}

export function panelsOf(columns: i32): i32 {
  return (columns + 7) >> 3
}

/** Bytes up to the next line of a cache. */
export function align(bytes: u64): u64 {
  return (bytes + 63) & ~63
}

/** Bytes from one row of the Gram matrix to the next. */
function gramStride(c: i32): usize {
  return (<usize>panelsOf(c)) << 6
}

function triangleAt(c: i32): u64 {
  return 64 + ((<u64>panelsOf(c)) << 3) * <u64>gramStride(c)
}

function panelsAt(n: i32, c: i32): u64 {
  return triangleAt(c) + align((<u64>min(n, c) * <u64>c) << 3)
}

function scalesAt(n: i32, c: i32): u64 {
  return panelsAt(n, c) + align((<u64>panelsOf(c) * <u64>min(n, c)) << 5)
}

function columnsAt(n: i32, c: i32): u64 {
  return scalesAt(n, c) + align((<u64>c) << 3)
}
