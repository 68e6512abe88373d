import { finite, withDefault } from '../check'
import { pairMoments } from './cosine-map'
import { correlationMap, type DepthScales, depthScales, lengthMap } from './fixed-points'
import { type LayerVariances, layerVariances } from './layer-variances'
import { derivativeSecondMoment, momentSlope } from './moments'

export interface FixedPointOptions extends LayerVariances {
  /** Variance of the first layer's pre-activations, in [1e-100, 1e100]; default sigmaW2 + sigmaB2, that of inputs of second moment 1. */
  from?: number
}

export interface LayerMapOptions extends LayerVariances {
  /** Variance of the pre-activations, in [1e-100, 1e100]; default 1. */
  q?: number
  /** Correlation of two pre-activations, in [-1, 1]; default 0. */
  cosine?: number
}

/** What one layer makes of the variance of its pre-activations and of the correlation of two of them. */
export interface LayerMap {
  /** q' = sigmaW2 <phi^2>_q + sigmaB2. */
  q: number
  /** dq'/dq. */
  qSlope: number
  /** c' = (sigmaW2 <phi(u) phi(v)> + sigmaB2)/q'; null where q' is 0. */
  cosine: number | null
  /** dc'/dc = sigmaW2 q <phi'(u) phi'(v)>/q'; null likewise. */
  cosineSlope: number | null
  /** sigmaW2 <phi'^2>_q: the factor of the gradient's second moment. */
  chi: number
}

// squares and fourth powers of what they give stay doubles
const LEAST_Q = 1e-100
const MOST_Q = 1e100

/**
 * Where an infinitely deep and wide network settles, and over how many layers: q*, c*, chi, xi_q = -1/ln dq'/dq, xi_c = -1/ln dc'/dc, and the
 * gradient's scale 1/ln chi. q is 0 or Infinity where there is no fixed point; the scales are then NaN unless the activation is homogeneous.
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232
 */
export function fixedPoint(options: FixedPointOptions): DepthScales {
  const { activation, sigmaW2, sigmaB2 } = layerVariances('fixedPoint', options, ['from'])
  const first = Math.min(MOST_Q, Math.max(LEAST_Q, sigmaW2 + sigmaB2))
  const from = finite('fixedPoint', 'from', withDefault(options.from, first), LEAST_Q, MOST_Q)
  return depthScales(activation, { sigmaW2, sigmaB2 }, from)
}

/**
 * One step of the length map and of the correlation map.
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Poole et al. 2016, arXiv:1606.05340
 */
export function layerMap(options: LayerMapOptions): LayerMap {
  const { activation, sigmaW2, sigmaB2 } = layerVariances('layerMap', options, ['q', 'cosine'])
  const before = finite('layerMap', 'q', withDefault(options.q, 1), LEAST_Q, MOST_Q)
  const e = 1 - finite('layerMap', 'cosine', withDefault(options.cosine, 0), -1, 1)
  const q = lengthMap(activation, { sigmaW2, sigmaB2 }, before)
  const pair = pairMoments(activation, before)
  return {
    q,
    qSlope: sigmaW2 * momentSlope(activation, before),
    cosine: q > 0 ? 1 - correlationMap(pair, { sigmaW2, sigmaB2 }, q, e) : null,
    cosineSlope: q > 0 ? (sigmaW2 * before * pair.derivativePair(e)) / q : null,
    chi: sigmaW2 * derivativeSecondMoment(activation, before),
  }
}
