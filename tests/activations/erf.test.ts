import { describe, expect, test } from 'vitest'
import { erf, erfc, normalCdf, normalDensity } from '../../src/activations/erf'

// computed with mpmath, 25 digits
const ERF: [number, number][] = [
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.4999, 0.5204119951613866],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3.5, 0.9999992569016276],
]

const ERFC: [number, number][] = [
  [0.3, 0.6713732405408726],
  [0.75, 0.28884436634648486],
  [2, 0.004677734981047266],
  [5, 1.537459794428035e-12],
  [10, 2.088487583762545e-45],
  [26, 5.663192408856143e-296],
]

describe('erf', () => {
  test.each(ERF)('erf(%d) is %d within 4 ulps, and odd', (x, want) => {
    expect(Math.abs(erf(x) / want - 1)).toBeLessThanOrEqual(4 * Number.EPSILON)
    expect(erf(-x)).toBe(-erf(x))
  })

  test.each(ERFC)('erfc(%d) is %d within 8 ulps although exp(-x^2) has lost x^2 ulps', (x, want) => {
    expect(Math.abs(erfc(x) / want - 1)).toBeLessThanOrEqual(8 * Number.EPSILON)
  })

  test('erf + erfc = 1 within 2 ulps on [-6, 6], and both branches meet at 0.5', () => {
    let worst = 0
    for (let x = -6; x <= 6; x += 0.0137) worst = Math.max(worst, Math.abs(erf(x) + erfc(x) - 1))
    expect(worst).toBeLessThanOrEqual(2 * Number.EPSILON)
    expect(Math.abs(erf(0.5) - erf(0.5 - 2 ** -53))).toBeLessThanOrEqual(4 * Number.EPSILON)
  })

  test('the ends are exact: erf(0) = 0, erf(30) = 1, erfc(30) = 0, NaN stays NaN', () => {
    expect([erf(0), erf(30), erfc(30), erfc(-30)]).toEqual([0, 1, 0, 2])
    expect(erf(Number.NaN)).toBeNaN()
  })

  test('normalCdf(-1.959963984540054) is 0.025 and its derivative is normalDensity', () => {
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 15)
    for (const z of [-3, -0.5, 0, 1.7]) {
      const h = 1e-5
      // central difference: h^2/6 |phi''| < 2e-11, rounding 1e-16/h = 1e-11
      expect(Math.abs((normalCdf(z + h) - normalCdf(z - h)) / (2 * h) - normalDensity(z))).toBeLessThan(4e-11)
    }
  })
})
