// Householder QR in f64: Golub & Van Loan 2013, "Matrix Computations", algorithm 5.2.1. Q = H_0 H_1 ... H_(k-1) with H_i = I - s_i^2 v_i v_i^T
// is orthogonal whatever the columns: equal, dependent and zero ones need no care.

import { columnStride, innerProducts, reflectColumns } from './columns'

/**
 * a: n x c (columns.ts), a = Q R, k = min(n, c); on return column i < k of a holds v_i, 0 in the elements before i.
 * r: k x c f64, row-major, upper triangle. scales: k f64, s_i with |s_i v_i|^2 = 2, or 0 where H_i = I.
 */
export function qr(rPtr: usize, scalesPtr: usize, aPtr: usize, n: i32, c: i32): void {
  const k = min(n, c)
  const stride = columnStride(n)
  const rowBytes = (<usize>c) << 3
  memory.fill(rPtr, 0, <usize>k * rowBytes)
  // each row of r first holds the inner products of its column with the later ones
  innerProducts(rPtr, aPtr, aPtr, 0, n, 0, c)
  for (let i = 0; i < k; i++) {
    const at = (<usize>i) << 3
    const column = aPtr + <usize>i * stride
    const row = rPtr + <usize>i * rowBytes
    const next = row + rowBytes
    const norm = Math.sqrt(load<f64>(row + at))
    const first = load<f64>(column + at)
    // of the two reflections onto the axis the one in which nothing cancels
    const alpha = first > 0 ? -norm : norm
    const head = first - alpha
    const beta = norm == 0 ? 0 : 1 / (norm * Math.abs(head))
    for (let j = i + 1; j < c; j++) {
      const offset = (<usize>j) << 3
      const element = aPtr + <usize>j * stride + at
      const a = load<f64>(element)
      const w = beta * (load<f64>(row + offset) - alpha * a)
      store<f64>(row + offset, a - w * head)
      store<f64>(element, 0)
      if (i + 1 < k) store<f64>(next + offset, w)
    }
    store<f64>(row + at, alpha)
    store<f64>(scalesPtr + at, Math.sqrt(beta))
    // row i is done: as 0 it may lie in the pairs of rows that follow
    store<f64>(column + at, 0)
    if (i + 1 < k) reflectColumns(next, column, aPtr, (i + 1) & ~1, n, i + 1, c)
    store<f64>(column + at, head)
  }
}
