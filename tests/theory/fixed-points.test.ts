import { describe, expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { pairMoments } from '../../src/theory/cosine-map'
import { criticalAtBias, criticalDecay, criticalPoint, halfStablePoint } from '../../src/theory/critical-line'
import { correlationMap, depthScales, lengthFixedPoint, lengthMap } from '../../src/theory/fixed-points'
import { derivativeSecondMoment, momentSlope } from '../../src/theory/moments'
import { criticality, stability } from '../../src/theory/stability'

const tanh = activation('tanh')

describe('length fixed points', () => {
  test.each([
    ['tanh', 1, 0.05],
    ['tanh', 4, 0.05],
    ['erf', 2, 0.1],
    ['selu', 1, 0],
    ['sigmoid', 5, 0.3],
    ['hardtanh', 2, 0.01],
  ])("%s at sigmaW2 = %d, sigmaB2 = %d: |q' - q|/q below 1e-14 at q*", (name, sigmaW2, sigmaB2) => {
    const variances = { sigmaW2, sigmaB2 }
    const q = lengthFixedPoint(activation(name), variances)
    expect(Math.abs(lengthMap(activation(name), variances, q) / q - 1)).toBeLessThan(1e-14)
  })

  test('ReLU: sigmaB2/(1 - sigmaW2/2) = 0.4 at (1, 0.2), Infinity at (2, 0.1) and (3, 0), the start itself at (2, 0)', () => {
    const at = (sigmaW2: number, sigmaB2: number) => lengthFixedPoint(activation('relu'), { sigmaW2, sigmaB2 }, 7)
    expect([at(1, 0.2), at(2, 0.1), at(3, 0), at(2, 0)]).toEqual([0.4, Infinity, Infinity, 7])
  })

  test('tanh without bias dies at sigmaW2 = 0.9 and 1; GELU at gain sqrt 2 dies, at gain 1.6 explodes', () => {
    expect([0.9, 1].map((sigmaW2) => lengthFixedPoint(tanh, { sigmaW2, sigmaB2: 0 }))).toEqual([0, 0])
    const gelu = (factor: number) => lengthFixedPoint(activation('gelu'), { sigmaW2: factor, sigmaB2: 0 })
    expect([gelu(2), gelu(2.56)]).toEqual([0, Infinity])
  })
})

describe('correlation fixed points', () => {
  test('tanh at (2, 0.05): c* maps to itself within 1e-13 and attracts (xiC = 25.2)', () => {
    const variances = { sigmaW2: 2, sigmaB2: 0.05 }
    const { q, cosineGap, xiC } = depthScales(tanh, variances)
    const next = correlationMap(pairMoments(tanh, q), variances, q, cosineGap)
    expect(Math.abs(next / cosineGap - 1)).toBeLessThan(1e-13)
    expect(xiC).toBeGreaterThan(25)
  })

  test('xiC is what 60 steps of the map do: distances fall as exp(-l/xiC) within 1 %', () => {
    const variances = { sigmaW2: 2, sigmaB2: 0.05 }
    const { q, cosineGap, xiC } = depthScales(tanh, variances)
    const pair = pairMoments(tanh, q)
    let e = cosineGap * 1.001
    for (let l = 0; l < 60; l++) e = correlationMap(pair, variances, q, e)
    const rate = -60 / Math.log((e - cosineGap) / (0.001 * cosineGap))
    // the map is not linear over a distance of 1e-3: relative error of that order
    expect(Math.abs(rate / xiC - 1)).toBeLessThan(0.01)
  })

  test('just above criticality, sigmaW2 = 1.001 x critical, 1 - c* is positive and small, and shrinks in proportion', () => {
    const { sigmaW2, sigmaB2 } = criticalAtBias(tanh, 0.05)!
    const gap = (factor: number) => depthScales(tanh, { sigmaW2: sigmaW2 * factor, sigmaB2 }).cosineGap
    const ratio = gap(1.001) / gap(1.0005)
    // 1 - c* is linear in the distance, with relative corrections of that distance
    expect(Math.abs(ratio - 2)).toBeLessThan(0.02)
    expect(gap(1)).toBe(0)
    expect(gap(0.999)).toBe(0)
  })

  test('ReLU above He (sigmaW2 = 3) has chi = 1.5 and yet c* = 1', () => {
    const { chi, cosine, q } = depthScales(activation('relu'), { sigmaW2: 3, sigmaB2: 0 })
    expect([chi, cosine, q]).toEqual([1.5, 1, Infinity])
  })

  test('an odd activation without bias keeps orthogonal inputs orthogonal: tanh at sigmaW2 = 2', () => {
    expect(depthScales(tanh, { sigmaW2: 2, sigmaB2: 0 }).cosine).toBe(0)
  })
})

describe('critical line', () => {
  test("chi = 1 and q' = q at 1e-14 for tanh, erf, gelu, softsign at q = 0.3, 2, 12", () => {
    for (const name of ['tanh', 'erf', 'gelu', 'softsign'])
      for (const q of [0.3, 2, 12]) {
        const record = activation(name)
        const point = criticalPoint(record, q)
        expect(Math.abs(point.sigmaW2 * derivativeSecondMoment(record, q) - 1)).toBeLessThan(1e-14)
        expect(Math.abs(lengthMap(record, point, q) / q - 1)).toBeLessThan(1e-14)
      }
  })

  test("criticalAtBias(tanh, 0.05) has that bias within 1e-14 and lies at Schoenholz's 1.76", () => {
    const point = criticalAtBias(tanh, 0.05)!
    expect(Math.abs(criticalPoint(tanh, point.q).sigmaB2 - 0.05)).toBeLessThan(1e-14)
    expect(point.sigmaW2.toFixed(2)).toBe('1.76')
  })

  test('on the edge 1 - c falls as A/l: after 4000 layers l (1 - c) is A = 6.171 within 1 %', () => {
    const point = criticalAtBias(tanh, 0.05)!
    const pair = pairMoments(tanh, point.q)
    let e = 0.5
    for (let l = 0; l < 4000; l++) e = correlationMap(pair, point, point.q, e)
    // corrections of relative size ln(l)/l times the cubic term, and A/e_0 layers of head start
    expect(Math.abs((4000 * e) / criticalDecay(tanh, point) - 1)).toBeLessThan(0.01)
  })

  test('GELU half-stable: q* = (3 + sqrt 17)/2 within 1e-13, chi = q-slope = 1 there', () => {
    const gelu = activation('gelu')
    const { q, sigmaW2 } = halfStablePoint(gelu)!
    expect(Math.abs(q / ((3 + Math.sqrt(17)) / 2) - 1)).toBeLessThan(1e-13)
    expect(Math.abs(sigmaW2 * momentSlope(gelu, q) - 1)).toBeLessThan(1e-13)
  })

  test('tanh, sigmoid, relu have no half-stable point', () => {
    expect(['tanh', 'sigmoid', 'relu'].map((name) => halfStablePoint(activation(name)))).toEqual([null, null, null])
  })
})

describe('stability and criticality', () => {
  test.each([
    ['relu', 'scale-invariant', 'scale-invariant'],
    ['abs', 'scale-invariant', 'scale-invariant'],
    ['tanh', 'stable', 'zero'],
    ['hardtanh', 'stable', 'zero'],
    ['selu', 'stable', 'zero'],
    ['gelu', 'unstable', 'half-stable'],
    ['gelu-tanh', 'unstable', 'half-stable'],
    ['silu', 'unstable', 'half-stable'],
    ['mish', 'unstable', 'half-stable'],
    ['hardswish', 'unstable', 'half-stable'],
    ['sigmoid', 'stable', 'none'],
    ['softplus', 'stable', 'none'],
    ['squared-relu', 'unstable', 'none'],
  ])('%s at its own gain is %s, its critical point %s', (name, kind, where) => {
    const record = activation(name)
    expect(stability(record, { sigmaW2: record.gain! ** 2, sigmaB2: 0 }, 1)).toBe(kind)
    expect(criticality(record).criticality).toBe(where)
  })

  test('GELU on its critical line is stable at q = 10, unstable at q = 2, half-stable at its point', () => {
    const gelu = activation('gelu')
    const at = (q: number) => stability(gelu, criticalPoint(gelu, q), q)
    expect([at(10), at(2), stability(gelu, halfStablePoint(gelu)!, halfStablePoint(gelu)!.q)]).toEqual([
      'stable',
      'unstable',
      'half-stable',
    ])
  })

  test("a q that is not fixed is none, and a user's max(z, 0.1 z) is scale-invariant like leaky ReLU", () => {
    expect(stability(tanh, { sigmaW2: 1, sigmaB2: 0 }, 1)).toBe('none')
    const own = activation((z) => Math.max(z, 0.1 * z))
    expect(stability(own, { sigmaW2: 2 / 1.01, sigmaB2: 0 }, 1)).toBe('scale-invariant')
    expect(criticality(own).criticality).toBe('scale-invariant')
  })
})

test("a constant, as a user's function, has no critical point: it passes no gradient on", () => {
  expect(criticality(activation(() => 1))).toEqual({ criticality: 'none', criticalPoint: null })
})
