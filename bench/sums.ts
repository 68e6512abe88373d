/** Means of x, x^2 and x^4, in f64. */
export function powerMeans(x: ArrayLike<number>): number[] {
  let [sum, squares, fourths] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const square = x[i] * x[i]
    sum += x[i]
    squares += square
    fourths += square * square
  }
  return [sum, squares, fourths].map((total) => total / x.length)
}

/** <q_0, q_0> and <q_0, q_1> of the first rows of an n x n matrix, in f64. */
export function rowProducts(q: ArrayLike<number>, n: number): number[] {
  let [own, neighbours] = [0, 0]
  for (let i = 0; i < n; i++) {
    own += q[i] * q[i]
    neighbours += q[i] * q[n + i]
  }
  return [own, neighbours]
}
