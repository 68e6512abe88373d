import { expect, test } from 'vitest'
import { decades, decadeTicks, powerOfTen } from '../../src/charts/log-axis'

test('decades([0.03, 70]) is [0.01, 100], and leaves 0, -1, NaN and Infinity out', () => {
  expect(decades([0.03, 70, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])).toEqual([0.01, 100])
})

test('decades of one value holds it inside two decades: 1 gives [0.1, 10]', () => {
  expect(decades([1])).toEqual([0.1, 10])
  expect(decades([0, Number.NaN])).toEqual([0.1, 10])
  const [low, high] = decades([3])
  expect(low).toBeLessThanOrEqual(3)
  expect(high).toBeGreaterThanOrEqual(3)
  expect(Math.log10(high / low)).toBeCloseTo(2, 12)
})

test('decades keeps to normal doubles for 5e-324 and 1.7e308', () => {
  const [low, high] = decades([5e-324, 1.7e308])
  expect(low).toBe(1e-307)
  expect(high).toBe(1e308)
  expect(decades([5e-324])).toEqual([1e-307, 1e-305])
  expect(decades([1.7e308])).toEqual([1e306, 1e308])
})

test('decadeTicks([1e-16, 10], 7) are every third power of ten from 1e-15 to 1', () => {
  expect(decadeTicks([1e-16, 10], 7).map(powerOfTen)).toEqual(['10⁻¹⁵', '10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '1'])
})

test('decadeTicks([0.1, 10], 7) are 0.1, 1 and 10', () => {
  expect(decadeTicks([0.1, 10], 7).map(powerOfTen)).toEqual(['10⁻¹', '1', '10¹'])
})

test('decadeTicks never returns more than it may, and never none, for any range of doubles', () => {
  for (let from = -307; from < 306; from += 7)
    for (let to = from + 2; to <= 308; to += 13) {
      const ticks = decadeTicks([10 ** from, 10 ** to], 7)
      expect(ticks.length).toBeLessThanOrEqual(7)
      expect(ticks.length).toBeGreaterThanOrEqual(1)
    }
})
