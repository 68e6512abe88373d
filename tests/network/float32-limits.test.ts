import { expect, test } from 'vitest'
import { propagate } from '../../src/index'

// propagation.md 3.3, n = 256. The second moment after layer l is factor^l times a log-normal of variance 0.0198 l: the layer at which it
// passes a bound has the standard deviation sqrt(0.0198 l)/|ln factor|; the published layer is that of one network too, so that the
// difference of the two has twice the variance.
const LIMITS = [
  ['xavier-simple', 1 / 2, 142, 286],
  ['pytorch-linear', 1 / 6, 59, 117],
  ['normal:0.01', 0.0128, 24, 48],
] as const

test.each(LIMITS)(
  '%s, width 256, in plain float32: factor %d a layer, the mean square underflows at layer %i and every activation at %i, within 4 standard deviations of the difference of two networks',
  (init, factor, squares, zeros) => {
    const doubt = (layer: number) => 4 * (Math.sqrt(2 * 0.0198 * layer) / -Math.log(factor)) + 1
    const { layers } = propagate({ init, depth: zeros + 20, width: 256, batch: 1, rescale: false })
    const lostSquares = 1 + layers.findIndex(({ forward }) => Math.fround(forward.secondMoment) === 0)
    const lost = 1 + layers.findIndex(({ forward }) => forward.zeroFraction === 1)
    expect(Math.abs(lostSquares - squares)).toBeLessThan(doubt(squares))
    expect(Math.abs(lost - zeros)).toBeLessThan(doubt(zeros))
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
