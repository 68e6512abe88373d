/**
 * The `count` largest eigenvalues, descending, of a symmetric positive semidefinite n x n matrix; row i starts at a[i stride], its lower
 * triangle is read, and overwritten. By Householder reflections to a tridiagonal one, then by bisection: each is off by some n 2^-53 of the
 * largest, which is to lie in [1e-140, 1e140], where squares neither underflow nor overflow. Arithmetic and square roots in a fixed
 * order: the same bits on every engine.
 * @see Golub & Van Loan, Matrix Computations, 4th edition, 8.3.1 and 8.4.1
 */
export function largestEigenvalues(a: Float64Array, n: number, stride: number, count: number): number[] {
  const [diagonal, squares, v, w] = [0, 1, 2, 3].map(() => new Float64Array(n))
  let trace = 0
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * stride + k]
    trace += diagonal[k]
    squares[k] = reflect(a, n, stride, k, v, w)
  }
  const values: number[] = []
  let high = trace
  while (values.length < count) {
    // NaN where the matrix is not finite
    let low = trace - trace
    // Trap: within 2^-53 of the trace there may be no number between
    while (high - low > trace * 2 ** -52) {
      const middle = (low + high) / 2
      if (countAbove(diagonal, squares, middle) > values.length) low = middle
      else high = middle
    }
    values.push(low)
  }
  return values
}

/** A - v w^T - w v^T on rows and columns after k, which turns column k below d into [length, 0, ...]; returns length^2. */
function reflect(a: Float64Array, n: number, stride: number, k: number, v: Float64Array, w: Float64Array): number {
  const first = k + 1
  let square = 0
  for (let i = first; i < n; i++) {
    v[i] = a[i * stride + k]
    w[i] = 0
    square += v[i] * v[i]
  }
  if (square === 0) return 0
  const length = v[first] < 0 ? -Math.sqrt(square) : Math.sqrt(square)
  const by = 1 / (square + length * v[first])
  v[first] += length
  let inner = 0
  for (let i = first; i < n; i++) {
    const row = i * stride
    for (let j = first; j < i; j++) {
      w[i] += a[row + j] * v[j]
      w[j] += a[row + j] * v[i]
    }
    w[i] += a[row + i] * v[i]
  }
  for (let i = first; i < n; i++) inner += v[i] * w[i]
  for (let i = first; i < n; i++) {
    w[i] = by * (w[i] - (by / 2) * inner * v[i])
    for (let j = first; j <= i; j++) a[i * stride + j] -= v[i] * w[j] + w[i] * v[j]
  }
  return square
}

/** How many eigenvalues are above x: the positive pivots of the matrix less x I (Sylvester's law of inertia). */
function countAbove(diagonal: Float64Array, squares: Float64Array, x: number): number {
  let [pivot, count] = [1, 0]
  for (let i = 0; i < diagonal.length; i++) {
    // a pivot of 0 stands for one just below
    pivot = diagonal[i] - x - (i > 0 ? squares[i - 1] / pivot : 0) || -(2 ** -1022)
    if (pivot > 0) count++
  }
  return count
}
