import { describe, expect, test } from 'vitest'
import { normalDensity } from '../../src/activations/erf'
import { expectation, pairExpectation } from '../../src/theory/gaussian'
import { gaussianNodes, hermiteBend, hermiteSeries, hermiteSum, valuesAt } from '../../src/theory/hermite'
import { gaussLegendre, integrate } from '../../src/theory/quadrature'
import { root } from '../../src/theory/root'

describe('gaussLegendre', () => {
  test('3 points: 0 and ±sqrt(3/5), weights 8/9 and 5/9', () => {
    const { nodes, weights } = gaussLegendre(3)
    expect(nodes[0]).toBeCloseTo(-Math.sqrt(0.6), 15)
    expect(nodes[1]).toBeCloseTo(0, 15)
    expect([...weights].map((w) => Math.round(w * 9e12) / 1e12)).toEqual([5, 8, 5])
  })

  test('20 points integrate x^38 over [-1, 1] to 2/39 and x^40 not to 2/41', () => {
    const { nodes, weights } = gaussLegendre(20)
    const power = (p: number) => nodes.reduce((sum, x, i) => sum + weights[i] * x ** p, 0)
    expect(Math.abs(power(38) / (2 / 39) - 1)).toBeLessThan(1e-13)
    expect(Math.abs(power(40) / (2 / 41) - 1)).toBeGreaterThan(1e-12)
  })
})

describe('integrate', () => {
  test('sqrt(x) over [0, 1] is 2/3 within 1e-12 although its slope is infinite at 0', () => {
    expect(Math.abs(integrate(Math.sqrt, [0, 1]) - 2 / 3)).toBeLessThan(1e-12)
  })

  test('|x - 1/3| over [0, 1] is 5/18 within 1e-13, its corner not declared', () => {
    expect(Math.abs(integrate((x) => Math.abs(x - 1 / 3), [0, 1]) - 5 / 18)).toBeLessThan(1e-13)
  })

  test('a function rounded to f32 ends after at most 2000 panels of 40 points and the first pass', () => {
    let calls = 0
    const noisy = (x: number) => {
      calls++
      return Math.fround(Math.sin(7 * x))
    }
    const value = integrate(noisy, [0, 1])
    expect(calls).toBeLessThanOrEqual(20 + 2 * 40 * 2001)
    expect(Math.abs(value - (1 - Math.cos(7)) / 7)).toBeLessThan(1e-8)
  })
})

describe('expectation', () => {
  test('E z^(2k) = (2k - 1)!! q^k for k = 0..4 at q = 0.01, 1, 9', () => {
    const double = [1, 1, 3, 15, 105]
    for (const q of [0.01, 1, 9])
      for (let k = 0; k < 5; k++)
        expect(Math.abs(expectation((z) => z ** (2 * k), q, []) / (double[k] * q ** k) - 1)).toBeLessThan(1e-14)
  })

  test('E e^z = e^(q/2) at q = 4 within 1e-13, and q = 0 gives f(0)', () => {
    expect(Math.abs(expectation(Math.exp, 4, []) / Math.exp(2) - 1)).toBeLessThan(1e-13)
    expect(expectation((z) => z + 3, 0, [])).toBe(3)
  })

  test('tanh at q = 9: <phi^2> equals the trapezoidal rule within 1e-13, where 32 Gauss-Hermite points err by 2e-2', () => {
    // the trapezoidal rule with step 1/64 is exact to rounding for a function analytic in |Im x| < pi/6: exp(-2 pi 64 pi/6) = 0
    let want = 0
    for (let x = -12; x <= 12; x += 1 / 64) want += (Math.tanh(3 * x) ** 2 * normalDensity(x)) / 64
    expect(Math.abs(expectation((z) => Math.tanh(z) ** 2, 9, []) / want - 1)).toBeLessThan(1e-13)
  })
})

describe('pairExpectation', () => {
  test('E u^2 v^2 = q^2 (1 + 2 c^2) at c = 1 - 1e-12, 0.9, 0, -0.7, -1', () => {
    for (const e of [1e-12, 0.1, 1, 1.7, 2]) {
      const c = 1 - e
      const got = pairExpectation((u, v) => u * u * v * v, 2, e, [])
      expect(Math.abs(got / (4 * (1 + 2 * c * c)) - 1)).toBeLessThan(1e-12)
    }
  })

  test('E (u - v)^2 = 2 q e keeps 12 digits at e = 1e-10', () => {
    expect(Math.abs(pairExpectation((u, v) => (u - v) ** 2, 3, 1e-10, []) / 6e-10 - 1)).toBeLessThan(1e-12)
  })

  test('P(u > 0, v > 0) = (pi - acos c)/(2 pi) at c = 0.999 and -0.5', () => {
    for (const e of [1e-3, 1.5]) {
      const got = pairExpectation((u, v) => (u > 0 && v > 0 ? 1 : 0), 1, e, [0])
      expect(Math.abs(got - (Math.PI - Math.acos(1 - e)) / (2 * Math.PI))).toBeLessThan(1e-13)
    }
  })
})

describe('hermiteSeries', () => {
  const hermite = (f: (z: number) => number, q: number, kinks: number[], order: number) => {
    const nodes = gaussianNodes(q, kinks)
    return hermiteSeries(nodes, valuesAt(nodes, f), order)
  }

  test('z^3 = He_3 + 3 He_1: coefficients 0, 3, 0, sqrt 6, 0', () => {
    const a = hermite((z) => z ** 3, 1, [], 4)
    const want = [0, 3, 0, Math.sqrt(6), 0]
    expect(Math.max(...want.map((x, k) => Math.abs(a[k] - x)))).toBeLessThan(1e-13)
  })

  test("relu: sum a_k^2 c^k at c = 0.5 is kappa_1(0.5)/2 within 1e-14, its second derivative kappa_1''/2", () => {
    const a = hermite((z) => Math.max(z, 0), 1, [0], 100)
    const angle = Math.PI / 3
    const kappa = (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle)) / Math.PI
    expect(Math.abs(hermiteSum(a, a, 0.5) - kappa / 2)).toBeLessThan(1e-14)
    // kappa_1'' = 1/(pi sqrt(1 - c^2))
    expect(Math.abs(hermiteBend(a, 0.5) - 1 / (2 * Math.PI * Math.sin(angle)))).toBeLessThan(1e-13)
  })
})

describe('root', () => {
  test('x^3 = 2 between 0 and 4 to 4 ulps in fewer than 20 evaluations', () => {
    let calls = 0
    const found = root(
      (x) => {
        calls++
        return x ** 3 - 2
      },
      0,
      4,
    )
    expect(Math.abs(found / Math.cbrt(2) - 1)).toBeLessThanOrEqual(4 * Number.EPSILON)
    expect(calls).toBeLessThan(20)
  })
})
