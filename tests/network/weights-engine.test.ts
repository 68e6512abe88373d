import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { initialize, recipe } from '../../src/initializers/names'
import { measure } from '../../src/network/measure'
import { networkSpec } from '../../src/network/spec'
import { fillNormal } from '../../src/random/draw'
import { referenceNetwork } from '../reference/network'
import { runWithInner } from './run-with-inner'

const SEED = 11

/** Runs the engine on the batch of seed 11 and returns one seed's measurement. */
function run(options: Parameters<typeof networkSpec>[1]) {
  const spec = networkSpec('test', { seed: SEED, backward: true, ...options })
  const law = recipe(spec.init)
  const draws = spec.widths.slice(1).map((fanOut, i) => law.draw(spec.widths[i], fanOut))
  return runWithInner(spec, draws, spec.seeds[0])
}

test.each([
  ['relu', 'he-normal', [7, 5, 13, 4], 3],
  ['leaky-relu:0.25', 'xavier-uniform', [10, 300, 17, 270], 9],
  ['linear', 'lecun-normal', [64, 64, 64], 8],
  ['relu', 'he-uniform', [1, 9, 1, 2], 17],
] as const)(
  '%s, %s, widths %j, batch %i: every number agrees with a plain f64 network of the weights that initialize() gives',
  (name, init, widths, batch) => {
    const data = fillNormal(new Float32Array(batch * widths[0]), { seed: SEED, stream: 'test batch' })
    const input = { data, rows: batch, columns: widths[0] }
    const { forward, backward } = run({ widths: [...widths], activation: name, init, input })
    const weights = widths.slice(1).map((fanOut, i) => {
      return initialize(init, [fanOut, widths[i]], { seed: SEED, stream: `layers.${i + 1}.weight` })
    })
    const probe = fillNormal(new Float32Array(batch * widths[widths.length - 1]), { seed: SEED, stream: 'probe' })
    const reference = referenceNetwork(widths, weights, data, probe, activation(name))
    reference.forEach((layer, i) => {
      // each f32 sum of k <= 300 products is off by at most k 2^-24 of the sum of magnitudes; rms errors add over 3 layers
      const close = (found: number, wanted: number) =>
        expect(Math.abs(found - wanted)).toBeLessThan(1e-5 * wanted + 1e-30)
      close(forward[i].secondMoment, layer.forwardSecondMoment)
      close(Math.exp(backward![i].logSecondMoment), layer.backwardSecondMoment)
      close(Math.exp(backward![i].logWeightGradNorm), layer.weightGradNorm)
      expect(forward[i].zeroFraction).toBe(layer.zeroFraction)
      expect(forward[i].deadFraction).toBe(layer.deadFraction)
      if (Number.isFinite(layer.cosine)) expect(forward[i].cosine).toBeCloseTo(layer.cosine, 5)
    })
  },
)

test('Euler: <W, dL/dW> is the same in all 20 layers of a ReLU network without biases, to 1e-5 of |W| |dL/dW|', () => {
  const { backward } = run({ depth: 20, width: 100, batch: 16 })
  const frobenius = Math.sqrt(2 * 100)
  for (const layer of backward!) {
    // <W, dW> = <W^T delta, h> is summed in f64 over f32 products of k = 100 terms: rounding is below k 2^-24 = 6e-6 of |W| |dW|
    const scale = frobenius * Math.exp(layer.logWeightGradNorm)
    expect(Math.abs(layer.inner - backward![0].inner)).toBeLessThan(1e-5 * scale)
  }
})

test('he-normal and xavier-simple of one seed: activations in ratio 2^(l/2) at every layer, to l + 1 roundings', () => {
  const [he, xavier] = ['he-normal', 'xavier-simple'].map((init) => run({ depth: 30, width: 64, batch: 8, init }))
  he.forward.forEach((layer, i) => {
    const ratio = layer.secondMoment / xavier.forward[i].secondMoment / 2 ** (i + 1)
    // sqrt(2/64) and sqrt(1/64) are rounded to f32 apart, and every activation is: 2 relative errors of 2^-23 a layer, doubled by the square
    expect(Math.abs(ratio - 1)).toBeLessThan(4 * (i + 1) * 2 ** -23)
  })
})

test('gains a power of two apart give activations apart by exactly 2^l: normal:0.25 over normal:0.125, 40 layers, forward and backward', () => {
  const [wide, narrow] = ['normal:0.25', 'normal:0.125'].map((init) => run({ depth: 40, width: 33, batch: 5, init }))
  wide.forward.forEach((layer, i) => {
    expect(layer.secondMoment).toBe(narrow.forward[i].secondMoment * 4 ** (i + 1))
    expect(layer.zeroFraction).toBe(narrow.forward[i].zeroFraction)
  })
  expect(wide.backward!.map((b) => b.inner)).toEqual(narrow.backward!.map((b) => b.inner * 2 ** 40))
})

test('depth 3000 at variance 1/fanIn neither underflows nor stalls: ln of the second moment falls by ln 2 a layer within the finite-width law', () => {
  const width = 16
  const { forward } = run({ depth: 3000, width, batch: 1, init: 'xavier-simple', backward: false })
  // propagation.md 3.3, n = 16: each layer's ln factor has mean -0.1763973 and variance 0.4195934 beside ln(1/2)
  const z = (forward[2999].logSecondMoment - 3000 * (Math.log(0.5) - 0.1763973244)) / Math.sqrt(3000 * 0.4195933941)
  expect(Math.abs(z)).toBeLessThan(4)
  expect(Number.isFinite(forward[2999].logSecondMoment)).toBe(true)
})

test.each([
  [64, -0.04010859883575, 0.08299735055645],
  [128, -0.01978640187732, 0.04023399260291],
  [256, -0.009828659363803, 0.0198187089098],
])(
  'ReLU with He, width %i, one sample: ln of the second moment has mean %d and variance %d a layer, within 4 standard errors',
  (width, mean, variance) => {
    const [depth, seeds] = [20, 100]
    const logs: number[] = []
    const spec = networkSpec('test', { depth, width, batch: 1, seeds, seed: 100 })
    const draws = spec.widths.slice(1).map(() => recipe('he-normal').draw(width, width))
    for (const seed of spec.seeds) logs.push(runWithInner(spec, draws, seed).forward[depth - 1].logSecondMoment)
    const found = logs.reduce((a, b) => a + b) / seeds
    const spread = logs.reduce((a, b) => a + (b - found) ** 2, 0) / (seeds - 1)
    expect(Math.abs(found - depth * mean)).toBeLessThan(4 * Math.sqrt((depth * variance) / seeds))
    // the sum of 20 independent steps is close to normal: its sample variance has standard error variance sqrt(2 / (seeds - 1))
    expect(Math.abs(spread - depth * variance)).toBeLessThan(4 * depth * variance * Math.sqrt(2 / (seeds - 1)))
  },
)

test('each seed of an experiment is the experiment of that seed alone', () => {
  const options = { depth: 5, width: 20, batch: 4, backward: true }
  const together = measure('test', { ...options, seed: 7, seeds: 3 })
  const alone = measure('test', { ...options, seed: 9 })
  expect(together.seeds[2]).toEqual(alone.seeds[0])
})
