import { describe, expect, test } from 'vitest'
import { activationNames } from '../../src/activations/resolve'
import { depthBudget } from '../../src/theory/depth-budget'
import { gain } from '../../src/theory/gain'
import { theory } from '../../src/theory/theory'
import { verify } from '../../src/theory/verify'

describe('gain', () => {
  test('relu sqrt 2, leaky-relu:0.2 sqrt(2/1.04), gelu 1.5335304411955353', () => {
    expect([gain('relu'), gain('leaky-relu:0.2'), gain('gelu')]).toEqual([
      Math.SQRT2,
      Math.sqrt(2 / 1.04),
      1.5335304411955353,
    ])
  })

  test("a user's copy of tanh, ELU and ReLU has their gain within 1e-14", () => {
    const copies: [string, (z: number) => number][] = [
      ['tanh', (z) => Math.tanh(z)],
      ['elu', (z) => (z > 0 ? z : Math.expm1(z))],
      ['relu', (z) => Math.max(0, z)],
    ]
    for (const [name, f] of copies) expect(Math.abs(gain(f) / gain(name) - 1), name).toBeLessThan(1e-14)
  })

  test("compat 'pytorch': 1, 1, 5/3, sqrt 2, 3/4 and sqrt(2/(1 + a^2))", () => {
    const pytorch = (name: string) => gain(name, { compat: 'pytorch' })
    expect(['linear', 'sigmoid', 'tanh', 'relu', 'selu', 'leaky-relu', 'leaky-relu:0.5'].map(pytorch)).toEqual([
      1,
      1,
      5 / 3,
      Math.SQRT2,
      3 / 4,
      Math.sqrt(2 / 1.0001),
      Math.sqrt(2 / 1.25),
    ])
  })

  test.each([
    [
      ['gelu', { compat: 'pytorch' }],
      RangeError,
      /gain: activation with compat 'pytorch' expected one of linear, .*got 'gelu'/,
    ],
    [['tanh', { compat: 'keras' }], RangeError, /gain: compat expected one of pytorch, got 'keras'/],
    [['tanh', { comapt: 'pytorch' }], TypeError, /got 'comapt'; did you mean 'compat'\?/],
    [[() => 0], RangeError, /gain: activation expected a function with a positive second moment, got 0/],
    [['tahn'], RangeError, /did you mean 'tanh'\?/],
  ])('%o is refused', (args, kind, message) => {
    const call = () => gain(...(args as Parameters<typeof gain>))
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

describe('theory', () => {
  test('gelu: the row of the table, and the note says that the gain is unstable', () => {
    const gelu = theory('gelu')
    expect(gelu).toMatchObject({
      activation: 'gelu',
      q: 1,
      sigmaB2: 0,
      stability: 'unstable',
      criticality: 'half-stable',
    })
    expect(gelu.qSlope.toFixed(9)).toBe('1.144063197')
    expect(gelu.note).toMatch(/unstable fixed point.*1\.144 per layer.*sigmaW2 = 1\.98306, sigmaB2 = 0\.172922/)
  })

  test('relu: chi = q-slope = 1 within an ulp or two, every q fixed', () => {
    const relu = theory('relu')
    expect(Math.abs(relu.chi - 1)).toBeLessThan(4 * Number.EPSILON)
    expect(Math.abs(relu.qSlope - 1)).toBeLessThan(4 * Number.EPSILON)
    expect(relu.stability).toBe('scale-invariant')
  })

  test('for every name: BatchNorm factor >= 1 (Gaussian Poincare), shares in [0, 1] and together at most 1', () => {
    for (const name of activationNames) {
      const t = theory(name)
      expect(t.batchNormFactor, name).toBeGreaterThanOrEqual(1 - 1e-14)
      expect(t.meanShare + t.linearShare, name).toBeLessThanOrEqual(1 + 1e-14)
      expect(Math.min(t.meanShare, t.linearShare), name).toBeGreaterThanOrEqual(0)
    }
  })

  test("a user's function with neither kinks nor derivative gives its named twin's numbers within 1e-9", () => {
    const twins: [string, (z: number) => number][] = [
      ['elu', (z) => (z > 0 ? z : Math.expm1(z))],
      ['hardswish', (z) => (z * Math.min(Math.max(z + 3, 0), 6)) / 6],
      ['silu', (z) => z / (1 + Math.exp(-z))],
    ]
    for (const [name, f] of twins) {
      const own = theory(f)
      const named = theory(name)
      for (const key of [
        'mean',
        'secondMoment',
        'derivativeSecondMoment',
        'gain',
        'chi',
        'qSlope',
        'kurtosis',
      ] as const)
        expect(Math.abs(own[key] / named[key] - 1), `${name} ${key}`).toBeLessThan(1e-9)
      expect([own.stability, own.criticality]).toEqual([named.stability, named.criticality])
    }
  })

  test("given q, sigmaW2 and sigmaB2: tanh at Schoenholz's edge has chi = 1 and is stable", () => {
    const edge = theory({ activation: 'tanh', q: 0.5700478816407644, sigmaW2: 1.7609546396067386, sigmaB2: 0.05 })
    expect(edge.chi).toBeCloseTo(1, 13)
    expect(edge.stability).toBe('stable')
    expect(theory({ activation: 'tanh', q: 2 }).stability).toBe('none')
  })

  test.each([
    [{ activation: 'tanh', Q: 1 }, TypeError, /theory: options expected only activation, sigmaW2, sigmaB2, q, got 'Q'/],
    [{ activation: 'tanh', q: 0 }, RangeError, /theory: q expected a finite number > 0, got 0/],
    [{ activation: 'tanh', sigmaW2: -1 }, RangeError, /theory: sigmaW2 expected a finite number >= 0, got -1/],
    [
      { activation: 'tanh', sigmaB2: Infinity },
      RangeError,
      /theory: sigmaB2 expected a finite number >= 0, got Infinity/,
    ],
    [undefined, TypeError, /theory: activation expected a name, a function of one number or a record/],
    ['swiglu', RangeError, /theory: activation expected one of/],
  ])('%o is refused', (spec, kind, message) => {
    const call = () => theory(spec as never)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

describe('depthBudget', () => {
  const square = (depth: number) => Array<number>(depth + 1).fill(256)

  test('ReLU at std 1, n = 256: the f32 sum of squares overflows at layer 18, as measured', () => {
    expect(depthBudget({ activation: 'relu', sigmaW2: 256, sigmaB2: 0, widths: square(20) }).overflowLayer).toBe(18)
  })

  test('simple Xavier under ReLU: 2^-l leaves f32 squares at 150, activations at 299', () => {
    const { squareUnderflowLayer, underflowLayer, overflowLayer } = depthBudget({
      activation: 'relu',
      sigmaW2: 1,
      sigmaB2: 0,
      widths: square(20),
    })
    expect([squareUnderflowLayer, underflowLayer, overflowLayer]).toEqual([150, 299, null])
  })

  test('He ReLU: no limit in f32, criticality, and a log variance of 30 x 0.0198187', () => {
    const budget = depthBudget({ activation: 'relu', sigmaW2: 2, sigmaB2: 0, widths: square(30) })
    expect([budget.overflowLayer, budget.underflowLayer, budget.trainableDepth]).toEqual([null, null, Infinity])
    expect(Math.abs(budget.logVariance / (30 * 0.0198187089098) - 1)).toBeLessThan(1e-12)
  })

  test('tanh at (1.5, 0.05): trainable to 6 xiC = 94.7 layers', () => {
    expect(
      depthBudget({ activation: 'tanh', sigmaW2: 1.5, sigmaB2: 0.05, widths: square(5) }).trainableDepth.toFixed(1),
    ).toBe('94.7')
  })

  test.each([
    [{ widths: [3] }, RangeError, /depthBudget: widths expected \[features, layer 1, ...\], got \[3\]/],
    [{ widths: [3, 1.5] }, RangeError, /widths\[1\] expected an integer in \[1, 16777216\], got 1.5/],
    [{ sigmaW2: -2 }, RangeError, /sigmaW2 expected a finite number >= 0, got -2/],
    [{ q: 1 }, TypeError, /got 'q'/],
  ])('%o is refused', (wrong, kind, message) => {
    const call = () => depthBudget({ activation: 'tanh', sigmaW2: 1, sigmaB2: 0, widths: [3, 3], ...wrong } as never)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

describe('verify', () => {
  const report = verify()

  test('every published number is reproduced within its tolerance', () => {
    expect(
      report.rows.filter((row) => !row.ok).map((row) => `${row.name}: ${row.published} against ${row.computed}`),
    ).toEqual([])
    expect(report.reproduced).toBe(report.total)
    expect(report.total).toBe(report.rows.length)
  })

  test('the worst row that has enough digits is within 1e-8, no name comes twice, and all rows are finite', () => {
    expect(report.worstRelativeError).toBeLessThan(1e-8)
    expect(new Set(report.rows.map((row) => row.name)).size).toBe(report.total)
    expect(report.rows.every((row) => Number.isFinite(row.computed) && row.source !== '')).toBe(true)
  })

  test('tolerances: 1e-12, 1e-10, 1e-8, or half a unit of the last printed digit', () => {
    const row = (name: string) => report.rows.find((r) => r.name === name)!
    expect(row('linear, n = 256: variance of the log factor of a layer').tolerance).toBe(1e-12)
    expect(row('gelu: gain at unit gain').tolerance).toBe(1e-10)
    expect(row('gelu: half-stable q*, (3 + sqrt 17)/2').tolerance).toBe(1e-8)
    expect(row('He: sigma of 128 -> 64').tolerance).toBeCloseTo(0.0005 / 0.125, 10)
    expect(row('selu: growth of the gradient in 33 layers').tolerance).toBeCloseTo(0.05 / 9.8, 6)
  })

  test('of what mpmath computed, 0, 0.5, 1, 2 and 5 are held to 1e-8 or better, and every drift to half a unit of its seventh digit', () => {
    const looser = (tolerance: number, that: (row: (typeof report.rows)[number]) => boolean) =>
      report.rows.filter((r) => r.source.includes('mpmath') && r.tolerance > tolerance && that(r)).map((r) => r.name)
    expect(looser(1e-8, ({ published }) => [0, 0.5, 1, 2, 5].includes(published))).toEqual([])
    expect(looser(5.1e-7, ({ name }) => name.includes(': q after '))).toEqual([])
  })
})

test('a constant is refused: it has no spread to divide by', () => {
  expect(() => theory(() => 1)).toThrow(
    'theory: activation expected a function that varies where z ~ N(0, q) lies, got a function',
  )
})
