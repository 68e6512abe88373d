import { expect, test } from 'vitest'
import { fillNormal } from '../../src/random/draw'
import { moments } from '../../src/stats/moments'

/** Sums in plain f64, one after the other. */
function plain(data: Float32Array) {
  let [sum, squares] = [0, 0]
  for (const x of data) {
    sum += x
    squares += x * x
  }
  return { mean: sum / data.length, secondMoment: squares / data.length }
}

test.each([1, 7, 8, 9, 4095, 4096, 4097, 12288 + 5])(
  'moments of %i normals agree with a plain f64 sum to n 2^-53 of the mean square',
  (length) => {
    const data = fillNormal(new Float32Array(length), { seed: 3, mean: 0.5, stddev: 2 })
    const found = moments(data)
    const wanted = plain(data)
    const bound = length * 2 ** -53 * wanted.secondMoment
    expect(Math.abs(found.secondMoment - wanted.secondMoment)).toBeLessThanOrEqual(bound)
    expect(Math.abs(found.mean - wanted.mean)).toBeLessThanOrEqual(length * 2 ** -53 * Math.sqrt(wanted.secondMoment))
    expect(found.count).toBe(length)
  },
)

test('whole numbers are summed exactly, over a call border of 2^20 too: 1, 2, 3, ... mod 7, 2^20 + 9 of them', () => {
  const data = Float32Array.from({ length: 2 ** 20 + 9 }, (_, i) => i % 7)
  const { mean, secondMoment } = plain(data)
  const found = moments(data)
  expect(found.mean).toBe(mean)
  expect(found.secondMoment).toBe(secondMoment)
  expect(found.zeroFraction).toBe(data.filter((x) => x === 0).length / data.length)
})

test('-0 counts as zero, and NaN shows', () => {
  expect(moments(new Float32Array([-0, 0, 1, 0, 0, 0, 0, 0, -0])).zeroFraction).toBe(8 / 9)
  expect(moments(new Float32Array([1, Number.NaN])).mean).toBeNaN()
})

test.each([
  [() => moments([1, 2] as unknown as Float32Array), 'moments: data expected a Float32Array, got [1, 2]'],
  [() => moments(new Float32Array(0)), 'moments: data expected at least 1 element, got 0'],
])('bad input is refused: %s', (call, message) => {
  expect(call).toThrow(message)
})
