import { describe, expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { seedRunner } from '../../src/network/measure'
import type { LayerDocument, NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { networkRunner } from '../../src/networks/measure'
import type { NetworkExperimentOptions } from '../../src/networks/spec'

const RELU: LayerDocument = { kind: 'activation', name: 'relu' }
const run = (network: NetworkDocument, options: NetworkExperimentOptions) => networkRunner('test', network, options)(0)

test('10,000 layers of width 32 at variance 1/fanIn, forward and back: every logarithm is finite, no value is subnormal as stored, and all agree with propagate', () => {
  const options = { init: 'xavier-simple', batch: 1, seed: 3, backward: true }
  const size = { depth: 10_000, width: 32 }
  const { layers } = run(size, options)
  const plain = seedRunner('test', { ...size, ...options })(0).run
  for (let l = 0; l < size.depth; l++) {
    const [dense, relu] = layers.slice(2 * l, 2 * l + 2)
    for (const { forward } of [dense, relu])
      expect(forward.exponentCounts[0]).toBe(Math.round(forward.zeroFraction * 32))
    // the same product of weights, its power of two taken out at another place: ulps of a logarithm of 7000
    expect(Math.abs(relu.forward.logSecondMoment - plain.forward[l].logSecondMoment)).toBeLessThan(1e-11)
    expect(relu.forward.zeroFraction).toBe(plain.forward[l].zeroFraction)
    expect(Number.isFinite(dense.backward!.logSecondMoment)).toBe(true)
  }
  expect(layers[19_999].forward.secondMoment).toBe(0)
  expect(layers[19_999].forward.logSecondMoment).toBeLessThan(-6000)
})

test('rescale: false is plain float32: the same network is all zeros before layer 400, as it is in propagate', () => {
  const options = { init: 'xavier-simple', batch: 1, seed: 3, rescale: false }
  const size = { depth: 400, width: 32 }
  const network = propagateNetwork(size, options)
  const plain = propagate({ ...size, ...options })
  expect(network.layers.filter(({ kind }) => kind === 'activation').map(({ forward }) => forward.secondMoment)).toEqual(
    plain.layers.map(({ forward }) => forward.secondMoment),
  )
  expect(network.layers[799].forward.zeroFraction).toBe(1)
  expect(network.config.rescale).toBe(false)
})

describe('residuals and convolutions without biases under rectifiers', () => {
  const branch = (scale: number, init: string): LayerDocument => ({
    kind: 'residual',
    scale,
    layers: [
      { kind: 'conv', channels: 4, kernel: 3, init },
      { kind: 'activation', name: 'leaky-relu:0.1' },
      { kind: 'conv', channels: 4, kernel: 3, init, padding: 'reflect' },
    ],
  })
  const stack = (layers: LayerDocument[], times: number): NetworkDocument => ({
    input: [4, 5, 5],
    layers: [{ kind: 'repeat', times, layers }],
  })
  const shrinking = stack(
    [{ kind: 'conv', channels: 4, kernel: 3, init: 'normal:0.03' }, RELU, branch(0.5, 'normal:0.1')],
    18,
  )
  const growing = stack([branch(9, 'he-normal'), RELU], 12)

  test.each([
    ['shrinking', -60, shrinking],
    ['growing', 60, growing],
  ] as const)('%s past 2^%i, rescaled or not: the same bits at every layer and position', (_, log2, network) => {
    const [scaled, plain] = [true, false].map((rescale) => run(network, { batch: 3, seed: 2, backward: true, rescale }))
    const last = scaled.layers[scaled.layers.length - 1].forward
    expect(Math.sign(log2) * last.logSecondMoment).toBeGreaterThan(Math.abs(log2) * Math.LN2)
    expect(last.exponent).not.toBe(0)
    scaled.layers.forEach(({ forward, profile, backward }, i) => {
      expect(forward.secondMoment).toBe(plain.layers[i].forward.secondMoment)
      expect(profile).toEqual(plain.layers[i].profile)
      // a logarithm split at another power of two: ulps of 100
      expect(backward!.logSecondMoment).toBeCloseTo(plain.layers[i].backward!.logSecondMoment, 11)
    })
  })

  test.each([
    ['shrinking', shrinking],
    ['growing', growing],
  ] as const)(
    '%s, rescaled or not: the same histogram, of every value but the zeros, that bounds the second moment',
    (_, network) => {
      const [scaled, plain] = [true, false].map((rescale) =>
        propagateNetwork(network, { batch: 3, seed: 2, seeds: 2, rescale }),
      )
      scaled.layers.forEach(({ size, forward }, i) => {
        expect(forward.histogram).toEqual(plain.layers[i].forward.histogram)
        const { low, counts } = forward.histogram
        const values = size.reduce((a, b) => a * b) * 3 * 2
        const share = counts.reduce((a, b) => a + b) / values
        expect(share).toBeCloseTo(1 - forward.zeroFraction, 12)
        // mean over seeds of h^2 from below and from above; the geometric mean lies under the plain one
        const least = counts.reduce((sum, count, k) => sum + count * 4 ** (low + k), 0) / values
        const plainMean = scaled.seeds.reduce((sum, seed) => sum + seed.forwardSecondMoment[i] / 2, 0)
        expect(plainMean).toBeGreaterThanOrEqual(least)
        expect(plainMean).toBeLessThan(4 * least)
      })
    },
  )

  test('1000 blocks that shrink to 2^-5000 keep every logarithm finite, the gradient included', () => {
    const deep = stack([{ kind: 'conv', channels: 4, kernel: 3, init: 'normal:0.03' }, branch(0.5, 'normal:0.1')], 1000)
    const { layers } = run(deep, { batch: 2, seed: 1, backward: true })
    for (const { forward, backward } of layers)
      expect(Number.isFinite(forward.logSecondMoment) && Number.isFinite(backward!.logSecondMoment)).toBe(true)
    expect(layers[layers.length - 1].forward.logSecondMoment).toBeLessThan(-5000 * Math.LN2)
  })
})

test.each([
  ['a bias', { kind: 'dense', units: 8, init: 'normal:0.001', bias: 1e-9 }],
  ['a norm', { kind: 'rmsNorm' }],
  ['tanh', { kind: 'activation', name: 'tanh' }],
  ['a branch with a norm', { kind: 'residual', scale: 1e-9, layers: [{ kind: 'layerNorm' }] }],
] as const)('%s makes a network that is not homogeneous: it is never rescaled on its way forward', (_, layer) => {
  const shrink: LayerDocument = { kind: 'dense', units: 8, init: 'normal:0.0001' }
  const network: NetworkDocument = {
    input: [8],
    layers: [shrink, shrink, RELU, shrink, layer as LayerDocument, shrink],
  }
  const { layers } = run(network, { batch: 3 })
  expect(layers.map(({ forward }) => forward.exponent)).toEqual(layers.map(() => 0))
})

test('the gradient of any network may be rescaled: through 300 tanh layers it stays finite where float32 has none left', () => {
  const network = { depth: 300, width: 16, activation: 'tanh', init: 'normal:0.1' }
  const [scaled, plain] = [true, false].map((rescale) => run(network, { batch: 2, backward: true, rescale }))
  expect(plain.layers[0].backward!.logSecondMoment).toBe(Number.NEGATIVE_INFINITY)
  expect(Number.isFinite(scaled.layers[0].backward!.logSecondMoment)).toBe(true)
  expect(scaled.layers.map(({ forward }) => forward.secondMoment)).toEqual(
    plain.layers.map(({ forward }) => forward.secondMoment),
  )
})
