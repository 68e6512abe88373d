/** The edge of chaos: the variances at which chi = 1, so that gradients neither vanish nor explode. */
import type { Activation } from '../activations/activation'
import { numericalDerivative } from '../activations/numerical-derivative'
import type { Variances } from './fixed-points'
import { expectation } from './gaussian'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'
import { root } from './root'

/** A point of the critical line. */
export interface CriticalPoint extends Variances {
  /** Its length fixed point. */
  q: number
}

const STRIDE = 1.25
const LOW = 1e-6
const HIGH = 1e6

/**
 * The critical line at the fixed point q: sigmaW2 = 1/<phi'^2>_q, sigmaB2 = q - <phi^2>_q/<phi'^2>_q; no root to find.
 * A negative sigmaB2 says that there is no such point.
 */
export function criticalPoint(activation: Activation, q: number): CriticalPoint {
  const slopes = derivativeSecondMoment(activation, q)
  return { q, sigmaW2: 1 / slopes, sigmaB2: q - secondMoment(activation, q) / slopes }
}

/** The first q in [1e-6, 1e6], by steps of 1.25, at which f changes sign; null if it does not. */
function firstRoot(f: (q: number) => number): number | null {
  let before = f(LOW)
  for (let q = LOW; q < HIGH; q *= STRIDE) {
    const after = f(q * STRIDE)
    if (before !== 0 && Math.sign(after) === -Math.sign(before)) return root(f, q, q * STRIDE)
    before = after
  }
  return null
}

/** The point of the critical line with this bias variance and the smallest q; null if there is none with q in [1e-6, 1e6]. */
export function criticalAtBias(activation: Activation, sigmaB2: number): CriticalPoint | null {
  if (activation.negativeSlope !== null) return sigmaB2 === 0 ? { ...criticalPoint(activation, 1), sigmaB2: 0 } : null
  if (sigmaB2 === 0 && activation.f(0) === 0) return { q: 0, sigmaW2: 1 / momentSlope(activation, 0), sigmaB2: 0 }
  const q = firstRoot((x) => criticalPoint(activation, x).sigmaB2 - sigmaB2)
  return q === null ? null : { ...criticalPoint(activation, q), sigmaB2 }
}

/**
 * The half-stable critical point: chi = 1 and dq'/dq = 1 at once, q > 0 (GELU, SiLU). Starts below it fall towards it or away to 0, those above stay.
 * Roberts, Yaida & Hanin 2022. Null if there is none with sigmaB2 >= 0.
 */
export function halfStablePoint(activation: Activation): CriticalPoint | null {
  if (activation.negativeSlope !== null) return null
  const q = firstRoot((x) => momentSlope(activation, x) / derivativeSecondMoment(activation, x) - 1)
  if (q === null) return null
  const point = criticalPoint(activation, q)
  return point.sigmaB2 >= 0 ? point : null
}

/**
 * A in 1 - c_l ~ A/l, how slowly correlations approach 1 at a point of the critical line: A = 2/(sigmaW2 q <phi''^2>_q).
 * For an activation whose derivative does not jump; phi'' is differentiated from phi'.
 */
export function criticalDecay({ derivative, kinks }: Activation, { q, sigmaW2 }: CriticalPoint): number {
  const second = numericalDerivative(derivative, kinks)
  return 2 / (sigmaW2 * q * expectation((z) => second(z) ** 2, q, kinks))
}
