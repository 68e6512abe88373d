import { expect, test } from 'vitest'
import { pairedRatios, propagate, seedsFor } from '../../src/index'
import { seedStatistics } from '../../src/report/seed-statistics'

const NETWORK = { depth: 20, width: 128, batch: 1, seeds: 40, seed: 300, backward: true }

test('the interval of 2, 4 and 8 is that of Student t with 2 degrees of freedom about their geometric mean 4', () => {
  const { interval, median, band } = seedStatistics([8, 2, 4], [1, 1])
  // ln 2 is the standard deviation of the logarithms, sqrt(2) 0.95/sqrt(1 - 0.95^2) = 4.3027 the quantile
  const reach = Math.exp((((Math.SQRT2 * 0.95) / Math.sqrt(1 - 0.95 ** 2)) * Math.LN2) / Math.sqrt(3))
  expect(interval![0]).toBeCloseTo(4 / reach, 10)
  expect(interval![1]).toBeCloseTo(4 * reach, 10)
  expect(median).toBe(4)
  // positions 0.05 and 1.95 of the order statistics 2, 4, 8
  expect(band[0]).toBeCloseTo(2.1, 12)
  expect(band[1]).toBeCloseTo(7.8, 12)
})

test('z counts standard errors of the seeds in theory: 4 seeds at e^2 in a band of ln 0 -+ 1.96 are 4 from it', () => {
  const band = [Math.exp(-1.959963984540054), Math.exp(1.959963984540054)] as const
  expect(seedStatistics(new Array(4).fill(Math.exp(2)), band).z).toBeCloseTo(4, 12)
})

test('one seed has no interval, a seed at 0 neither interval nor z, and a band without width no z', () => {
  expect(seedStatistics([1], [0.5, 2])).toMatchObject({ interval: null, median: 1, band: [1, 1] })
  expect(seedStatistics([0, 1], [0.5, 2])).toMatchObject({ interval: null, median: 0.5, z: null })
  expect(seedStatistics([1, 2], [1, 1]).z).toBeNull()
})

test('20 ReLU layers of width 128 under He, one input, 40 seeds: |z| < 4 in every layer, forward and backward', () => {
  for (const { layer, statistics } of propagate(NETWORK).layers) {
    expect(Math.abs(statistics.forward.z!), `layer ${layer}`).toBeLessThan(4)
    // the probe gradient of the last layer itself is normal noise of spread sqrt(2/128), which theory has too
    expect(Math.abs(statistics.backward!.z!), `layer ${layer}, backward`).toBeLessThan(4)
  }
})

test('a network that theory does not describe stands out: the same seeds under variance 1.9/fanIn are more than 5 standard errors away', () => {
  const [he, off] = ['he-normal', `normal:${Math.sqrt(1.9 / 128)}`].map((init) => propagate({ ...NETWORK, init }))
  const moments = off.seeds.map((seed) => seed.forwardSecondMoment[19])
  expect(Math.abs(seedStatistics(moments, he.layers[19].theory.forward.band).z!)).toBeGreaterThan(5)
})

test('normal:0.25 over normal:0.125 at 40 seeds: the paired ratio is 4^l without an interval to speak of, 1e-12', () => {
  const [wide, narrow] = ['normal:0.25', 'normal:0.125'].map((init) => propagate({ ...NETWORK, init }))
  for (const [i, { layer, forward, backward }] of pairedRatios(wide, narrow).entries()) {
    for (const seed of wide.seeds.keys())
      expect(wide.seeds[seed].forwardSecondMoment[i]).toBe(narrow.seeds[seed].forwardSecondMoment[i] * 4 ** layer)
    // gains in a power of two differ in no bit; what is left is the rounding of exp and log
    expect(forward.ratio! / 4 ** layer).toBeCloseTo(1, 12)
    expect(forward.interval![1] / forward.interval![0]).toBeCloseTo(1, 12)
    expect(backward!.ratio! / 4 ** (20 - layer)).toBeCloseTo(1, 12)
  }
})

test('simple Xavier over He: the paired ratio is 2^-l per seed to rounding, where either alone scatters by a factor', () => {
  const [he, xavier] = ['he-normal', 'xavier-simple'].map((init) => propagate({ ...NETWORK, init }))
  for (const { layer, forward } of pairedRatios(xavier, he)) {
    // weights and activations are rounded to f32 apart: two relative errors of 2^-23 a layer, doubled by the square
    expect(Math.abs(forward.ratio! * 2 ** layer - 1)).toBeLessThan(4 * layer * 2 ** -23)
    expect(forward.interval![1] / forward.interval![0] - 1).toBeLessThan(8 * layer * 2 ** -23)
  }
  const [low, high] = he.layers[19].statistics.forward.interval!
  expect(high / low).toBeGreaterThan(1.2)
})

test('experiments on other seeds or depths are not paired', () => {
  const other = propagate({ ...NETWORK, seeds: 2, seed: 301 })
  expect(() => pairedRatios(propagate({ ...NETWORK, seeds: 2 }), other)).toThrow(
    'pairedRatios: base.config.seed expected 300, got 301',
  )
})

test('0.1 on the log mean takes 59 seeds at 30 layers of width 256 and 519 at 100 of width 100 by theory', () => {
  const seeds = (depth: number, width: number) => seedsFor(propagate({ depth, width, batch: 1 })).theory
  // propagation.md 3.3 has 5 L/n/0.01 rounded up; the exact law, 30 x 0.0198187 and 100 x 0.0519400, asks for 60 and 520
  expect(seeds(30, 256)).toBe(60)
  expect(seeds(100, 100)).toBe(520)
})

test('the measured spread of 40 seeds asks for as many seeds as theory, within its own 4 standard errors', () => {
  const { theory, measured } = seedsFor(propagate(NETWORK))
  // a variance from 40 seeds has the relative standard error sqrt(2/39); the counts are rounded up
  expect(Math.abs(measured! / theory! - 1)).toBeLessThan(4 * Math.sqrt(2 / 39) + 1 / theory!)
})
