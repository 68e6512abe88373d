import { describe, expect, test } from 'vitest'
import { constant, normal, ones, truncatedNormal, uniform, zeros } from '../../src/initializers/distributions'
import { fillNormal, fillUniform } from '../../src/random/draw'
import { moments } from '../../src/stats/moments'

describe('property', () => {
  test('normal and uniform are the streams themselves, for shapes of every rank and every tail: [], [1], [4095], [4097], [2, 3, 5]', () => {
    for (const shape of [[], [1], [4095], [4097], [2, 3, 5]]) {
      const length = shape.reduce((a, b) => a * b, 1)
      const source = { seed: 12, stream: 'b' }
      expect(normal(shape, { ...source, mean: 3, stddev: 0.5 })).toEqual(
        fillNormal(new Float32Array(length), { ...source, mean: 3, stddev: 0.5 }),
      )
      expect(uniform(shape, { ...source, low: -2, high: 5 })).toEqual(
        fillUniform(new Float32Array(length), { ...source, low: -2, high: 5 }),
      )
    }
  })

  test('zeros, ones and constant overwrite what out held', () => {
    const out = new Float32Array(4).fill(9)
    expect([...zeros([4], { out })]).toEqual([0, 0, 0, 0])
    expect([...ones([2, 2], { out })]).toEqual([1, 1, 1, 1])
    expect([...constant([4], { value: -0.25, out })]).toEqual([-0.25, -0.25, -0.25, -0.25])
  })

  test('zero is a value: stddev 0 gives the mean, low = high gives that number', () => {
    expect([...normal([3], { mean: 2, stddev: 0 })]).toEqual([2, 2, 2])
    expect([...uniform([3], { low: 0, high: 0 })]).toEqual([0, 0, 0])
  })
})

describe('statistics: 200,000 values, 5 standard errors', () => {
  const n = 200_000
  test('normal: mean -1, variance 4', () => {
    const found = moments(normal([n], { seed: 31, mean: -1, stddev: 2 }))
    expect(Math.abs(found.mean + 1)).toBeLessThanOrEqual((5 * 2) / Math.sqrt(n))
    expect(Math.abs(found.std ** 2 - 4)).toBeLessThanOrEqual(5 * 4 * Math.sqrt(2 / n))
  })
  test('uniform on [-2, 1]: mean -0.5, variance 9/12', () => {
    const found = moments(uniform([n], { seed: 31, low: -2, high: 1 }))
    expect(Math.abs(found.mean + 0.5)).toBeLessThanOrEqual(5 * Math.sqrt(0.75 / n))
    expect(Math.abs(found.std ** 2 - 0.75)).toBeLessThanOrEqual(5 * 0.75 * Math.sqrt(0.8 / n))
  })
})

describe('refusal', () => {
  const refused: [string, () => unknown][] = [
    ['normal: stddev expected a finite number >= 0, got -1', () => normal([3], { stddev: -1 })],
    ['normal: mean expected a finite number, got NaN', () => normal([3], { mean: Number.NaN })],
    [
      'normal: stddev expected a number within f32 (3.4028234663852886e+38), got 1e+39',
      () => normal([3], { stddev: 1e39 }),
    ],
    [
      'normal: stddev expected values within f32 (3.4028234663852886e+38), got 1e+38',
      () => normal([3], { stddev: 1e38 }),
    ],
    ['uniform: high expected a number >= low (1), got 0', () => uniform([3], { low: 1, high: 0 })],
    [
      'uniform: high - low expected a number within f32 (3.4028234663852886e+38), got 6e+38',
      () => uniform([3], { low: -3e38, high: 3e38 }),
    ],
    ['constant: value expected a finite number, got undefined', () => constant([3])],
    [
      'constant: value expected a finite number, got Infinity',
      () => constant([3], { value: Number.POSITIVE_INFINITY }),
    ],
    ['truncatedNormal: upper expected a number > lower (2), got 2', () => truncatedNormal([3], { lower: 2 })],
    [
      'truncatedNormal: lower expected a number or -Infinity, got NaN',
      () => truncatedNormal([3], { lower: Number.NaN }),
    ],
    [
      'truncatedNormal: lower expected a number or -Infinity, got Infinity',
      () => truncatedNormal([3], { lower: Number.POSITIVE_INFINITY }),
    ],
    [
      "truncatedNormal: upper expected a number or Infinity, got '2'",
      () => truncatedNormal([3], { upper: '2' as never }),
    ],
    [
      'truncatedNormal: lower and upper expected bounds within 1000 sigmas of the mean, got [2000, 3000]',
      () => truncatedNormal([3], { lower: 2000, upper: 3000 }),
    ],
    ["zeros: options expected only seed, stream, layout, out, got 'value'", () => zeros([3], { value: 1 } as never)],
    ['normal: shape[0] expected an integer >= 1, got 0', () => normal([0])],
    ["normal: layout expected none for a shape of rank 1, got 'OI'", () => normal([3], { layout: 'OI' })],
  ]
  test.each(refused)('%s', (message, call) => {
    expect(call).toThrow(message)
  })
})
