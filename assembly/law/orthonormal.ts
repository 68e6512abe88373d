// Classical Gram-Schmidt in f64, every column twice: Giraud, Langou, Rozloznik & van den Eshof 2005, "Rounding error analysis of the
// classical Gram-Schmidt orthogonalization process", theorem 2.

import { columnStride, innerProducts, scaleColumn, takeColumns } from './columns'

/** Part of its norm below which what the columns before it leave of a column is rounding alone: f32 differs by 2^-24 / sqrt(n) at least. */
const NOTHING: f64 = 9.094947017729282e-13

/**
 * a: n x c (columns.ts), becomes Q: its columns orthonormal, or 0 where one depends on those before it.
 * r: c x c f64, row-major, upper triangle, a = Q r; the rows of columns that became 0 are 0. work: c f64.
 */
export function orthonormalise(rPtr: usize, aPtr: usize, n: i32, c: i32, workPtr: usize): void {
  const stride = columnStride(n)
  memory.fill(rPtr, 0, (<usize>(c * c)) << 3)
  for (let j = 0; j < c; j++) {
    const column = aPtr + <usize>j * stride
    const norm = length(column, n, workPtr)
    for (let pass = 0; pass < 2; pass++) {
      innerProducts(workPtr, column, aPtr, n, j)
      takeColumns(column, workPtr, aPtr, n, j)
      for (let i = 0; i < j; i++) {
        const element = rPtr + ((<usize>(i * c + j)) << 3)
        store<f64>(element, load<f64>(element) + load<f64>(workPtr + ((<usize>i) << 3)))
      }
    }
    // what is no number goes on as such
    const left = length(column, n, workPtr)
    const gone = left <= norm * NOTHING
    store<f64>(rPtr + ((<usize>(j * c + j)) << 3), gone ? 0 : left)
    scaleColumn(column, gone ? 0 : 1 / left, n)
    // equal columns have equal rows: rounding is no part in a later one
    for (let i = 0; i < j; i++) {
      const element = rPtr + ((<usize>(i * c + j)) << 3)
      if (Math.abs(load<f64>(element)) <= norm * NOTHING) store<f64>(element, 0)
    }
  }
}

function length(column: usize, n: i32, workPtr: usize): f64 {
  innerProducts(workPtr, column, column, n, 1)
  return Math.sqrt(load<f64>(workPtr))
}
