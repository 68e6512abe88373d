// Cholesky's factor of a Gram matrix: Golub & Van Loan 2013, "Matrix Computations", section 4.2. The R of X = Q R has R^T R = X^T X.

/**
 * r: c x c f64, row-major, upper triangle, r^T r = gram; gram: rows of `stride` bytes, read on and below the diagonal.
 * A row whose pivot is at most `floor` of the diagonal is 0, as for a column that depends on those before it; returns whether there is none.
 */
export function cholesky(rPtr: usize, gramPtr: usize, stride: usize, c: i32, floor: f64): bool {
  const rowBytes = (<usize>c) << 3
  memory.fill(rPtr, 0, <usize>c * rowBytes)
  let whole = true
  for (let i = 0; i < c; i++) {
    const at = (<usize>i) << 3
    const row = rPtr + <usize>i * rowBytes
    for (let j = i; j < c; j++)
      store<f64>(row + ((<usize>j) << 3), load<f64>(gramPtr + <usize>j * stride + at) - above(rPtr, rowBytes, i, j))
    const pivot = load<f64>(row + at)
    const least = floor * load<f64>(gramPtr + <usize>i * stride + at)
    whole = whole && pivot > least
    // a pivot that is not a number goes on as such
    const factor = pivot <= least ? 0 : 1 / Math.sqrt(pivot)
    for (let j = i; j < c; j++) {
      const element = row + ((<usize>j) << 3)
      store<f64>(element, load<f64>(element) * factor)
    }
  }
  return whole
}

/** The sum over l < i of r_li r_lj. */
function above(rPtr: usize, rowBytes: usize, i: i32, j: i32): f64 {
  let sum: f64 = 0
  for (let l = 0; l < i; l++) {
    const row = rPtr + <usize>l * rowBytes
    sum += load<f64>(row + ((<usize>i) << 3)) * load<f64>(row + ((<usize>j) << 3))
  }
  return sum
}
