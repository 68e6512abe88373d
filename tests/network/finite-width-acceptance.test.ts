import { describe, expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { seedRunner } from '../../src/network/measure'

const GAIN = 1.5925374197228315

function meanAndSpread(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1) }
}

test('tanh, width 64, unit gain at q = 1: Var q_l of layers 2, 3, 6, 12 is that of the recursion of propagation.md 2.4, by 2000 seeds', () => {
  const [width, seeds] = [64, 2000]
  // the input that gives the first layer's pre-activations the variance 1
  const data = new Float64Array(width).fill(1 / GAIN)
  const experiment = propagate({
    widths: new Array(13).fill(width),
    activation: 'tanh',
    init: `normal:${GAIN / Math.sqrt(width)}`,
    input: { data, rows: 1, columns: width },
    seeds,
  })
  const table = [
    [2, 0.04105],
    [3, 0.04314],
    [6, 0.04369],
    [12, 0.0437],
  ] as const
  for (const [layer, wanted] of table) {
    // q_l = K_l times a mean of n squares, K_l = gain^2 M_(l-1): Var q_l = Var K_l + 2 E K_l^2/n
    const conditional = experiment.seeds.map(({ forwardSecondMoment }) => GAIN ** 2 * forwardSecondMoment[layer - 2])
    const { mean, variance } = meanAndSpread(conditional)
    const found = variance + (2 * (mean ** 2 + variance)) / width
    // a sample variance has the relative standard error sqrt(2/(seeds - 1)); the recursion is of first order: it leaves 3/n of itself out
    const tolerance = 4 * variance * Math.sqrt(2 / (seeds - 1)) + (3 / width) * wanted
    expect(Math.abs(found - wanted), `layer ${layer}: ${found}`).toBeLessThan(tolerance)
  }
})

test('He ReLU from two orthogonal inputs, width 2048: cosines after layers 1, 2, 3, 5, 10 are 0.3183, 0.4937, 0.6048, 0.7359, 0.8715', () => {
  const [width, seeds] = [2048, 24]
  const data = Float64Array.from({ length: 2 * width }, (_, i) => (i === 0 || i === width + 1 ? Math.sqrt(width) : 0))
  const input = { data, rows: 2, columns: width }
  const runs = Array.from({ length: seeds }, (_, seed) =>
    propagate({ depth: 10, width, input, seed, engine: 'law' }).layers.map(({ forward }) => forward.cosine!),
  )
  const table = [
    [1, 0.31830988618],
    [2, 0.4937310902],
    [3, 0.60482572011],
    [5, 0.73594635063],
    [10, 0.87153551602],
  ] as const
  for (const [layer, wanted] of table) {
    const { mean, variance } = meanAndSpread(runs.map((cosines) => cosines[layer - 1]))
    // a layer of finite width shifts the mean cosine by order 1/n
    const tolerance = 4 * Math.sqrt(variance / seeds) + layer / width
    expect(Math.abs(mean - wanted), `layer ${layer}: ${mean}`).toBeLessThan(tolerance)
  }
})

describe('He ReLU from two orthogonal inputs, further on', () => {
  // per layer ln(1 - c) has the variance 8/n at most (|h_1 - h_2|^2 and |h|^2 are each a sum of about n/2 squares, 4/n of variance apiece), and a
  // disturbance at layer k has shrunk to (k/l)^2 in 1 - c ~ 1/l^2 by layer l: a variance of 8 l/(3 n), and a shift of the mean that is no more than
  // half of what would add up undamped, 4 l/n
  const TABLE = [
    [1, 0.31830988618],
    [10, 0.87153551602],
    [30, 0.97201087315],
    [100, 0.99642314668],
  ] as const

  test.each([
    ['law', 16384, 100, 40],
    ['weights', 1024, 30, 12],
  ] as const)(
    "engine '%s', width %i: ln(1 - cosine) up to layer %i is that of 0.3183, 0.8715, 0.9720, 0.9964, over %i seeds",
    (engine, width, depth, seeds) => {
      const data = new Float64Array(2 * width)
      for (let i = 0; i < width; i++) data[(i % 2) * width + i] = Math.SQRT2
      const input = { data, rows: 2, columns: width }
      const run = seedRunner('test', { depth, width, input, seeds, seed: 7, engine })
      const runs = Array.from({ length: seeds }, (_, seed) => run(seed).run.forward)
      for (const [layer, cosine] of TABLE.filter(([layer]) => layer <= depth)) {
        const logs = runs.map((forward) => Math.log(1 - forward[layer - 1].cosine!))
        const { mean, variance } = meanAndSpread(logs)
        const shift = (4 * layer) / width
        expect(Math.abs(mean - Math.log(1 - cosine))).toBeLessThan(4 * Math.sqrt(variance / seeds) + shift)
        // 40 seeds know their variance to a factor 1 + 4 sqrt(2/39)
        expect(variance).toBeLessThan(((8 * layer) / (3 * width) + 8 / width) * (1 + 4 * Math.sqrt(2 / (seeds - 1))))
      }
    },
  )
})
