import { expect, test } from 'vitest'
import { normal } from '../../src/index'
import { largestEigenvalues } from '../../src/network/symmetric-eigenvalues'

/** Q diag(values) Q^T, Q a product of `n` random reflections, in rows of `stride`, its upper triangle NaN: nobody may read it. */
function rotated(values: readonly number[], stride = values.length): Float64Array {
  const n = values.length
  const a = new Float64Array(n * stride).fill(Number.NaN)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * stride + j] = i === j ? values[i] : 0
  for (let r = 0; r < n; r++) {
    const v = Float64Array.from(normal([n], { seed: 3, stream: `v${r}` }))
    const square = v.reduce((sum, x) => sum + x * x, 0)
    for (const [across, along] of [
      [stride, 1],
      [1, stride],
    ])
      for (let i = 0; i < n; i++) {
        let sum = 0
        for (let j = 0; j < n; j++) sum += a[i * across + j * along] * v[j]
        for (let j = 0; j < n; j++) a[i * across + j * along] -= (2 * sum * v[j]) / square
      }
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * stride + j] = Number.NaN
  return a
}

/** Householder's and bisection's own errors are a few n 2^-53 of the norm, and `rotated` makes n reflections of both sides. */
const tolerance = (values: readonly number[]) => 8 * values.length * 2 ** -53 * Math.max(...values)

test.each([
  ['one', [3]],
  ['two, alike', [2, 2]],
  ['spread over twenty orders of magnitude', Array.from({ length: 21 }, (_, i) => 10 ** -i)],
  ['two thirds of them 0', Array.from({ length: 60 }, (_, i) => (i < 20 ? 20 - i : 0))],
  ['in clusters of ten', Array.from({ length: 50 }, (_, i) => 5 - Math.floor(i / 10))],
  ['1 to 127 in tiny units', Array.from({ length: 127 }, (_, i) => (127 - i) * 1e-100)],
])('eigenvalues that are %s come back descending, within 8 n 2^-53 of the largest', (_, values) => {
  const found = largestEigenvalues(rotated(values), values.length, values.length, values.length)
  for (const [i, value] of found.entries()) expect(Math.abs(value - values[i])).toBeLessThanOrEqual(tolerance(values))
})

test('rows may be farther apart than they are long, and only so many values come back as were asked for', () => {
  const values = [9, 7, 4, 2, 1, 0.5, 0.25]
  const found = largestEigenvalues(rotated(values, 16), 7, 16, 3)
  expect(found).toHaveLength(3)
  for (const [i, value] of found.entries()) expect(Math.abs(value - values[i])).toBeLessThanOrEqual(tolerance(values))
})

test('the second difference matrix of 100 points has the eigenvalues 2 - 2 cos(k pi/101)', () => {
  const n = 100
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    a[i * n + i] = 2
    if (i > 0) a[i * n + i - 1] = -1
  }
  const found = largestEigenvalues(a, n, n, n)
  for (let k = 1; k <= n; k++)
    expect(Math.abs(found[n - k] - (2 - 2 * Math.cos((k * Math.PI) / 101)))).toBeLessThanOrEqual(8 * n * 2 ** -53 * 4)
})

test('of a matrix of zeros all are 0, and of one that is not finite all are NaN', () => {
  expect(largestEigenvalues(new Float64Array(9), 3, 3, 3)).toEqual([0, 0, 0])
  expect(largestEigenvalues(Float64Array.of(1, 0, Number.NaN, 1), 2, 2, 2)).toEqual([Number.NaN, Number.NaN])
  expect(largestEigenvalues(Float64Array.of(1, 0, 0, Number.POSITIVE_INFINITY), 2, 2, 2)).toEqual([
    Number.NaN,
    Number.NaN,
  ])
})
