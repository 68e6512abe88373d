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
