import { describe, expect, test } from 'vitest'
import type { LayerDocument, NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import type { NetworkExperiment } from '../../src/networks/result'

const RELU: LayerDocument = { kind: 'activation', name: 'relu' }
const SEEDS = 12

/** Mean over seeds of the layer's second moment, and four standard errors of it. */
function meanOf(experiment: NetworkExperiment, index: number, of: 'forwardSecondMoment' | 'backwardSecondMoment') {
  const values = experiment.seeds.map((seed) => seed[of][index])
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const square = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1)
  return { mean, four: 4 * Math.sqrt(square / values.length) }
}

const last = (experiment: NetworkExperiment) => experiment.layers.length - 1

describe('residual networks', () => {
  const n = 128
  const blocks = (scale: number, layers: LayerDocument[]): NetworkDocument => ({
    input: [n],
    layers: Array.from({ length: 20 }, () => ({ kind: 'residual', scale, layers })),
  })

  test('20 blocks x + sqrt(0.1) F(x), E F^2 = E x^2: 1.1^20 = 6.7275, exactly in the mean over seeds', () => {
    const branch: LayerDocument[] = [
      { kind: 'dense', units: n },
      RELU,
      { kind: 'dense', units: n, init: 'lecun-normal' },
    ]
    const run = propagateNetwork(blocks(Math.sqrt(0.1), branch), { batch: 8, seeds: SEEDS, seed: 1 })
    const { mean, four } = meanOf(run, last(run), 'forwardSecondMoment')
    expect(Math.abs(mean - 1.1 ** 20)).toBeLessThan(four)
    expect(run.layers[last(run)].theory.forward).toBeCloseTo(1.1 ** 20, 6)
  })

  test('20 pre-norm blocks with He on the last linear (g = 2): 1 + 2 x 20 = 41, the gradient 41 times at the first', () => {
    const branch: LayerDocument[] = [
      { kind: 'layerNorm' },
      { kind: 'dense', units: n },
      RELU,
      { kind: 'dense', units: n },
    ]
    const run = propagateNetwork(blocks(1, branch), { batch: 8, seeds: SEEDS, seed: 1, backward: true })
    const { mean, four } = meanOf(run, last(run), 'forwardSecondMoment')
    // the 1e-5 in the norm takes at most that share off each branch
    expect(Math.abs(mean - 41)).toBeLessThan(four + 41e-5)
    // 3 x 5 = 15 rows a block of 5: the first block's own output carries q_20/q_1 = 41/3
    expect(run.layers[4].theory.backward).toBeCloseTo(41 / 3, 6)
    const back = meanOf(run, 4, 'backwardSecondMoment')
    // the branch's gradient through the norm's own Jacobian is that of infinite width up to 1/n a block
    expect(Math.abs(back.mean - 41 / 3)).toBeLessThan(back.four + (41 / 3) * (20 / n))
  })
})

test('batch normalization before ReLU multiplies the gradient by pi/(pi - 1) a layer, whatever the weights', () => {
  const [n, batch, depth] = [256, 256, 10]
  const layers = Array.from({ length: depth }, (): LayerDocument[] => [
    { kind: 'dense', units: n, init: 'normal:0.3' },
    { kind: 'batchNorm' },
    RELU,
  ]).flat()
  const run = propagateNetwork({ input: [n], layers }, { batch, seeds: 3, seed: 4, backward: true })
  // from the gradient at the first block's output to that at the ninth's: eight factors
  const factors = run.seeds.map(({ backwardSecondMoment: g }) => (g[2] / g[2 + 8 * 3]) ** (1 / 8))
  const mean = factors.reduce((a, b) => a + b, 0) / factors.length
  const wanted = Math.PI / (Math.PI - 1)
  // finite batch: the norm takes 2 of B directions and divides by a variance of B samples; finite width: 5/n a layer
  expect(Math.abs(mean / wanted - 1)).toBeLessThan(4 / batch + 5 / n)
  expect((run.layers[2].theory.backward! / run.layers[26].theory.backward!) ** (1 / 8)).toBeCloseTo(wanted, 9)
})

describe('convolutions 3 x 3 on 8 x 8', () => {
  const stack = (padding: 'zero' | 'circular' | 'reflect'): NetworkDocument => ({
    input: [16, 8, 8],
    layers: Array.from({ length: 6 }, (): LayerDocument[] => [
      { kind: 'conv', channels: 16, kernel: 3, padding },
      RELU,
    ]).flat(),
  })

  test('zero padding loses what propagation.md has: 0.8402778 .. 0.4980990, in theory to 7 digits and measured in the mean', () => {
    const run = propagateNetwork(stack('zero'), { batch: 4, seeds: SEEDS, seed: 2 })
    const published = [0.8402778, 0.7415123, 0.6639232, 0.6001467, 0.5456528, 0.498099]
    published.forEach((wanted, i) => {
      expect(run.layers[2 * i + 1].theory.forward).toBeCloseTo(wanted, 6)
      const { mean, four } = meanOf(run, 2 * i + 1, 'forwardSecondMoment')
      expect(Math.abs(mean - wanted)).toBeLessThan(four)
    })
    // corner 4/9, edge 2/3 after one layer, in the mean over seeds
    const { profile } = run.layers[1].forward
    expect(profile).toHaveLength(64)
    expect(profile![0]).toBeLessThan(profile![3])
    expect(profile![3]).toBeLessThan(profile![27])
  })

  test('circular padding loses nothing: exactly 1 in theory, and measured in the mean', () => {
    const run = propagateNetwork(stack('circular'), { batch: 4, seeds: SEEDS, seed: 3 })
    expect(run.layers[11].theory.forward! / run.config.inputSecondMoment).toBeCloseTo(1, 12)
    const { mean, four } = meanOf(run, 11, 'forwardSecondMoment')
    expect(Math.abs(mean - 1)).toBeLessThan(four)
  })
})

test('a dense layer has the weights that initialize gives for its stream: an identity returns the batch', () => {
  const run = propagateNetwork(
    { input: [9], layers: [{ kind: 'dense', units: 9, init: 'identity' }] },
    { batch: 5, backward: true },
  )
  expect(run.layers[0].forward.secondMoment).toBeCloseTo(run.config.inputSecondMoment, 12)
  expect(run.layers[0].theory.forward).not.toBeNull()
})

test('a function of one’s own is measured as the activation that it is: ReLU in JavaScript gives the bits of relu, there and back', () => {
  const own = { name: 'own', f: (z: number) => Math.max(0, z), derivative: (z: number) => (z > 0 ? 1 : 0) }
  const [ours, named] = [own, 'relu'].map((name) => {
    const layers: LayerDocument[] = [
      { kind: 'conv', channels: 5, kernel: 3, bias: 0.1 },
      { kind: 'activation', name },
      { kind: 'dense', units: 7, bias: 0.1 },
    ]
    return propagateNetwork({ input: [3, 9], layers }, { batch: 5, seed: 2, backward: true })
  })
  expect(ours.seeds).toEqual(named.seeds)
  expect(ours.layers[1].forward.histogram).toEqual(named.layers[1].forward.histogram)
})

test('where a branch ends in an activation theory claims nothing from there on, and says null', () => {
  const layers: LayerDocument[] = [
    { kind: 'residual', layers: [{ kind: 'dense', units: 9 }, RELU] },
    { kind: 'dense', units: 4 },
  ]
  const run = propagateNetwork({ input: [9], layers }, { batch: 5, backward: true })
  expect(run.layers.map(({ theory }) => theory.forward === null)).toEqual([false, false, true, true])
  expect(run.layers.every(({ forward }) => Number.isFinite(forward.secondMoment))).toBe(true)
})

test('through 2000 layers past the range of doubles the verdict still names a layer that did something', () => {
  const run = propagateNetwork({ depth: 2000, width: 16, init: 'xavier-simple' }, { batch: 4, backward: true })
  expect(run.verdict.code).toBe('underflow')
  const [, factor] = /, x ([0-9.e-]+):/.exec(run.verdict.text) ?? []
  // one layer of width 16 rarely takes more than a hundredth of what comes in
  expect(Number(factor)).toBeGreaterThan(0.01)
  expect(Number(factor)).toBeLessThan(0.5)
})
