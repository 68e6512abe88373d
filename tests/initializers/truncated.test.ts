import { describe, expect, test } from 'vitest'
import { truncatedNormal } from '../../src/initializers/distributions'
import { truncatedHeNormal, truncatedLecunNormal, truncatedXavierNormal } from '../../src/initializers/named'
import { initialize } from '../../src/initializers/names'
import { truncatedMoments } from '../../src/initializers/truncation'
import { varianceScaling } from '../../src/initializers/variance-scaling'

const inf = Number.POSITIVE_INFINITY

/** Mean, variance, and their standard errors as the sample itself has them: sqrt(m2/n), sqrt((m4 - m2^2)/n). */
function sampled(values: Float32Array) {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const central = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / n
  const variance = central(2)
  return {
    mean,
    variance,
    meanError: Math.sqrt(variance / n),
    varianceError: Math.sqrt((central(4) - variance ** 2) / n),
  }
}

describe('statistics: 200,000 values have the mean and the variance asked for within 5 standard errors, whatever the bounds', () => {
  const bounds: [number, number][] = [
    [-2, 2],
    [-1, 1],
    [-0.01, 0.01],
    [-1, 3],
    [0, inf],
    [-inf, 0.5],
    [-inf, inf],
    [4, inf],
    [-9, -8],
    [30, 31],
    [200, inf],
  ]
  test.each(bounds)('[%d, %d]: mean 3, stddev 0.5, nothing outside the bounds', (lower, upper) => {
    const values = truncatedNormal([200_000], { seed: 13, stream: 't', mean: 3, stddev: 0.5, lower, upper })
    const found = sampled(values)
    expect(Math.abs(found.mean - 3)).toBeLessThanOrEqual(5 * found.meanError)
    expect(Math.abs(found.variance - 0.25)).toBeLessThanOrEqual(5 * found.varianceError)
    const parent = truncatedMoments(lower, upper)
    const edge = (bound: number) => Math.fround(3 + (0.5 * (bound - parent.mean)) / parent.stddev)
    // a value at the very edge may round past it: one f32 step
    const step = 2 ** -22
    for (const value of values) {
      if (value < edge(lower) - step) expect.fail(`${value} is below ${edge(lower)}`)
      if (value > edge(upper) + step) expect.fail(`${value} is above ${edge(upper)}`)
    }
  })

  const family: [string, (shape: number[], options: object) => Float32Array, number][] = [
    ['truncatedHeNormal', truncatedHeNormal, 2 / 500],
    ['truncatedXavierNormal', truncatedXavierNormal, 2 / 900],
    ['truncatedLecunNormal', truncatedLecunNormal, 1 / 500],
  ]
  test.each(family)(
    '%s [400, 500]: variance corrected, nothing beyond 2 / 0.8796 = 2.2737 stddev',
    (_, draw, variance) => {
      const values = draw([400, 500], { seed: 5 })
      const found = sampled(values)
      expect(Math.abs(found.mean)).toBeLessThanOrEqual(5 * found.meanError)
      expect(Math.abs(found.variance - variance)).toBeLessThanOrEqual(5 * found.varianceError)
      const bound = (2 / 0.8796256610342398) * Math.sqrt(variance)
      expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(
        bound * (1 + 2 ** -23),
      )
    },
  )

  test('tfjs-4-he-normal has 0.774 of the variance it is named after, cut at 2 sigma', () => {
    const values = initialize('tfjs-4-he-normal', [400, 500], { seed: 5 })
    const found = sampled(values)
    expect(Math.abs(found.variance - (0.7737413035 * 2) / 500)).toBeLessThanOrEqual(5 * found.varianceError)
    const bound = 2 * Math.sqrt(2 / 500)
    expect(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThanOrEqual(
      bound * (1 + 2 ** -23),
    )
  })
})

describe('property', () => {
  test('the truncated family is varianceScaling with distribution truncatedNormal, bit for bit', () => {
    const scaled = varianceScaling([20, 30], { scale: 2, distribution: 'truncatedNormal', seed: 1, layout: 'IO' })
    expect(truncatedHeNormal([20, 30], { seed: 1, layout: 'IO' })).toEqual(scaled)
    expect(initialize('truncated-he-normal', [20, 30], { seed: 1, layout: 'IO' })).toEqual(scaled)
  })
  test('stddev 0 gives the mean, also with no bounds', () => {
    expect([...truncatedNormal([3], { mean: 2, stddev: 0 })]).toEqual([2, 2, 2])
    expect([...truncatedNormal([3], { mean: 2, stddev: 0, lower: -inf, upper: inf })]).toEqual([2, 2, 2])
  })
})
