import { describe, expect, test } from 'vitest'
import * as entry from '../../src/theory'
import {
  convolutionBorder,
  criticalLine,
  depthBudget,
  finiteWidth,
  fixedPoint,
  initialLoss,
  jacobian,
  layerMap,
  normalized,
  residual,
  tailoredSlope,
  theory,
} from '../../src/theory'

describe('fixedPoint', () => {
  test('tanh at (1.5, 0.05): q* 0.418037200533, chi 0.938636268199, c* 1, xi_q 1.68282839, xi_c 15.79099403', () => {
    const { q, chi, cosine, xiQ, xiC, xiGradient } = fixedPoint({ activation: 'tanh', sigmaW2: 1.5, sigmaB2: 0.05 })
    expect([q.toFixed(12), chi.toFixed(12), cosine]).toEqual(['0.418037200533', '0.938636268199', 1])
    expect([xiQ.toFixed(8), xiC.toFixed(8)]).toEqual(['1.68282839', '15.79099403'])
    expect(xiGradient).toBe(1 / Math.log(chi))
  })

  test('where it starts decides: GELU at its gain dies out from q = 0.9 and explodes from 1.1', () => {
    const ends = [0.9, 1.1].map((from) => fixedPoint({ activation: 'gelu', from }).q)
    expect(ends).toEqual([0, Number.POSITIVE_INFINITY])
  })

  test('a homogeneous network at its gain stays where inputs of second moment 1 put it: q* = sigmaW2', () => {
    expect(fixedPoint({ activation: 'relu' })).toMatchObject({ q: 2.0000000000000004, cosine: 1, xiC: Infinity })
  })
})

describe('layerMap', () => {
  test('He ReLU takes cosines 0 and cos(pi/4) to 1/pi and 0.7554091649292, keeps q and has slope kappa_0', () => {
    const at = (cosine: number) => layerMap({ activation: 'relu', sigmaW2: 2, q: 3, cosine })
    expect(at(0).q).toBe(3)
    expect(at(0).cosine).toBeCloseTo(1 / Math.PI, 15)
    expect(at(Math.SQRT1_2).cosine).toBeCloseTo(0.7554091649292, 13)
    // kappa_0(cos t) = (pi - t)/pi
    expect(at(Math.SQRT1_2).cosineSlope).toBeCloseTo(3 / 4, 14)
  })

  test("tanh with a bias: the slopes are the maps' differences within 1e-7, and c = 1 stays 1", () => {
    const at = (q: number, cosine: number) => layerMap({ activation: 'tanh', sigmaW2: 1.7, sigmaB2: 0.2, q, cosine })
    // central differences of step 1e-4: an error of step^2 times a third derivative of order 1, and roundings of 1e-15/1e-4
    const step = 1e-4
    const { qSlope, cosineSlope } = at(0.8, 0.3)
    expect(Math.abs((at(0.8 + step, 0).q - at(0.8 - step, 0).q) / (2 * step) - qSlope)).toBeLessThan(1e-7)
    const rise = at(0.8, 0.3 + step).cosine! - at(0.8, 0.3 - step).cosine!
    expect(Math.abs(rise / (2 * step) - cosineSlope!)).toBeLessThan(1e-7)
    expect(at(0.8, 1).cosine).toBe(1)
  })

  test('weights and biases of 0 leave no signal to have a cosine', () => {
    expect(layerMap({ activation: 'tanh', sigmaW2: 0 })).toMatchObject({
      q: 0,
      cosine: null,
      cosineSlope: null,
      chi: 0,
    })
  })
})

describe('criticalLine', () => {
  test('tanh at biases 0, 0.05, 1: sigmaW2 1, 1.76095463961, 3.44321091227, chi 1; 6.17112614/l at 0.05', () => {
    const line = criticalLine({ activation: 'tanh', sigmaB2: [0, 0.05, 1] })
    expect(line.map((point) => point!.sigmaW2.toFixed(11))).toEqual(['1.00000000000', '1.76095463961', '3.44321091227'])
    for (const { q, sigmaW2, qSlope } of line.slice(1) as { q: number; sigmaW2: number; qSlope: number }[]) {
      expect(theory({ activation: 'tanh', q, sigmaW2 }).chi).toBeCloseTo(1, 12)
      expect(qSlope).toBeLessThan(1)
    }
    expect(line[1]!.decay!.toFixed(8)).toBe('6.17112614')
    expect(line[0]!.decay).toBeNull()
  })

  test('by q: GELU is unstable at q = 1, half-stable at (3 + sqrt 17)/2, stable at 10; softplus has no point at q = 1', () => {
    const [below, half, above] = criticalLine({ activation: 'gelu', q: [1, (3 + Math.sqrt(17)) / 2, 10] })
    expect(below!.qSlope).toBeGreaterThan(1.06)
    expect(half!.sigmaB2).toBeCloseTo(0.17292239075607, 12)
    expect(half!.qSlope).toBeCloseTo(1, 12)
    expect(above!.qSlope).toBeCloseTo(0.981822149, 9)
    expect(criticalLine({ activation: 'softplus', q: [1] })).toEqual([null])
  })

  test('an activation that bends has no decay of 1/l; ReLU is critical without a bias alone', () => {
    expect(criticalLine({ activation: 'hardtanh', sigmaB2: [0.05] })[0]!.decay).toBeNull()
    expect(criticalLine({ activation: 'relu', sigmaB2: [0, 0.1] })).toEqual([
      { q: 1, sigmaW2: 2, sigmaB2: 0, qSlope: 1, decay: null },
      null,
    ])
  })

  test('a constant has no gradient to keep: every point is null', () => {
    expect(criticalLine({ activation: { f: () => 1, derivative: () => 0, kinks: [] } }).every((p) => p === null)).toBe(
      true,
    )
  })
})

describe('finiteWidth', () => {
  const square = (n: number, depth: number) => Array<number>(depth + 1).fill(n)

  test('He ReLU, 30 layers of 256: log variance 30 x 0.0198187, relative variance 0.7866, 79 seeds for 10 %, 60 for 0.1 of the log', () => {
    const { logMean, logVariance, band, relativeVariance, seeds } = finiteWidth({
      activation: 'relu',
      widths: square(256, 30),
    })
    expect(logMean).toBeCloseTo(30 * -0.009828659363803, 12)
    expect(logVariance).toBeCloseTo(30 * 0.0198187089098, 12)
    // x/ 4.533 around the median
    expect(Math.sqrt(band[1] / band[0])).toBeCloseTo(4.533, 3)
    expect(relativeVariance).toBeCloseTo(0.7865544655, 10)
    // 59.46 of the log, rounded up
    expect(seeds).toEqual({ logMean: 60, mean: 79 })
  })

  test("stretch: 10 layers of 64 shorten a gradient's mean length by 0.990190148960 each, sqrt(n_L/n_0) apart", () => {
    expect(finiteWidth({ activation: 'relu', sigmaW2: 2, widths: square(64, 10) }).stretch).toBeCloseTo(
      0.99019014896 ** 10,
      11,
    )
    const widened = finiteWidth({ activation: 'relu', sigmaW2: 2, widths: [16, 64] }).stretch!
    expect(widened).toBeCloseTo(2 * 0.99019014896, 11)
    expect(finiteWidth({ activation: 'relu', sigmaW2: 1, widths: [16, 64] }).stretch).toBeNull()
  })

  test('tanh at its gain, n = 64: noise settles at kurtosis/(n (1 - slope^2)) = 0.012448 where ReLU keeps adding 5/n a layer', () => {
    const { logVariance, relativeVariance } = finiteWidth({ activation: 'tanh', widths: square(64, 30) })
    const settled = 0.627290806015 / 64 / (1 - 0.461070830478 ** 2)
    // the first q is 2.5: what 30 layers leave of that is 0.461^30 = 8e-11
    expect(Math.abs(logVariance / settled - 1)).toBeLessThan(1e-9)
    expect(relativeVariance).toBeNull()
  })
})

describe('structures', () => {
  test('jacobian of a linear network: largest eigenvalue (L + 1)^(L + 1)/L^L times sigmaW2^L, sigmaW2^L when orthogonal', () => {
    expect(jacobian({ activation: 'linear', depth: 2, sigmaW2: 3 }).largest).toBeCloseTo(6.75 * 9, 12)
    const isometry = jacobian({ activation: 'linear', depth: 2, sigmaW2: 3, weights: 'orthogonal' })
    expect(isometry).toMatchObject({ m1: 9, largest: 9 })
    expect(isometry.spread).toBeCloseTo(1, 14)
    expect(jacobian({ activation: 'relu', depth: 10 })).toMatchObject({ largest: null })
  })

  test('normalized: ReLU 1 a layer under LayerNorm, pi/(pi - 1) under BatchNorm, to the power of the depth', () => {
    expect(normalized({ activation: 'relu', norm: 'layer', depth: 50 }).growth).toBeCloseTo(1, 12)
    const { factor, growth } = normalized({ activation: 'relu', norm: 'batch', depth: 50 })
    expect(factor).toBeCloseTo(Math.PI / (Math.PI - 1), 14)
    expect(growth / (Math.PI / (Math.PI - 1)) ** 50).toBeCloseTo(1, 12)
  })

  test("residual: GPT-2's rule over 2 x 12 blocks gives q_0 + g, and the gradient the ratio", () => {
    const stack = { blocks: 24, branchScale: 1 / Math.sqrt(24), branchGain: 2, preNorm: true, q0: 4 }
    expect(residual(stack).secondMoment).toBeCloseTo(6, 14)
    expect(residual(stack).gradient).toBeCloseTo(1.5, 14)
  })

  test('convolutionBorder: 8 x 8 after one 3 x 3 layer keeps 0.8402778, its corner 4/9, deep stacks 0.921206596598 a layer', () => {
    const { profile, mean, decay } = convolutionBorder({ size: 8 })
    expect(profile[0] ** 2).toBeCloseTo(4 / 9, 15)
    expect(mean).toBeCloseTo(0.8402777777778, 13)
    expect(decay).toBeCloseTo(0.921206596598, 12)
    expect(convolutionBorder({ size: 8, kernel: 5 }).decay).toBeNull()
  })
})

test('where nothing is said of the variances, all questions take the gain: theory, fixedPoint, depthBudget agree on tanh', () => {
  const { sigmaW2, chi } = theory('tanh')
  expect(fixedPoint({ activation: 'tanh' }).q).toBeCloseTo(1, 12)
  expect(fixedPoint({ activation: 'tanh' }).chi).toBeCloseTo(chi, 12)
  expect(depthBudget({ activation: 'tanh', widths: [9, 9] })).toEqual(
    depthBudget({ activation: 'tanh', sigmaW2, sigmaB2: 0, widths: [9, 9] }),
  )
})

type Call = [string, (options: never) => unknown, object, ErrorConstructor, RegExp]
const refusals: Call[] = [
  [
    'fixedPoint',
    fixedPoint,
    { activation: 'tanh', from: 0 },
    RangeError,
    /from expected a finite number >= 1e-100.*got 0/,
  ],
  ['fixedPoint', fixedPoint, { activation: 'tahn' }, RangeError, /did you mean 'tanh'\?/],
  ['fixedPoint', fixedPoint, { activation: 'tanh', sigmaw2: 1 }, TypeError, /got 'sigmaw2'; did you mean 'sigmaW2'\?/],
  ['fixedPoint', fixedPoint, { activation: 'tanh', sigmaW2: -0.5 }, RangeError, /sigmaW2 expected .* >= 0, got -0.5/],
  ['layerMap', layerMap, { activation: 'tanh', cosine: 1.5 }, RangeError, /cosine expected .* got 1.5/],
  ['layerMap', layerMap, { activation: 'tanh', q: Number.NaN }, RangeError, /q expected .* got NaN/],
  ['criticalLine', criticalLine, { activation: 'tanh', q: [1], sigmaB2: [0] }, RangeError, /q expected none beside/],
  [
    'criticalLine',
    criticalLine,
    { activation: 'tanh', sigmaB2: [0, -1] },
    RangeError,
    /sigmaB2\[1\] expected .* got -1/,
  ],
  [
    'criticalLine',
    criticalLine,
    { activation: 'tanh', sigmaB2: 0.05 },
    TypeError,
    /sigmaB2 expected an array of numbers/,
  ],
  [
    'finiteWidth',
    finiteWidth,
    { activation: 'relu', widths: [2 ** 25, 1] },
    RangeError,
    /widths\[0\] expected an integer/,
  ],
  ['finiteWidth', finiteWidth, { activation: 'relu', widths: [4, 4], precision: 0 }, RangeError, /precision expected/],
  [
    'depthBudget',
    depthBudget,
    { activation: 'relu' },
    TypeError,
    /widths expected an array of integers, got undefined/,
  ],
  [
    'depthBudget',
    depthBudget,
    { activation: 'relu', widths: new Array(200_000).fill(1) },
    RangeError,
    /widths.length expected an integer in \[2, 100001\], got 200000/,
  ],
  ['jacobian', jacobian, { activation: 'relu', depth: 0 }, RangeError, /depth expected an integer >= 1, got 0/],
  [
    'jacobian',
    jacobian,
    { activation: 'relu', depth: 1, sigmaB2: 1 },
    TypeError,
    /got 'sigmaB2'; did you mean 'sigmaW2'\?/,
  ],
  [
    'jacobian',
    jacobian,
    { activation: 'relu', depth: 1, weights: 'he' },
    RangeError,
    /weights expected one of gaussian/,
  ],
  ['normalized', normalized, { activation: 'relu', norm: 'none' }, RangeError, /norm expected one of layer, batch/],
  ['residual', residual, { blocks: 1.5 }, RangeError, /blocks expected an integer >= 0, got 1.5/],
  ['residual', residual, { blocks: 2, preNorm: 1 }, TypeError, /preNorm expected true or false, got 1/],
  ['convolutionBorder', convolutionBorder, { size: 8, kernel: 4 }, RangeError, /kernel expected an odd integer, got 4/],
  ['convolutionBorder', convolutionBorder, { size: 8, layers: 2 ** 40 }, RangeError, /layers expected an integer in/],
  ['initialLoss', initialLoss, { classes: 10, q: -0.1 }, RangeError, /q expected .* got -0.1/],
  ['tailoredSlope', tailoredSlope, { depth: 20, eta: 1 }, RangeError, /eta expected .* got 1/],
]

test.each(refusals)('%s refuses, and names the argument', (name, call, options, kind, message) => {
  const run = () => call(options as never)
  expect(run).toThrow(kind)
  expect(run).toThrow(message)
  expect(run).toThrow(new RegExp(`^${name}: `))
})

test('the entry has these functions and names', () => {
  expect(Object.keys(entry).sort()).toEqual([
    'activationNames',
    'convolutionBorder',
    'criticalLine',
    'depthBudget',
    'finiteWidth',
    'fixedPoint',
    'gain',
    'initialLoss',
    'jacobian',
    'layerMap',
    'normalized',
    'predictDense',
    'residual',
    'tailoredSlope',
    'theory',
  ])
})
