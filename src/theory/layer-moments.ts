/** All that a dense network needs of its activation at one variance q of the pre-activations. */
import type { Activation } from '../activations/activation'
import { pairMoments } from './cosine-map'
import { expectation } from './gaussian'
import { type LayerNoise, layerNoise } from './layer-noise'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'

/** First and second derivative of a logarithm in ln q. */
interface LogDerivatives {
  first: number
  second: number
}

export interface LayerMoments {
  /** <phi^2>_q. */
  moment: number
  /** <phi'^2>_q. */
  slopes: number
  /** Of ln <phi^2>. */
  elasticity: LogDerivatives
  /** Of ln <phi'^2>. */
  slopeElasticity: LogDerivatives
  /** <z^2 phi'^2>/(q <phi'^2>): 1 if phi' does not depend on |z|. */
  slopeTilt: number
  /** The scatter of a layer whose samples have correlation 1 - e. */
  noise: (e: number) => LayerNoise
  /** <phi^2> - <phi(u) phi(v)> at correlation 1 - e. */
  gap: (e: number) => number
}

const STEP = 0.01

/** By central differences: 1e-4 near, which is enough for bands. */
function logDerivatives(moment: (q: number) => number, q: number): LogDerivatives {
  const at = (shift: number) => Math.log(moment(q * Math.exp(shift)))
  const [low, middle, high] = [at(-STEP), at(0), at(STEP)]
  // a moment of 0: nothing that could change
  if (![low, middle, high].every(Number.isFinite)) return { first: 0, second: 0 }
  return { first: (high - low) / (2 * STEP), second: (high - 2 * middle + low) / (STEP * STEP) }
}

/** The moments of an activation at q > 0. */
export function layerMoments(activation: Activation, q: number): LayerMoments {
  const { derivative, kinks, negativeSlope } = activation
  const moment = secondMoment(activation, q)
  const slopes = derivativeSecondMoment(activation, q)
  const shared = { moment, slopes, noise: layerNoise(activation, q), gap: pairMoments(activation, q).gap }
  if (negativeSlope !== null)
    return { ...shared, elasticity: { first: 1, second: 0 }, slopeElasticity: { first: 0, second: 0 }, slopeTilt: 1 }
  const bend = logDerivatives((x) => secondMoment(activation, x), q).second
  return {
    ...shared,
    elasticity: { first: (q * momentSlope(activation, q)) / moment, second: bend },
    slopeElasticity: logDerivatives((x) => derivativeSecondMoment(activation, x), q),
    slopeTilt: slopes === 0 ? 1 : expectation((z) => (z * derivative(z)) ** 2, q, kinks) / (q * slopes),
  }
}
