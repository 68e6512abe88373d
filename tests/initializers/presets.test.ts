import { describe, expect, test } from 'vitest'
import { initialize, initStd, recipe } from '../../src/initializers/names'
import { presets } from '../../src/initializers/presets'
import { truncatedMoments } from '../../src/initializers/truncation'
import { moments } from '../../src/stats/moments'

/** What each library's source does, written out: the variance of one weight with fanIn inputs and fanOut outputs. */
const variances: [string, (fanIn: number, fanOut: number) => number][] = [
  // kaiming_uniform_(a=sqrt(5)): bound = sqrt(3) * sqrt(2 / (1 + 5)) / sqrt(fan_in)
  ['pytorch-linear', (fanIn) => 1 / (3 * fanIn)],
  ['pytorch-conv', (fanIn) => 1 / (3 * fanIn)],
  // kaiming_normal_(mode='fan_out', nonlinearity='relu')
  ['torchvision-conv', (_, fanOut) => 2 / fanOut],
  ['keras-dense', (fanIn, fanOut) => 2 / (fanIn + fanOut)],
  ['flax-dense', (fanIn) => 1 / fanIn],
  ['tfjs-4', (fanIn, fanOut) => (0.7737413035 * 2) / (fanIn + fanOut)],
  ['tfjs-4-he-normal', (fanIn) => (0.7737413035 * 2) / fanIn],
  // Math.random() * 0.4 - 0.2
  ['brain.js', () => 0.4 ** 2 / 12],
  ['convnetjs', (fanIn) => 1 / fanIn],
  // Math.random() - 0.5
  ['tf-playground', () => 1 / 12],
  ['gpt2', () => 0.02 ** 2],
]

describe('vector: the variance of each preset at 300 -> 100', () => {
  test.each(variances)('%s', (name, variance) => {
    expect(initStd(name, [100, 300]) ** 2 / variance(300, 100)).toBeCloseTo(1, 9)
  })

  test('every preset has a variance here, a source that is an address, and a bias that is a known name', () => {
    expect(presets.map(({ name }) => name).sort()).toEqual(variances.map(([name]) => name).sort())
    for (const { source, bias } of presets) {
      expect(source).toMatch(/^https:\/\//)
      const { init, ...options } = bias
      expect(recipe(init, options).stddev(300, 100)).toBeGreaterThanOrEqual(0)
    }
  })

  // 1 - 4 phi(2) / (2 Phi(2) - 1)
  test('0.774 of the variance is what a cut at 2 sigma leaves: 0.7737413035', () => {
    expect(truncatedMoments(-2, 2).stddev ** 2).toBeCloseTo(0.7737413035, 9)
  })

  test('the bound of pytorch-linear is 1/sqrt(fanIn), and the biases have the same', () => {
    const bound = (recipe('pytorch-linear').draw(64, 10) as { high: number }).high
    expect(Math.abs(bound - 0.125)).toBeLessThanOrEqual(2 * 2 ** -56)
    const { bias, weight } = presets.find(({ name }) => name === 'pytorch-linear')!
    expect(bias).toEqual(weight)
  })
})

test('statistics: pytorch-linear has variance 1/(3 fanIn) within 5 standard errors', () => {
  const n = 256 * 640
  const found = moments(initialize('pytorch-linear', [256, 640], { seed: 2 }))
  expect(Math.abs(found.secondMoment * 3 * 640 - 1)).toBeLessThanOrEqual(5 * Math.sqrt(0.8 / n))
})

test('property: a preset is fixed: it takes seed, stream, layout and groups, but no gain', () => {
  const kernel = initialize('pytorch-conv', [8, 2, 3, 3], { layout: 'OIHW', groups: 2, seed: 1 })
  expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(Math.fround(1 / Math.sqrt(18)))
  expect(() => initialize('pytorch-linear', [3, 4], { gain: 2 })).toThrow(
    "initialize: options expected only seed, stream, layout, out, groups, transposed, stride, got 'gain'",
  )
})
