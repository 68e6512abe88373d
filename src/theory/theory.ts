import type { ActivationSpec } from '../activations/activation'
import { withDefault, wrongValue } from '../check'
import type { CriticalPoint } from './critical-line'
import { gain } from './gain'
import { type LayerVariances, layerVariances, positive } from './layer-variances'
import { derivativeMean, derivativeSecondMoment, fourthMoment, mean, momentSlope, secondMoment } from './moments'
import { type Criticality, criticality, type Stability, stability, stabilityNote } from './stability'

export interface TheoryOptions extends LayerVariances {
  /** Variance of the pre-activations, > 0; default 1. */
  q?: number
}

/** Mean-field theory of one activation at one point; <.> is the expectation over z ~ N(0, q). */
export interface Theory {
  activation: string
  q: number
  sigmaW2: number
  sigmaB2: number
  /** <phi>. */
  mean: number
  /** <phi^2>. */
  secondMoment: number
  /** <phi'^2>. */
  derivativeSecondMoment: number
  /** 1/sqrt <phi^2> at q = 1. */
  gain: number
  /** 1/sqrt(<phi^2> - <phi>^2), which keeps the variance instead of the second moment. */
  stdGain: number
  /** sigmaW2 <phi'^2>: what a layer does to the gradient's second moment. */
  chi: number
  /** dq'/dq: what a layer does to an error in q. Above 1 the gain is unstable. */
  qSlope: number
  /** <phi^4>/<phi^2>^2 - 1: the variance of one layer's second moment, times its width. */
  kurtosis: number
  /** <phi'^2>/<phi^2>: the gradient's factor per layer when pre-activations are normalised (LayerNorm, RMSNorm). */
  layerNormFactor: number
  /** <phi'^2>/Var phi: the same under BatchNorm of a large batch; at least 1. Yang 2019. */
  batchNormFactor: number
  /** <phi>^2/<phi^2>: the correlation after one layer of orthogonal inputs. */
  meanShare: number
  /** q <phi'>^2/<phi^2>: its slope there. */
  linearShare: number
  stability: Stability
  criticality: Criticality
  /** sigmaW2 and sigmaB2 at which gradients and second moments are marginal at once, and that q; null if there is none. */
  criticalPoint: CriticalPoint | null
  /** What that means, in a sentence. */
  note: string
}

const RECORD_KEYS = ['f', 'negativeSlope']

function isOptions(spec: ActivationSpec | TheoryOptions): spec is TheoryOptions {
  return typeof spec === 'object' && spec !== null && !RECORD_KEYS.some((key) => key in spec)
}

/**
 * What mean-field theory says of an activation, in double precision: at q = 1 and sigmaW2 = gain^2 unless given.
 * `spec` is an activation (a name, a function, a record) or `{ activation, q, sigmaW2, sigmaB2 }`.
 * @throws TypeError or RangeError for an unknown activation or option, q <= 0 or a negative variance.
 */
export function theory(spec: ActivationSpec | TheoryOptions): Theory {
  const given: TheoryOptions = isOptions(spec) ? spec : { activation: spec }
  const { activation, sigmaW2, sigmaB2 } = layerVariances('theory', given, ['q'])
  const ownGain = gain(activation)
  const q = positive('theory', 'q', withDefault(given.q, 1))
  const first = mean(activation, q)
  const second = secondMoment(activation, q)
  const slopes = derivativeSecondMoment(activation, q)
  // below this the difference is a rounding
  if (second - first * first <= 1e-14 * second)
    wrongValue('theory', 'activation', 'a function that varies where z ~ N(0, q) lies', given.activation)
  const chi = sigmaW2 * slopes
  const qSlope = sigmaW2 * momentSlope(activation, q)
  const kind = stability(activation, { sigmaW2, sigmaB2 }, q)
  const critical = criticality(activation)
  return {
    activation: activation.name,
    q,
    sigmaW2,
    sigmaB2,
    mean: first,
    secondMoment: second,
    derivativeSecondMoment: slopes,
    gain: ownGain,
    stdGain: 1 / Math.sqrt(second - first * first),
    chi,
    qSlope,
    kurtosis: fourthMoment(activation, q) / (second * second) - 1,
    layerNormFactor: (q * slopes) / second,
    batchNormFactor: (q * slopes) / (second - first * first),
    meanShare: (first * first) / second,
    linearShare: (q * derivativeMean(activation, q) ** 2) / second,
    stability: kind,
    criticality: critical.criticality,
    criticalPoint: critical.criticalPoint,
    note: stabilityNote(activation.name, kind, qSlope, chi, critical.criticalPoint),
  }
}
