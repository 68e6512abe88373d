import { describe, expect, test } from 'vitest'
import { batchLog } from '../../src/theory/batch-log'
import { homogeneousKurtosis, layerLengthFactor, layerLogFactor, relativeVariance } from '../../src/theory/finite-width'
import { logMoments } from '../../src/theory/log-moments'
import { digamma, trigamma } from '../../src/theory/polygamma'
import { meanAndVariance, normalSource } from './normal-source'

describe('digamma and trigamma', () => {
  test("psi(1) = -gamma, psi(1/2) = -gamma - 2 ln 2, psi'(1) = pi^2/6, psi'(1/2) = pi^2/2 within 4 ulps", () => {
    const gamma = 0.5772156649015329
    const pairs = [
      [digamma(1), -gamma],
      [digamma(0.5), -gamma - 2 * Math.LN2],
      [trigamma(1), Math.PI ** 2 / 6],
      [trigamma(0.5), Math.PI ** 2 / 2],
    ]
    for (const [got, want] of pairs) expect(Math.abs(got / want - 1)).toBeLessThanOrEqual(4 * Number.EPSILON)
  })

  test('psi(x + 1) - psi(x) = 1/x at x = 0.5, 11.7, 300', () => {
    for (const x of [0.5, 11.7, 300]) {
      expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(4e-15)
      expect(Math.abs(trigamma(x) - trigamma(x + 1) - 1 / (x * x))).toBeLessThan(4e-15)
    }
  })
})

describe('logMoments', () => {
  test.each([1, 5, 64])(
    "chi-squared with %d degrees: mean psi(k/2) + ln 2, variance psi'(k/2), from (1 + 2t)^(-k/2)",
    (k) => {
      const got = logMoments((t) => (-k / 2) * Math.log1p(2 * t), Math.log(k))
      expect(Math.abs(got.mean - digamma(k / 2) - Math.LN2)).toBeLessThan(1e-12)
      expect(Math.abs(got.variance - trigamma(k / 2))).toBeLessThan(1e-11)
    },
  )
})

describe('layerLogFactor', () => {
  test('ReLU: binomial sums equal the Laplace transform of the sum given one active unit, n = 16, 100, 1024', () => {
    for (const n of [16, 100, 1024]) {
      const dead = 2 ** -n
      const transform = (t: number) => Math.log(((0.5 / Math.sqrt(1 + (4 * t) / n) + 0.5) ** n - dead) / (1 - dead))
      const want = logMoments(transform, 0)
      const got = layerLogFactor(n, 0)
      // this transform, a plain n-th power, is off by n roundings; over a tail of 45 that is 45 n eps in the mean, 45^2 n eps in the variance
      expect(Math.abs(got.mean - want.mean)).toBeLessThan(45 * n * Number.EPSILON)
      expect(Math.abs(got.variance - want.variance)).toBeLessThan(45 ** 2 * n * Number.EPSILON)
    }
  })

  test('leaky ReLU joins linear as its slope -> 1 and ReLU as it -> 0, n = 64, within 1e-6', () => {
    for (const [slope, limit] of [
      [1 - 1e-7, 1],
      [1e-4, 0],
    ]) {
      const got = layerLogFactor(64, slope)
      const want = layerLogFactor(64, limit)
      expect(Math.abs(got.mean / want.mean - 1)).toBeLessThan(1e-6)
      expect(Math.abs(got.variance / want.variance - 1)).toBeLessThan(1e-6)
    }
  })

  test('n = 1e4 and 1e5: mean -> -kurtosis/(2n), variance -> kurtosis/n with relative corrections of 4/n', () => {
    for (const n of [1e4, 1e5])
      for (const slope of [0, 0.2, 1]) {
        const { mean, variance } = layerLogFactor(n, slope)
        const kurtosis = homogeneousKurtosis(slope)
        expect(Math.abs((mean * -2 * n) / kurtosis - 1)).toBeLessThan(4 / n)
        expect(Math.abs((variance * n) / kurtosis - 1)).toBeLessThan(4 / n)
      }
  })

  test.each([0, 0.3])(
    'slope %d, n = 12: 40,000 simulated layers have that log mean and variance within 4 standard errors',
    (slope) => {
      const normal = normalSource(11)
      const n = 12
      const logs = Array.from({ length: 40_000 }, () => {
        let sum = 0
        for (let i = 0; i < n; i++) {
          const z = normal()
          sum += (z > 0 ? z : slope * z) ** 2
        }
        return Math.log((2 * sum) / ((1 + slope * slope) * n))
      }).filter(Number.isFinite)
      const { mean, variance } = meanAndVariance(logs)
      const want = layerLogFactor(n, slope)
      const fourth = logs.reduce((sum, x) => sum + (x - mean) ** 4, 0) / logs.length
      expect(Math.abs(mean - want.mean)).toBeLessThan(4 * Math.sqrt(variance / logs.length))
      expect(Math.abs(variance - want.variance)).toBeLessThan(4 * Math.sqrt((fourth - variance ** 2) / logs.length))
    },
  )

  test('a layer of one unit: ln (2 g^2), mean psi(1/2) + ln 4, variance pi^2/2', () => {
    const { mean, variance } = layerLogFactor(1, 0)
    expect(Math.abs(mean - digamma(0.5) - Math.log(4))).toBeLessThan(1e-15)
    expect(variance).toBeCloseTo(Math.PI ** 2 / 2, 14)
  })
})

describe('relativeVariance and layerLengthFactor', () => {
  test('one layer: 5/n for ReLU, 2/n for linear; layers multiply', () => {
    expect(relativeVariance([50])).toBeCloseTo(0.1, 15)
    expect(relativeVariance([50], 1)).toBeCloseTo(0.04, 15)
    expect(relativeVariance([10, 20])).toBeCloseTo(1.5 * 1.25 - 1, 14)
  })

  test('E|Ju| = 1 - 5/(8n) + O(1/n^2): at n = 4096 within 1/n^2', () => {
    expect(Math.abs(layerLengthFactor(4096) - (1 - 5 / (8 * 4096)))).toBeLessThan(4096 ** -2)
  })
})

describe('batchLog', () => {
  test('one sample keeps its own law; samples that share everything gain nothing from being many', () => {
    const own = { mean: -0.3, variance: 0.5, shared: 0.2 }
    const alone = batchLog(own, 1)
    expect(alone.mean).toBeCloseTo(-0.3, 15)
    expect(alone.variance).toBeCloseTo(0.5, 15)
    const equal = batchLog({ mean: -0.3, variance: 0.5, shared: 0.5 }, 64)
    expect([equal.mean, equal.variance]).toEqual([-0.3, 0.5])
  })

  test.each([
    [2, 1],
    [16, 2],
  ])(
    '%d samples with own log variance %d and 0.3 in common: 40,000 simulated batches within 4 standard errors',
    (batch, spread) => {
      const normal = normalSource(5)
      const logs = Array.from({ length: 40_000 }, () => {
        let sum = 0
        for (let b = 0; b < batch; b++) sum += Math.exp(Math.sqrt(spread) * normal() - spread / 2)
        return Math.log(sum / batch) + Math.sqrt(0.3) * normal()
      })
      const { mean, variance } = meanAndVariance(logs)
      const want = batchLog({ mean: -spread / 2, variance: spread + 0.3, shared: 0.3 }, batch)
      expect(Math.abs(mean - want.mean)).toBeLessThan(4 * Math.sqrt(variance / logs.length))
      expect(Math.abs(variance - want.variance)).toBeLessThan(4 * variance * Math.sqrt(2.5 / logs.length))
    },
  )
})
