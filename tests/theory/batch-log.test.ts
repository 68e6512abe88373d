import { expect, test } from 'vitest'
import { batchLog, integratedAverage, interpolatedAverage } from '../../src/theory/batch-log'
import { meanAndVariance, normalSource } from './normal-source'

test.each([2, 8, 64, 256])(
  'interpolation by octaves is the quadrature within 1e-5, batch %d, spreads 0.25 to 20',
  (batch) => {
    for (let spread = 0.251; spread < 20; spread *= 1.37) {
      const got = interpolatedAverage(spread, batch)
      const want = integratedAverage(spread, batch)
      expect(Math.abs(got.mean - want.mean), `mean at ${spread}`).toBeLessThan(1e-5)
      expect(Math.abs(got.variance - want.variance), `variance at ${spread}`).toBeLessThan(1e-5)
    }
  },
)

test('the moments of the average of 8 log-normals of log variance 1.5 are those of 20,000 drawn ones within 4 standard errors', () => {
  const normal = normalSource(5)
  const logs = Array.from({ length: 20_000 }, () => {
    let sum = 0
    for (let i = 0; i < 8; i++) sum += Math.exp(Math.sqrt(1.5) * normal() - 0.75)
    return Math.log(sum / 8)
  })
  const { mean, variance } = meanAndVariance(logs)
  const want = batchLog({ mean: -0.75, variance: 1.5, shared: 0 }, 8)
  expect(Math.abs(mean - want.mean)).toBeLessThan(4 * Math.sqrt(variance / logs.length))
  // a variance's standard error, 5 % up for a kurtosis that is not the normal's
  expect(Math.abs(variance / want.variance - 1)).toBeLessThan(4 * 1.05 * Math.sqrt(2 / logs.length))
})
