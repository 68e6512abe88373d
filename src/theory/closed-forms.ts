/** Moments that have a closed form. q is the variance of z, e = 1 - c the distance of a correlation from 1. */
import type { Activation } from '../activations/activation'

export interface ClosedForm {
  /** <phi^2>_q. */
  secondMoment: (q: number) => number
  /** d<phi^2>_q/dq. */
  momentSlope?: (q: number) => number
  /** <phi'^2>_q. */
  derivativeSecondMoment?: (q: number) => number
  /** <phi(u)^2> - <phi(u) phi(v)>. */
  gap?: (q: number, e: number) => number
  /** <phi(u) phi(v)>, where the gap is known only as a difference. */
  pair?: (q: number, e: number) => number
  /** <phi'(u) phi'(v)>. */
  derivativePair?: (q: number, e: number) => number
}

/** The angle between two vectors of cosine 1 - e, without the cancellation of acos near 1. */
export function angle(e: number): number {
  return Math.atan2(Math.sqrt(e * (2 - e)), 1 - e)
}

/** 1 - kappa_1(c), kappa_1(c) = (sin t + (pi - t) cos t)/pi: the distance from 1 after one ReLU layer. Cho & Saul 2009, J_1. */
export function reluGap(e: number): number {
  const t = angle(e)
  if (t > 0.5) return e - (Math.sin(t) - t * Math.cos(t)) / Math.PI
  // sin t - t cos t = sum (-1)^(k+1) 2k t^(2k+1)/(2k+1)!: the difference itself loses t^-2 digits
  let term = t
  let sum = 0
  for (let k = 1; k < 10; k++) {
    term *= -(t * t) / (2 * k * (2 * k + 1))
    sum -= 2 * k * term
  }
  return e - sum / Math.PI
}

/** kappa_0(c) = (pi - t)/pi: twice the probability that two ReLUs fire together. */
export function reluOverlap(e: number): number {
  return 1 - angle(e) / Math.PI
}

/** J_2(t) = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t). Cho & Saul 2009. */
export function arcCosine2(e: number): number {
  const t = angle(e)
  return 3 * Math.sin(t) * Math.cos(t) + (Math.PI - t) * (1 + 2 * Math.cos(t) ** 2)
}

/** z for z >= 0 and a z below: linear, ReLU, leaky ReLU, PReLU, abs. */
function homogeneousForm(a: number): ClosedForm {
  const power = (1 + a * a) / 2
  return {
    secondMoment: (q) => q * power,
    momentSlope: () => power,
    derivativeSecondMoment: () => power,
    gap: (q, e) => (q / 2) * ((1 - a) ** 2 * reluGap(e) + 2 * a * e),
    derivativePair: (_, e) => ((1 - a) ** 2 * reluOverlap(e) + 2 * a) / 2,
  }
}

/** asin(high) - asin(low) without cancellation; high >= low, high > 0. */
function arcsineGap(high: number, low: number, difference: number): number {
  if (low <= 0) return Math.asin(high) - Math.asin(low)
  const cosines = high * Math.sqrt(1 - low * low) + low * Math.sqrt(1 - high * high)
  return Math.asin((difference * (high + low)) / cosines)
}

/** Williams 1997. */
const ERF: ClosedForm = {
  secondMoment: (q) => (2 / Math.PI) * Math.asin((2 * q) / (1 + 2 * q)),
  momentSlope: (q) => 4 / (Math.PI * (1 + 2 * q) * Math.sqrt(1 + 4 * q)),
  derivativeSecondMoment: (q) => 4 / (Math.PI * Math.sqrt(1 + 4 * q)),
  gap: (q, e) => {
    const high = (2 * q) / (1 + 2 * q)
    return (2 / Math.PI) * arcsineGap(high, high * (1 - e), high * e)
  },
  derivativePair: (q, e) => 4 / (Math.PI * Math.sqrt((1 + 2 * q) ** 2 - (2 * q * (1 - e)) ** 2)),
}

const SIN: ClosedForm = {
  secondMoment: (q) => -Math.expm1(-2 * q) / 2,
  momentSlope: (q) => Math.exp(-2 * q),
  derivativeSecondMoment: (q) => (1 + Math.exp(-2 * q)) / 2,
  // e^-q (sinh q - sinh qc) and e^-q cosh qc, rearranged so that nothing overflows or cancels
  gap: (q, e) => (-Math.expm1(-q * e) * (1 + Math.exp(q * (e - 2)))) / 2,
  derivativePair: (q, e) => (Math.exp(-q * e) + Math.exp(q * (e - 2))) / 2,
}

/**
 * u Phi(u) v Phi(v) = E u v 1[x > 0, y > 0] with x = u - a, y = v - b, a, b ~ N(0, 1): given x and y, u and v are linear in them, and what is
 * left are the arc-cosine integrals of x and y, of variance q + 1 and covariance k = qc.
 */
const GELU: ClosedForm = {
  pair: (q, e) => {
    const k = q * (1 - e)
    const determinant = (q + 1) ** 2 - k * k
    const g1 = 1 - (q + 1) / determinant
    const g2 = k / determinant
    const cosine = k / (q + 1)
    const sine = Math.sqrt(determinant) / (q + 1)
    const both = Math.PI - Math.atan2(sine, cosine)
    const squares = (q + 1) * (both + sine * cosine)
    const product = (q + 1) * (sine + both * cosine)
    return (2 * g1 * g2 * squares + (g1 * g1 + g2 * g2) * product + g2 * both) / (2 * Math.PI)
  },
  secondMoment: (q) => {
    const root = Math.sqrt(1 + 2 * q)
    return q * (0.25 + (q / ((q + 1) * root) + Math.atan2(q, root) / 2) / Math.PI)
  },
}

const SQUARED_RELU: ClosedForm = {
  secondMoment: (q) => 1.5 * q * q,
  momentSlope: (q) => 3 * q,
  derivativeSecondMoment: (q) => 2 * q,
}

const BY_FAMILY: Record<string, ClosedForm> = { erf: ERF, sin: SIN, gelu: GELU, 'squared-relu': SQUARED_RELU }

/** What is known in closed form of an activation; undefined when nothing is. */
export function closedForm(activation: Activation): ClosedForm | undefined {
  if (activation.negativeSlope !== null) return homogeneousForm(activation.negativeSlope)
  return BY_FAMILY[activation.family]
}
