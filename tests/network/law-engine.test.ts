import { expect, test } from 'vitest'
import { recipe } from '../../src/initializers/names'
import type { DenseEngine } from '../../src/network/dense-engine'
import { LAW } from '../../src/network/law-engine'
import { measure } from '../../src/network/measure'
import { type NetworkOptions, networkSpec } from '../../src/network/spec'
import { WEIGHTS } from '../../src/network/weight-products'
import { type MeasurementWithInner, runWithInner } from './run-with-inner'

function seedsOf(engine: DenseEngine, options: NetworkOptions): MeasurementWithInner[] {
  const spec = networkSpec('test', { backward: true, ...options })
  const law = recipe(spec.init)
  const draws = spec.widths.slice(1).map((fanOut, i) => law.draw(spec.widths[i], fanOut))
  return spec.seeds.map((seed) => runWithInner(spec, draws, seed, engine))
}

/** What two engines are compared by; a network that died has no logarithm. */
const STATISTICS: Record<string, (m: MeasurementWithInner) => number> = {
  'ln of the last second moment': ({ forward }) => forward[forward.length - 1].logSecondMoment,
  'last dead fraction': ({ forward }) => forward[forward.length - 1].deadFraction,
  'last zero fraction': ({ forward }) => forward[forward.length - 1].zeroFraction,
  'last cosine': ({ forward }) => forward[forward.length - 1].cosine ?? 0,
  'ln of the gradient at layer 1': ({ backward }) => backward![0].logSecondMoment,
  'ln of the gradient of the middle weights': ({ backward }) => backward![backward!.length >> 1].logWeightGradNorm,
  '<W, dL/dW> over |dL/dW| at layer 1': ({ backward }) => {
    const { inner, logWeightGradNorm } = backward![0]
    return inner === 0 ? 0 : inner / Math.exp(logWeightGradNorm)
  },
}

/** sup |F - G| sqrt(a b / (a + b)) of two samples. */
function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): number {
  const [x, y] = [first, second].map((values) => [...values].sort((a, b) => a - b))
  let [i, j, largest] = [0, 0, 0]
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i], y[j])
    while (x[i] <= at) i++
    while (y[j] <= at) j++
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length))
  }
  return largest * Math.sqrt((x.length * y.length) / (x.length + y.length))
}

const CASES: readonly NetworkOptions[] = [
  { width: 16, batch: 1, activation: 'relu' },
  { width: 16, batch: 2, activation: 'tanh', init: 'lecun-normal' },
  { width: 16, batch: 4, activation: 'linear', init: 'lecun-normal' },
  { width: 16, batch: 13, activation: 'leaky-relu:0.2' },
  { width: 64, batch: 1, activation: 'gelu', bias: 0.3 },
  { width: 64, batch: 2, activation: 'linear', init: 'xavier-normal' },
  { width: 64, batch: 4, activation: 'relu' },
  { width: 64, batch: 13, activation: 'tanh', init: 'normal:0.2' },
  { width: 100, batch: 1, activation: 'leaky-relu:0.2' },
  { width: 100, batch: 2, activation: 'relu', bias: 0.1 },
  { width: 100, batch: 4, activation: 'gelu' },
  { width: 100, batch: 13, activation: 'relu' },
].map((options) => ({ depth: 12, ...options }))
const UNEVEN: NetworkOptions = { widths: [3, 40, 2, 30, 30, 5], batch: 20, activation: 'leaky-relu:0.2' }

const SEEDS = 250
/** P(statistic > x) -> 2 exp(-2 x^2), at 0.001 over all comparisons of this file. */
const CRITICAL = Math.sqrt(Math.log((2 * (CASES.length + 1) * Object.keys(STATISTICS).length) / 0.001) / 2)

test.each([...CASES, UNEVEN].map((options) => [JSON.stringify(options), options] as const))(
  '%s: with and without weights, 250 seeds each, all seven statistics are of one distribution at 0.1 %% Bonferroni',
  (_, options) => {
    const law = seedsOf(LAW, { ...options, seeds: SEEDS })
    const weights = seedsOf(WEIGHTS, { ...options, seeds: SEEDS, seed: 1000 })
    const distances = Object.entries(STATISTICS).map(
      ([name, of]) => [name, kolmogorovSmirnov(law.map(of), weights.map(of))] as const,
    )
    expect(distances.filter(([, distance]) => !(distance <= CRITICAL))).toEqual([])
  },
)

test.each([
  [64, -0.04010859883575, 0.08299735055645],
  [128, -0.01978640187732, 0.04023399260291],
  [256, -0.009828659363803, 0.0198187089098],
])(
  'ReLU with He, width %i, one sample: ln of the second moment has mean %d and variance %d a layer, within 4 standard errors of 400 seeds',
  (width, mean, variance) => {
    const [depth, seeds] = [20, 400]
    const runs = seedsOf(LAW, { depth, width, batch: 1, seeds, backward: false })
    const logs = runs.map(({ forward }) => forward[depth - 1].logSecondMoment)
    const found = logs.reduce((a, b) => a + b) / seeds
    const spread = logs.reduce((a, b) => a + (b - found) ** 2, 0) / (seeds - 1)
    expect(Math.abs(found - depth * mean)).toBeLessThan(4 * Math.sqrt((depth * variance) / seeds))
    // the sum of 20 independent steps is close to normal: its sample variance has standard error variance sqrt(2 / (seeds - 1))
    expect(Math.abs(spread - depth * variance)).toBeLessThan(4 * depth * variance * Math.sqrt(2 / (seeds - 1)))
  },
)

test('Euler: <W, dL/dW> is the same in all 100 layers of a ReLU network without biases, to 1e-5 of |W| |dL/dW|', () => {
  const [{ backward }] = seedsOf(LAW, { depth: 100, width: 100, batch: 16 })
  for (const layer of backward!) {
    // sqrt(2 * 100) is |W|_F; f32 sums of k = 100 terms are off by at most k 2^-24 = 6e-6 of |W| |dL/dW|
    const scale = Math.sqrt(2 * 100) * Math.exp(layer.logWeightGradNorm)
    expect(Math.abs(layer.inner - backward![0].inner)).toBeLessThan(1e-5 * scale)
  }
})

test('gains a power of two apart give activations apart by exactly 2^l: normal:0.25 over normal:0.125, 40 layers, forward and backward', () => {
  const [wide, narrow] = ['normal:0.25', 'normal:0.125'].map(
    (init) => seedsOf(LAW, { depth: 40, width: 33, batch: 5, init })[0],
  )
  wide.forward.forEach((layer, i) => {
    expect(layer.secondMoment).toBe(narrow.forward[i].secondMoment * 4 ** (i + 1))
    expect(layer.zeroFraction).toBe(narrow.forward[i].zeroFraction)
  })
  expect(wide.backward!.map((b) => b.inner)).toEqual(narrow.backward!.map((b) => b.inner * 2 ** 40))
})

test('depth 2000, width 24, batch 4: samples that f32 no longer tells apart, far below its range, and every number is finite', () => {
  const [{ forward, backward }] = seedsOf(LAW, { depth: 2000, width: 24, batch: 4, init: 'xavier-simple' })
  const last = forward[1999]
  expect(last.logSecondMoment).toBeLessThan(2000 * Math.log(0.5))
  // two roundings of f32 a value
  expect(Math.abs(last.cosine! - 1)).toBeLessThan(2 ** -22)
  for (const layer of backward!) expect(Number.isFinite(layer.logSecondMoment + layer.logWeightGradNorm)).toBe(true)
})

test.each<[NetworkOptions, string]>([
  [{ depth: 3, width: 8, batch: 8 }, 'weights'],
  [{ depth: 3, width: 8, batch: 8, engine: 'weights' }, 'weights'],
  [{ depth: 3, width: 8, batch: 8, engine: 'auto' }, 'law'],
  [{ depth: 3, width: 8, batch: 9, engine: 'auto' }, 'weights'],
  [{ depth: 3, width: 8, batch: 9, engine: 'law' }, 'law'],
  [{ widths: [8, 8, 1], batch: 8, engine: 'auto' }, 'law'],
  [{ depth: 3, width: 8, batch: 4, engine: 'auto', init: 'he-uniform' }, 'weights'],
  [{ depth: 3, width: 8, batch: 4, engine: 'auto', init: 'truncated-he-normal' }, 'weights'],
])('measure(%j) runs on the engine %s, and says so', (options, engine) => {
  const { config, seeds } = measure('test', options)
  expect(config.engine).toBe(engine)
  expect(seeds).toEqual(measure('test', { ...options, engine: engine as 'law' | 'weights' }).seeds)
})

test.each(['he-uniform', 'truncated-he-normal', 'constant:0.1', 'zeros'])(
  "engine 'law' with init %s is refused: its weights cannot be integrated out",
  (init) => {
    expect(() => measure('propagate', { depth: 3, width: 8, engine: 'law', init })).toThrow(
      new RangeError(
        `propagate: engine expected 'weights' or 'auto' beside init '${init}' (only independent normals of mean 0 can be integrated out), got 'law'`,
      ),
    )
  },
)

test("an unknown engine is refused with the nearest: 'wieghts'", () => {
  const options = { depth: 3, width: 8, engine: 'wieghts' } as unknown as NetworkOptions
  expect(() => measure('propagate', options)).toThrow(
    "propagate: engine expected one of weights, law, auto, got 'wieghts'; did you mean 'weights'?",
  )
})

test('a batch whose factors need more than 4 GiB is refused before the work, and the next run goes on', () => {
  const input = { data: new Float32Array(1 << 22), rows: 64, columns: 1 << 16 }
  expect(() => measure('test', { widths: [1 << 16, 1 << 24], input, engine: 'law' })).toThrow(
    /memory expected room for/,
  )
  expect(measure('test', { depth: 2, width: 4, batch: 2, engine: 'law' }).seeds).toHaveLength(1)
})

test('a network too large for its factors to be kept gives the same bits as one that keeps them', () => {
  const options: NetworkOptions = { widths: [5, 40, 33, 20], batch: 9, init: 'he-normal' }
  expect(seedsOf({ ...LAW, prepare: () => null }, options)).toEqual(seedsOf(LAW, options))
})
