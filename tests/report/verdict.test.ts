import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propagate } from '../../src/report/propagate'
import { isUnstable, verdict } from '../../src/report/verdict'
import { constructed } from './experiment'

test('He, 50 ReLU layers of width 512, both ways flat: stable, with what is left beside the band', () => {
  const { code, text, fix } = verdict(constructed({ depth: 50, width: 512, forward: 1, backward: 1 }))
  expect(code).toBe('stable')
  // exp(-50 * 5/(2 * 512)) = 0.783; times exp(+-1.96 sqrt(50 * 5/512)) = 0.199 and 3.09
  expect(text).toContain(
    "The second moment stays even: 0.78 of the input's at layer 50 (95 % of such networks: 0.20 to 3.1)",
  )
  expect(text).toContain("the gradient's stays even: 0.79 of layer 50's at layer 1")
  expect(fix).toBe('')
})

test('variance 1/fanIn under ReLU, 50 layers: vanishing both ways, with the cause, what is left and the factor sqrt 2', () => {
  const { code, text, fix } = verdict(constructed({ depth: 50, width: 4096, forward: 0.5, backward: 0.5 }))
  expect(code).toBe('vanishing')
  // 2^-50 = 8.88e-16 and 2^-49 = 1.78e-15, less exp(-50 * 5/(2 * 4096)) = 0.970
  expect(text).toBe(
    "The second moment going forward halves in every layer (8.6e-16 of the input's is left at layer 50), " +
      "the gradient's coming back halves in every layer (1.7e-15 of layer 50's is left at layer 1): " +
      'the weights have variance 1/fanIn and ReLU zeroes half the units.',
  )
  expect(fix).toBe('Multiply the weights by 1.414, or use he-normal: variance 2/fanIn.')
})

test('standard normal weights, width 512: exploding by 256 per layer, weights to be multiplied by 1/16', () => {
  const { code, text, fix } = verdict(constructed({ depth: 10, width: 512, forward: 256, backward: 256 }))
  expect(code).toBe('exploding')
  expect(text).toContain('variance 512/fanIn')
  expect(text).toContain('is multiplied by 256 in every layer')
  expect(fix).toContain('Multiply the weights by 0.0625,')
})

test('forward alone gives forward-vanishing, and backward alone backward-vanishing or backward-exploding', () => {
  const code = (forward: number, backward?: number) =>
    verdict(constructed({ depth: 20, width: 512, forward, backward })).code
  expect(code(0.5)).toBe('forward-vanishing')
  expect(code(2)).toBe('forward-exploding')
  expect(code(1, 0.5)).toBe('backward-vanishing')
  expect(code(1, 2)).toBe('backward-exploding')
  expect(code(0.5, 2)).toBe('forward-vanishing')
})

test('the fix of leaky-relu:0.2 with variance 1/fanIn is the gain sqrt(2/1.04) = 1.387', () => {
  const { text, fix } = verdict(constructed({ depth: 30, width: 512, forward: 0.52, activation: 'leaky-relu:0.2' }))
  expect(text).toContain('leaky ReLU (0.2) keeps 0.52 of the second moment')
  expect(fix).toBe('Multiply the weights by 1.387, or use weights of variance 1.923/fanIn.')
})

test('Glorot between layers of 512 and 256 units: the variances are a range, and no single factor is offered', () => {
  const widths = Array.from({ length: 31 }, (_, i) => (i % 2 ? 256 : 512))
  const { text, fix } = verdict(constructed({ depth: 30, width: widths, forward: (l) => (l % 2 ? 2 / 3 : 1 / 3) }))
  expect(text).toContain('variance between 0.6667/fanIn and 1.333/fanIn')
  expect(fix).toBe('Use he-normal: variance 2/fanIn.')
})

test('a width that tapers from 1024 to 16 changes the gradient per unit 64-fold and its sum not at all: stable', () => {
  const width = [1024, 1024, 512, 256, 128, 64, 32, 16]
  expect(verdict(constructed({ depth: 7, width, forward: 1, backward: 1 })).code).toBe('stable')
})

test('a network is judged by its depth scale: 0.96 per layer keeps 20 layers and loses 80', () => {
  const code = (depth: number) => verdict(constructed({ depth, width: 4096, forward: 0.96 })).code
  expect([code(20), code(80)]).toEqual(['stable', 'forward-vanishing'])
})

test('two standard deviations of luck at width 128, depth 50, one seed, are not taken for a trend', () => {
  for (const luck of [-2, 2])
    expect(verdict(constructed({ depth: 50, width: 128, forward: 1, luck, seeds: 1 })).code).toBe('stable')
})

test('a decay like 1/(2l), as of tanh at its critical point, is no exponential loss: stable', () => {
  const forward = (l: number) => (l === 1 ? 0.4 : (l - 1) / l)
  const { code, text } = verdict(constructed({ depth: 50, width: 4096, forward, activation: 'tanh' }))
  expect(code).toBe('stable')
  // (25/50)^(1/25) = 0.9727
  expect(text).toContain('changes by the factor 0.973 per layer, too little for this depth to lose it')
})

test('50 He layers of width 16: the typical network keeps exp(-7.8) = 0.0004 of the second moment, and 8 times wider is enough', () => {
  const { code, text, fix } = verdict(constructed({ depth: 50, width: 16, forward: 1 }))
  expect(code).toBe('narrow')
  expect(text).toContain('keeps only 4.0e-4')
  expect(fix).toContain('8 times wider')
})

test('a third layer measured 30 % above theory at width 4096 is off theory, by the standard errors of 8 seeds', () => {
  const forward = (l: number) => (l === 3 ? 1.3 : 1)
  const { code, text } = verdict(constructed({ depth: 6, width: 4096, forward, theory: 1 }))
  expect(code).toBe('off-theory')
  // (ln 1.3 - 3 * 5/(2 * 4096)) / sqrt(3 * 5/4096 / 8) = 12.2 at layer 3, less at every later one
  expect(text).toContain('at layer 3 is 1.30 where theory has 1.00, 12 standard errors apart')
})

test('theory of 0, as for constant weights, is off theory too, without standard errors', () => {
  const { code, text } = verdict(constructed({ depth: 2, width: 512, forward: 1, theory: 0 }))
  expect(code).toBe('off-theory')
  expect(text).toMatch(/where theory has 0\.$/)
})

/** 20,000 seeds of one tanh layer of 64 units on two samples of mean squares 1 + spread and 1 - spread: theory takes them to be equal. */
function unequalSamples(spread: number) {
  const [n, seeds] = [64, 20_000]
  const data = Float32Array.from({ length: 2 * n }, (_, i) =>
    i < n ? Math.sqrt(1 + spread) : (-1) ** i * Math.sqrt(1 - spread),
  )
  const input = { data, rows: 2, columns: n }
  const { layers, verdict } = propagate({
    ...{ widths: [n, n], init: 'lecun-normal', activation: 'tanh', engine: 'law', seeds, input },
  })
  const [{ forward, theory }] = layers
  const [low, high] = theory.forward.band
  const effect = Math.abs(Math.log(forward.secondMoment) - Math.log(low * high) / 2)
  // tanh's kurtosis at q = 1 is 0.6273 (propagation.md 3.1): the first order of ln in 1/width, and half of it the law's drift
  const firstOrder = 0.6273 / n
  const errors = (effect - firstOrder / 2) / Math.sqrt(firstOrder / seeds)
  return { effect, firstOrder, errors, verdict }
}

test('a departure that 20,000 seeds tell from 0 but that is within the first order of theory in 1/width is none', () => {
  const { effect, firstOrder, errors, verdict } = unequalSamples(0.2)
  // 5 of them alone would be a surprise
  expect(errors).toBeGreaterThan(5)
  expect(effect).toBeGreaterThan(0.8 * firstOrder)
  expect(effect).toBeLessThan(firstOrder)
  expect(verdict.code).toBe('stable')
})

test('a departure beyond the first order of theory in 1/width is off theory, with its standard errors', () => {
  const { effect, firstOrder, errors, verdict } = unequalSamples(0.3)
  expect(effect).toBeGreaterThan(1.5 * firstOrder)
  expect(verdict.code).toBe('off-theory')
  // theory's spread of two samples is less than that of one
  const told = Number(/(\d+) standard errors apart/.exec(verdict.text)![1])
  expect(told).toBeGreaterThan(0.9 * errors)
})

test('4 standard errors from theory are still an accident', () => {
  const luck = 4 / Math.sqrt(8)
  expect(verdict(constructed({ depth: 6, width: 512, forward: 1, luck })).code).toBe('stable')
})

/** The first seeds of an experiment lose their signal at this layer. */
function zeroFrom(layer: number, forward: number, seeds: number) {
  const made = constructed({ depth: 1100, width: 4096, forward })
  for (const seed of made.seeds.slice(0, seeds)) seed.forwardSecondMoment.fill(0, layer - 1)
  return verdict(made)
}

test('all zero at layer 1070 after 2^-1069 is underflow; the same zeros after 1 are a dead layer', () => {
  const underflow = zeroFrom(1070, 0.5, 8)
  expect(underflow.code).toBe('underflow')
  expect(underflow.text).toMatch(
    /^Layer 1070 has a second moment below the least double: .*ReLU zeroes half the units\.$/,
  )
  const dead = zeroFrom(1070, 1, 2)
  expect(dead.code).toBe('dead')
  expect(dead.text).toMatch(/^In 2 of 8 seeds, layer 1070 is dead: all 4096 units/)
})

test('zero weights are dead from layer 1 on, and the fix is a recipe', () => {
  const { code, text, fix } = verdict(constructed({ depth: 3, width: 64, forward: 0 }))
  expect([code, fix]).toEqual(['dead', 'Use he-normal: variance 2/fanIn.'])
  expect(text).toBe('Layer 1 is all 0: made-by-hand weights pass nothing on.')
})

test('0.3^l leaves float32 at layer 172, the first with 0.3^(l/2) < 2^-149, and 3^l at layer 162', () => {
  const text = (forward: number) => verdict(constructed({ depth: 320, width: 1e6, forward })).text
  expect(text(0.3)).toMatch(/; in float32 layer 172 would underflow to 0\.$/)
  expect(text(3)).toMatch(/; in float32 layer 162 would overflow\.$/)
})

test('infinite from layer 18 on is overflow, going forward, and named by its layer coming back', () => {
  const made = constructed({ depth: 20, width: 256, forward: 128, backward: 128 })
  for (const seed of made.seeds) seed.backwardSecondMoment.fill(Number.POSITIVE_INFINITY, 0, 2)
  expect(verdict(made).text).toContain('The gradient is infinite at layer 2 on its way back')
  for (const seed of made.seeds) seed.forwardSecondMoment.fill(Number.NaN, 17)
  expect(verdict(made).text).toMatch(/^Layer 18 is infinite: the weights have variance 256\/fanIn/)
  expect(verdict(made).code).toBe('overflow')
})

test('one layer is judged too: variance 2/fanIn is stable, 0.01 standard deviation at width 64 is not', () => {
  expect(verdict(constructed({ depth: 1, width: 512, forward: 1, backward: 1 })).code).toBe('stable')
  expect(verdict(constructed({ depth: 1, width: 512, forward: 0.0032, backward: 0.0032 })).code).toBe(
    'forward-vanishing',
  )
})

test('a check fails on every verdict that loses the signal, and not on stable or off-theory', () => {
  const fails = (code: string) => isUnstable({ code, text: '', fix: '' })
  for (const code of ['vanishing', 'forward-exploding', 'narrow', 'dead', 'underflow', 'overflow'])
    expect(fails(code), code).toBe(true)
  for (const code of ['stable', 'off-theory']) expect(fails(code), code).toBe(false)
})

test('for any factors, widths and depth the verdict is whole sentences without NaN, undefined or [object', () => {
  const factors = fc.double({ min: 1e-30, max: 1e30, noNaN: true })
  fc.assert(
    fc.property(
      factors,
      factors,
      factors,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 2048 }),
      (forward, backward, theory, depth, width) => {
        const { code, text, fix } = verdict(constructed({ depth, width, forward, backward, theory }))
        expect(`${code} ${text} ${fix}`).not.toMatch(/NaN|undefined|\[object/)
        expect(text).toMatch(/^[A-Z].*\.$/)
        expect(fix).toMatch(/^([A-Z].*\.)?$/)
        expect(fix === '').toBe(code === 'stable')
      },
    ),
    { seed: 42, numRuns: 200 },
  )
})

test('a GELU network whose activations fall below float32 underflows; it is not called dead', () => {
  const { verdict } = propagate({ activation: 'gelu', init: 'lecun-normal', depth: 200, width: 32, batch: 4 })
  expect(verdict.code).toBe('underflow')
})

test.each([
  ['gelu', '2.352', '1.144'],
  ['silu', '2.811', '1.173'],
  ['mish', '2.211', '1.076'],
  ['hardswish', '3.016', '1.224'],
])(
  '%s: the advice of variance %s/fanIn says that its fixed point is unstable, an error growing by %s per layer',
  (activation, variance, growth) => {
    const { verdict } = propagate({ activation, init: 'lecun-normal', depth: 20, width: 128, batch: 4 })
    expect(verdict.code).toBe('forward-vanishing')
    expect(verdict.fix).toContain(`variance ${variance}/fanIn, and normalise or add residual connections`)
    expect(verdict.fix).toContain(
      `an unstable fixed point, where an error in the second moment grows by ${growth} per layer`,
    )
  },
)

test('tanh and SELU at their gains have stable fixed points: the advice has no warning', () => {
  for (const activation of ['tanh', 'selu']) {
    const { verdict } = propagate({ activation, init: 'normal:1', depth: 8, width: 16, batch: 4, backward: true })
    expect(verdict.fix).toContain('variance')
    expect(verdict.fix).not.toContain('unstable')
  }
})

test("where widths differ, the gradient that follows chi is the layer's sum, and said to be; where they do not, nothing is", () => {
  const widths = Array.from({ length: 16 }, (_, l) => Math.round(64 * 2 ** (l / 3)))
  const swapped = propagate({ init: 'torchvision-conv', widths, batch: 8, seeds: 4, engine: 'law', backward: true })
  expect(swapped.verdict.code).toBe('vanishing')
  expect(swapped.verdict.text).toContain(
    "the gradient's, summed over a layer's units, coming back is multiplied by 0.79",
  )
  // the mean over units stays: 2 / fanOut is the variance that keeps it
  expect(Math.abs(Math.log(swapped.layers[0].theory.backward!.secondMoment))).toBeLessThan(1e-9)
  const even = propagate({ init: 'lecun-normal', depth: 20, width: 64, batch: 8, backward: true })
  expect(even.verdict.text).not.toContain('summed')
})

test.each([32, 64, 1024])(
  '6 ReLU layers of width %d under xavier-uniform lose the signal: 1/64 of it is no even network, however narrow',
  (width) => {
    const { verdict } = propagate({ init: 'xavier-uniform', depth: 6, width, batch: 16, backward: true })
    expect(verdict.code).toBe('vanishing')
  },
)
