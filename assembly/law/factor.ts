// H = Q R of n x c: R is c x c, upper triangular, and Q is B T^-1 with B and T at hand. Where H is well conditioned R is Cholesky's factor
// of its Gram matrix, B is H and T is R; where columns nearly depend on each other, orthonormalisation keeps what f32 can tell apart,
// B is Q and T is I. A column that depends on those before it has a row of zeros in R and a column of zeros in Q.
// One record: a line with the address of B, the Gram matrix of all columns of the panels, R in f64 and in f32 panels, B's scales and T
// (projection.ts), and where B is Q its panels, and room for its columns.

import { gram } from '../stats/gram'
import { cholesky } from './cholesky'
import { columnStride, columnsFromPanels, panelsFromColumns } from './columns'
import { orthonormalise } from './orthonormal'
import { columnScales, scaledTriangle } from './projection'

/** Least part of a column's square that those before it may leave: T^-1 then costs float32 at most 7 of its 24 bits. */
const LEAST_PIVOT: f64 = 1.0 / 16384

/** Bytes of a record. */
export function factorBytes(n: i32, c: i32): u64 {
  return align(columnsAt(n, c) + ((<u64>panelsOf(c)) << 3) * <u64>columnStride(n))
}

/** Factors h: panels of n x 8, of which c columns count; h is read as long as the record is. */
export function factor(factorPtr: usize, hPtr: usize, n: i32, c: i32): void {
  const panels = panelsOf(c)
  const r = triangleOf(factorPtr, c)
  const scales = scalesOf(factorPtr, c)
  gram(gramOf(factorPtr), hPtr, n, panels)
  if (n >= c && cholesky(r, gramOf(factorPtr), gramStride(c), c, LEAST_PIVOT)) {
    store<usize>(factorPtr, hPtr)
    columnScales(scales, gramOf(factorPtr), c, panels << 3)
    scaledTriangle(basisTriangleOf(factorPtr, c), r, scales, c)
    return
  }
  const basis = factorPtr + <usize>basisAt(c)
  const columns = factorPtr + <usize>columnsAt(n, c)
  columnsFromPanels(columns, hPtr, n, panels)
  // the columns beyond c are no part of it
  memory.fill(columns + <usize>c * columnStride(n), 0, <usize>((panels << 3) - c) * columnStride(n))
  orthonormalise(r, columns, n, c, scales)
  panelsFromColumns(basis, columns, n, panels)
  store<usize>(factorPtr, basis)
  identity(scales, basisTriangleOf(factorPtr, c), c, panels << 3)
}

/** Scales of 1, 0 for the columns beyond c, and T = I. */
function identity(scalesPtr: usize, trianglePtr: usize, c: i32, columns: i32): void {
  memory.fill(scalesPtr, 0, (<usize>columns) << 2)
  memory.fill(trianglePtr, 0, (<usize>(c * c)) << 2)
  for (let j = 0; j < c; j++) {
    store<f32>(scalesPtr + ((<usize>j) << 2), 1)
    store<f32>(trianglePtr + ((<usize>(j * c + j)) << 2), 1)
  }
}

/** Bytes of a record that has R alone. */
export function gramFactorBytes(c: i32): u64 {
  return scalesAt(c)
}

/** The R alone, of columns of any rank: what rounding may leave of the square of a dependent one counts as nothing. */
export function gramFactor(factorPtr: usize, xPtr: usize, n: i32, c: i32): void {
  gram(gramOf(factorPtr), xPtr, n, panelsOf(c))
  cholesky(triangleOf(factorPtr, c), gramOf(factorPtr), gramStride(c), c, <f64>(n + c) * f64.EPSILON)
}

/** B: panels of n x 8. */
export function basisOf(factorPtr: usize): usize {
  return load<usize>(factorPtr)
}

/** The Gram matrix (stats/gram.ts). */
export function gramOf(factorPtr: usize): usize {
  return factorPtr + 64
}

/** B's scales, f32, one a column of the panels. */
export function scalesOf(factorPtr: usize, c: i32): usize {
  return factorPtr + <usize>scalesAt(c)
}

/** T, scaled as B is: c x c f32, with the inverses of its diagonal. */
export function basisTriangleOf(factorPtr: usize, c: i32): usize {
  return factorPtr + <usize>basisTriangleAt(c)
}

/** Address of R as panels of c x 8 f32, made now; the columns beyond c repeat its last, or are 0. */
export function triangularPanels(factorPtr: usize, c: i32, repeat: bool): usize {
  const to = factorPtr + <usize>panelsAt(c)
  for (let j = 0; j < panelsOf(c) << 3; j++) {
    const column = to + ((<usize>((j >> 3) * c)) << 5) + ((<usize>(j & 7)) << 2)
    const from = triangleOf(factorPtr, c) + ((<usize>min(j, c - 1)) << 3)
    for (let i = 0; i < c; i++)
      store<f32>(column + ((<usize>i) << 5), j < c || repeat ? <f32>load<f64>(from + ((<usize>(i * c)) << 3)) : 0)
  }
  return to
}

/** |H|_F^2. */
export function square(factorPtr: usize, c: i32): f64 {
  let sum: f64 = 0
  for (let j = 0; j < c; j++) sum += load<f64>(gramOf(factorPtr) + <usize>j * (gramStride(c) + 8))
  return sum
}

export function panelsOf(columns: i32): i32 {
  return (columns + 7) >> 3
}

/** R: c x c f64. */
function triangleOf(factorPtr: usize, c: i32): usize {
  return factorPtr + <usize>triangleAt(c)
}

/** Bytes up to the next line of a cache. */
function align(bytes: u64): u64 {
  return (bytes + 63) & ~63
}

/** Bytes from one row of the Gram matrix to the next. */
function gramStride(c: i32): usize {
  return (<usize>panelsOf(c)) << 6
}

function triangleAt(c: i32): u64 {
  return 64 + ((<u64>panelsOf(c)) << 3) * <u64>gramStride(c)
}

function panelsAt(c: i32): u64 {
  return triangleAt(c) + align((<u64>c * <u64>c) << 3)
}

function scalesAt(c: i32): u64 {
  return panelsAt(c) + align((<u64>panelsOf(c) * <u64>c) << 5)
}

function basisTriangleAt(c: i32): u64 {
  // the scales' room serves as work of c f64 too
  return scalesAt(c) + align((<u64>panelsOf(c)) << 6)
}

function basisAt(c: i32): u64 {
  return basisTriangleAt(c) + align((<u64>c * <u64>c) << 2)
}

function columnsAt(n: i32, c: i32): u64 {
  return basisAt(c) + ((<u64>panelsOf(c) * <u64>n) << 5)
}
