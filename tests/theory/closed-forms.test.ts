import { describe, expect, test } from 'vitest'
import { activation, activationNames } from '../../src/activations/resolve'
import { arcCosine2, closedForm } from '../../src/theory/closed-forms'
import { pairMoments } from '../../src/theory/cosine-map'
import { expectation, pairExpectation } from '../../src/theory/gaussian'
import { derivativeSecondMoment, mean, momentSlope, secondMoment } from '../../src/theory/moments'

const KNOWN = ['linear', 'relu', 'leaky-relu:0.2', 'prelu:-0.4', 'abs', 'erf', 'sin', 'gelu', 'squared-relu']
const QS = [0.01, 1, 7]

describe('one-point closed forms against quadrature, 1e-12', () => {
  test.each(KNOWN)("%s: <phi^2>, its slope in q and <phi'^2> at q = 0.01, 1, 7", (name) => {
    const { f, derivative, kinks } = activation(name)
    const form = closedForm(activation(name))!
    for (const q of QS) {
      expect(Math.abs(form.secondMoment(q) / expectation((z) => f(z) ** 2, q, kinks) - 1)).toBeLessThan(1e-12)
      if (form.momentSlope) {
        // sin has <z phi phi'> = q e^(-2q): what is left of it at q = 7 is 1e-6 of the integrand
        const scale = expectation((z) => Math.abs(z * f(z) * derivative(z)), q, kinks) / q
        const slope = expectation((z) => z * f(z) * derivative(z), q, kinks) / q
        expect(Math.abs(form.momentSlope(q) - slope) / scale).toBeLessThan(1e-12)
      }
      if (form.derivativeSecondMoment)
        expect(
          Math.abs(form.derivativeSecondMoment(q) / expectation((z) => derivative(z) ** 2, q, kinks) - 1),
        ).toBeLessThan(1e-12)
    }
  })
})

describe('two-point closed forms against two-dimensional quadrature, 1e-12', () => {
  test.each(['relu', 'leaky-relu:0.2', 'abs', 'erf', 'sin'])('%s at q = 0.3 and 5, 1 - c = 1e-8 ... 1.7', (name) => {
    const { f, derivative, kinks } = activation(name)
    const form = closedForm(activation(name))!
    for (const q of [0.3, 5])
      for (const e of [1e-8, 1e-3, 0.5, 1, 1.7]) {
        const gap = pairExpectation((u, v) => (f(u) - f(v)) ** 2 / 2, q, e, kinks)
        expect(Math.abs(form.gap!(q, e) / gap - 1), `gap ${q} ${e}`).toBeLessThan(1e-12)
        const slope = pairExpectation((u, v) => derivative(u) * derivative(v), q, e, kinks)
        expect(Math.abs(form.derivativePair!(q, e) - slope), `slope ${q} ${e}`).toBeLessThan(1e-12)
      }
  })

  test('gelu: <phi(u) phi(v)> at q = 0.3 and 50, c = 0.9, 0, -0.7', () => {
    const { f } = activation('gelu')
    for (const q of [0.3, 50])
      for (const e of [0.1, 1, 1.7]) {
        const want = pairExpectation((u, v) => f(u) * f(v), q, e, [])
        expect(
          Math.abs(closedForm(activation('gelu'))!.pair!(q, e) - want) / secondMoment(activation('gelu'), q),
        ).toBeLessThan(1e-12)
      }
  })

  test('J_2 of the arc-cosine family: E u^2 v^2 [u, v > 0] = J_2/(2 pi) at c = 0.3 and 1', () => {
    for (const e of [0.7, 0]) {
      const want = pairExpectation((u, v) => (u > 0 && v > 0 ? u * u * v * v : 0), 1, e, [0])
      expect(Math.abs(arcCosine2(e) / (2 * Math.PI) - want)).toBeLessThan(1e-12)
    }
  })
})

describe('moments of every activation', () => {
  const SMOOTH = [...activationNames]

  test("Stein: E phi' = E z phi / q, so f and f' belong together, for every name at q = 1 and 4", () => {
    for (const name of SMOOTH) {
      const { f, derivative, kinks } = activation(name)
      for (const q of [1, 4]) {
        const left = expectation(derivative, q, kinks)
        const right = expectation((z) => z * f(z), q, kinks) / q
        expect(Math.abs(left - right), name).toBeLessThan(1e-12)
      }
    }
  })

  test('momentSlope is the derivative of secondMoment in q for every name', () => {
    for (const name of SMOOTH) {
      const record = activation(name)
      const h = 1e-3
      const at = (x: number) => secondMoment(record, 1 + x)
      // five-point stencil: h^4/30 times the fifth derivative (below 30 for all of them), rounding 1e-15/h
      const want = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
      expect(Math.abs(momentSlope(record, 1) - want), name).toBeLessThan(2e-12)
    }
  })

  test('every gain literal is 1/sqrt <phi^2>_1 by quadrature within 4 ulps, ELU of any alpha too', () => {
    for (const name of [...SMOOTH, 'elu:0.3', 'elu:2.5', 'leaky-relu:0.3']) {
      const record = activation(name)
      const want = 1 / Math.sqrt(expectation((z) => record.f(z) ** 2, 1, record.kinks))
      expect(Math.abs(record.gain! / want - 1), name).toBeLessThanOrEqual(4 * Number.EPSILON)
    }
  })
})

describe('pairMoments', () => {
  const NAMES = ['tanh', 'gelu', 'silu', 'elu', 'hardtanh', 'sigmoid', 'softsign']

  test('at c = 0 the gap is the variance <phi^2> - <phi>^2, within 1e-12', () => {
    for (const name of NAMES) {
      const record = activation(name)
      const want = secondMoment(record, 2) - mean(record, 2) ** 2
      expect(Math.abs(pairMoments(record, 2).gap(1) / want - 1), name).toBeLessThan(1e-12)
    }
  })

  test("as e -> 0 the gap is q <phi'^2> e: at e = 1e-9 within 1e-6 for smooth ones, sqrt(e) for kinked ones", () => {
    for (const name of NAMES) {
      const record = activation(name)
      const want = 2 * derivativeSecondMoment(record, 2) * 1e-9
      expect(Math.abs(pairMoments(record, 2).gap(1e-9) / want - 1), name).toBeLessThan(
        record.kinks.length ? 1e-4 : 1e-6,
      )
    }
  })

  test('series and quadrature agree to 1e-12 where they hand over (q = 1, 1 - c = 0.126)', () => {
    for (const name of ['elu', 'softsign']) {
      const record = activation(name)
      const direct = pairExpectation((u, v) => (record.f(u) - record.f(v)) ** 2 / 2, 1, 0.126, record.kinks)
      expect(Math.abs(pairMoments(record, 1).gap(0.126) / direct - 1), name).toBeLessThan(1e-12)
      const slope = pairExpectation((u, v) => record.derivative(u) * record.derivative(v), 1, 0.126, record.kinks)
      expect(Math.abs(pairMoments(record, 1).derivativePair(0.126) / slope - 1), name).toBeLessThan(1e-12)
    }
  })

  test("the slope of the gap in e is q <phi'(u) phi'(v)> (Price), at 1 - c = 0.05, 0.6, 1.3 for tanh and hardtanh", () => {
    for (const name of ['tanh', 'hardtanh'])
      for (const e of [0.05, 0.6, 1.3]) {
        const pair = pairMoments(activation(name), 1)
        const h = 1e-3
        const numeric =
          (8 * (pair.gap(e + h) - pair.gap(e - h)) - (pair.gap(e + 2 * h) - pair.gap(e - 2 * h))) / (12 * h)
        // h^4/30 times a fifth derivative that grows like e^(-7/2) at a kink
        expect(Math.abs(numeric / pair.derivativePair(e) - 1), `${name} ${e}`).toBeLessThan(1e-8)
      }
  })
})
