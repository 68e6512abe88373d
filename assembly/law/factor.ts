// A matrix X = Q R of n x c in scratch, k = min(n, c): R (k x c f64), the scales (c f64), R again in f32 panels, the columns with Q's
// reflectors (qr.ts).

import { columnStride, columnsFromPanels } from './columns'
import { qr } from './qr'

/** Bytes of a factored matrix. */
export function factorBytes(n: i32, c: i32): u64 {
  return align(columnsAt(n, c) + ((<u64>panelsOf(c)) << 3) * <u64>columnStride(n))
}

/** Factors x: panels of n x 8, of which c columns count. */
export function factor(factorPtr: usize, xPtr: usize, n: i32, c: i32): void {
  columnsFromPanels(reflectorsOf(factorPtr, n, c), xPtr, n, panelsOf(c))
  qr(factorPtr, scalesOf(factorPtr, n, c), reflectorsOf(factorPtr, n, c), n, c)
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
    const from = factorPtr + ((<usize>min(j, c - 1)) << 3)
    for (let i = 0; i < k; i++)
      store<f32>(column + ((<usize>i) << 5), j < c || repeat ? <f32>load<f64>(from + ((<usize>(i * c)) << 3)) : 0)
  }
  return to
}

/** |X|_F^2. */
export function square(factorPtr: usize, n: i32, c: i32): f64 {
  let sum: f64 = 0
  for (let i = 0; i < min(n, c) * c; i++) {
    const x = load<f64>(factorPtr + ((<usize>i) << 3))
    sum += x * x
  }
  return sum
}

/** |X Y^T|_F^2 = |R_X R_Y^T|_F^2 of two factored matrices, nx x c and ny x c. */
export function productSquare(xPtr: usize, nx: i32, yPtr: usize, ny: i32, c: i32): f64 {
  let sum: f64 = 0
  for (let i = 0; i < min(nx, c); i++)
    for (let j = 0; j < min(ny, c); j++) {
      const a = xPtr + ((<usize>(i * c)) << 3)
      const b = yPtr + ((<usize>(j * c)) << 3)
      let inner: f64 = 0
      for (let l = max(i, j); l < c; l++) inner += load<f64>(a + ((<usize>l) << 3)) * load<f64>(b + ((<usize>l) << 3))
      sum += inner * inner
    }
  return sum
}

export function panelsOf(columns: i32): i32 {
  return (columns + 7) >> 3
}

/** Bytes up to the next line of a cache. */
export function align(bytes: u64): u64 {
  return (bytes + 63) & ~63
}

function scalesAt(n: i32, c: i32): u64 {
  return align((<u64>min(n, c) * <u64>c) << 3)
}

function panelsAt(n: i32, c: i32): u64 {
  return scalesAt(n, c) + align((<u64>c) << 3)
}

function columnsAt(n: i32, c: i32): u64 {
  return panelsAt(n, c) + align((<u64>panelsOf(c) * <u64>min(n, c)) << 5)
}
