import { expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { seedRunner } from '../../src/network/measure'

// propagation.md 3.3, n = 256: layers published for one network each. The second moment after layer l is factor^l times a log-normal of mean
// -0.00983 l and variance 0.0198 l (finite-width law), so the layer at which it passes 2^-150 scatters by sqrt(0.0198 l)/|ln factor| = 2.5 of
// Xavier's 148; a single network's layer says no more than that. Subnormal products are rounded away before the last activation is: that
// layer has no closed form, and the many networks here are its measure.
const LIMITS = [
  ['xavier-simple', 1 / 2, 142, 286],
  ['pytorch-linear', 1 / 6, 59, 117],
  ['normal:0.01', 0.0128, 24, 48],
] as const
const SEEDS = 32
const LOG_LEAST = -150 * Math.LN2
const DRIFT = -0.009828659363803
const VARIANCE = 0.0198187089098

function meanAndStd(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)) }
}

test.each(LIMITS)(
  '%s, width 256, in plain float32, 32 networks: factor %d a layer, the mean square underflows where the finite-width law says; the published layers %i (mean square) and %i (every activation) are within 4 standard deviations of one network',
  (init, factor, squares, zeros) => {
    const run = seedRunner('test', { init, depth: zeros + 30, width: 256, batch: 1, rescale: false, seeds: SEEDS })
    const found = Array.from({ length: SEEDS }, (_, seed) => {
      const { forward } = run(seed).run
      return {
        squares: 1 + forward.findIndex(({ secondMoment }) => Math.fround(secondMoment) === 0),
        zeros: 1 + forward.findIndex(({ zeroFraction }) => zeroFraction === 1),
      }
    })
    const square = meanAndStd(found.map((f) => f.squares))
    const zero = meanAndStd(found.map((f) => f.zeros))
    // first layer past the bound: between none and one layer beyond the mean crossing, and 4 standard errors
    const slope = Math.log(factor) + DRIFT
    const crossing = LOG_LEAST / slope
    const scatter = Math.sqrt(VARIANCE * crossing) / -slope
    expect(Math.abs(square.mean - (crossing + 0.5))).toBeLessThan(0.5 + (4 * scatter) / Math.sqrt(SEEDS))
    // a standard deviation of 32 numbers is itself uncertain by 1/sqrt(62), and whole layers add 1/12 of a layer to the variance
    expect(square.std).toBeLessThan(Math.sqrt(scatter ** 2 + 1 / 12) * (1 + 4 / Math.sqrt(62)))
    expect(square.std).toBeGreaterThan(scatter * (1 - 4 / Math.sqrt(62)))
    const spread = (std: number) => 4 * Math.sqrt((std ** 2 + 1 / 12) * (1 + 1 / SEEDS))
    expect(Math.abs(squares - square.mean)).toBeLessThan(spread(square.std))
    expect(Math.abs(zeros - zero.mean)).toBeLessThan(spread(zero.std))
  },
)

test('normal:1, width 256: the sum of squares overflows float32 at layer 18', () => {
  const { layers } = propagate({ init: 'normal:1', depth: 20, width: 256, batch: 1, rescale: false })
  const over =
    1 + layers.findIndex(({ forward }) => Math.fround(256 * forward.secondMoment) === Number.POSITIVE_INFINITY)
  // 128 a layer: 18 layers scatter by sqrt(0.0198 x 18)/ln 128 = 0.12 of a layer
  expect(over).toBe(18)
})

test('rescaled, none of these is lost where float32 is', () => {
  for (const [init, , , zeros] of LIMITS)
    expect(propagate({ init, depth: zeros + 20, width: 256 }).layers.at(-1)!.forward.zeroFraction).toBeLessThan(1)
})

test('with and without rescaling the bits are the same until float32 leaves its normal range, forward and backward', () => {
  const options = { init: 'xavier-simple', depth: 60, width: 64, batch: 5, backward: true, seeds: 2 }
  const [scaled, plain] = [true, false].map((rescale) => propagate({ ...options, rescale }))
  for (const [i, { forwardSecondMoment, backwardSecondMoment }] of plain.seeds.entries()) {
    expect(forwardSecondMoment).toEqual(scaled.seeds[i].forwardSecondMoment)
    // these pass through a logarithm, here of another exponent: ulps of 40
    backwardSecondMoment.forEach((moment, l) => {
      expect(moment / scaled.seeds[i].backwardSecondMoment[l]).toBeCloseTo(1, 12)
    })
  }
  expect(plain.config.rescale).toBe(false)
})

test('10,000 layers of width 32 at variance 1/fanIn: nothing underflows, no activation is subnormal as stored, and ln falls as the finite-width law says', () => {
  const depth = 10_000
  // at width 32 all units of a layer are off with probability 2^-32
  const { layers } = propagate({ depth, width: 32, batch: 1, init: 'xavier-simple', seed: 3 })
  const last = layers[depth - 1]
  expect(last.forward.zeroFraction).toBeLessThan(1)
  for (const { forward } of layers) {
    const counted = forward.histogram.counts.reduce((a, b) => a + b, 0)
    // subnormals are not in the histogram, zeros are in zeroFraction
    expect(counted).toBe(Math.round((1 - forward.zeroFraction) * 32))
  }
  // the exponents carried say how far it fell: ln 2 + 0.0809 a layer (propagation.md 2.4, -5/(2n) to first order) within 4 standard errors
  const fallen = (last.forward.histogram.low + last.forward.histogram.counts.length) * Math.LN2 * 2
  const drift = 0.5 * depth * (5 / 32) * (1 + 1 / 16)
  expect(Math.abs(fallen + depth * Math.LN2 + drift)).toBeLessThan(4 * Math.sqrt((5.4 / 32) * depth) + depth / 256)
})
