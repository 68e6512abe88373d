/** Where the second moment and the correlation of two inputs settle with depth, and how fast. Poole 2016, Schoenholz 2017. */
import type { Activation } from '../activations/activation'
import { type PairMoments, pairMoments } from './cosine-map'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'
import { root } from './root'

/** The two variances of a layer: sigmaW2 = fan_in Var w, sigmaB2 = Var b. */
export interface Variances {
  sigmaW2: number
  sigmaB2: number
}

/** q' = sigmaW2 <phi^2>_q + sigmaB2. */
export function lengthMap(activation: Activation, { sigmaW2, sigmaB2 }: Variances, q: number): number {
  return sigmaW2 * secondMoment(activation, q) + sigmaB2
}

// steps of 1.25 find every pair of fixed points farther apart than that
const STRIDE = 1.25
const VANISHED = 1e-12
const EXPLODED = 1e12

/**
 * q*, the variance of the pre-activations at which a deep network that starts at `from` settles; 0 where it dies out, Infinity where it
 * explodes (or where it needs more than 12 decades to settle). For a length map that increases with q, as that of every named activation does.
 */
export function lengthFixedPoint(activation: Activation, variances: Variances, from = 1): number {
  const { sigmaW2, sigmaB2 } = variances
  if (activation.negativeSlope !== null) {
    const factor = (sigmaW2 * (1 + activation.negativeSlope ** 2)) / 2
    if (Math.abs(factor - 1) < 4 * Number.EPSILON && sigmaB2 === 0) return from
    return factor < 1 ? sigmaB2 / (1 - factor) : Number.POSITIVE_INFINITY
  }
  const growth = (q: number) => lengthMap(activation, variances, q) / q - 1
  const start = growth(from)
  if (Math.abs(start) < 8 * Number.EPSILON) return from
  let q = from
  while (q > VANISHED * from && q < EXPLODED * from) {
    const next = start > 0 ? q * STRIDE : q / STRIDE
    if (growth(next) > 0 !== start > 0) return root(growth, q, next)
    q = next
  }
  return start > 0 ? Number.POSITIVE_INFINITY : 0
}

/** One step of the correlation map at variance q -> q', in e = 1 - c: e' = sigmaW2 (<phi^2> - <phi(u) phi(v)>)/q'. */
export function correlationMap(pair: PairMoments, { sigmaW2 }: Variances, next: number, e: number): number {
  return (sigmaW2 * pair.gap(e)) / next
}

// Within this of 1, chi says nothing: the map is tangent to the diagonal.
const MARGIN = 1e-10
const FAR = 0.13
const SMALLEST = 1e-15

/**
 * 1 - c*, c* the correlation at which any two inputs end at the length fixed point q: 0 where chi <= 1 (all inputs become one), else
 * the zero of the concave e' - e in (0, 1].
 */
function correlationFixedPoint(activation: Activation, variances: Variances, q: number): number {
  const chi = variances.sigmaW2 * derivativeSecondMoment(activation, q)
  if (activation.negativeSlope !== null || chi <= 1 + MARGIN) return 0
  const pair = pairMoments(activation, q)
  const drift = (e: number) => correlationMap(pair, variances, q, e) - e
  // an odd activation without bias keeps orthogonal inputs orthogonal
  if (drift(1) >= -4 * Number.EPSILON) return 1
  // down from where the Hermite series still serves: most c* need no two-dimensional quadrature
  let low = FAR
  let high = 1
  while (low > SMALLEST && drift(low) <= 0) {
    high = low
    low /= 8
  }
  return low > SMALLEST ? root(drift, low, high) : 0
}

/** Where a deep network settles, and over how many layers. */
export interface DepthScales {
  /** q*; 0 or Infinity where there is none. */
  q: number
  /** sigmaW2 <phi'^2>_q*: what the gradient is multiplied by per layer, and the slope of the correlation map at c = 1. */
  chi: number
  /** dq'/dq at q*. */
  qSlope: number
  /** c*. */
  cosine: number
  /** 1 - c*, to full relative precision. */
  cosineGap: number
  /** Layers per factor e towards q*: -1/ln dq'/dq. */
  xiQ: number
  /** Layers per factor e towards c*: -1/ln of the slope of the correlation map at c*. */
  xiC: number
  /** Layers per factor e of the gradient's second moment, 1/ln chi: negative when it vanishes, Infinity at chi = 1. */
  xiGradient: number
}

/** -1/ln slope; Infinity at slope 1, 0 at slope 0 or below. */
function relaxation(slope: number): number {
  if (Math.abs(slope - 1) < MARGIN) return Number.POSITIVE_INFINITY
  return slope > 0 ? -1 / Math.log(slope) : 0
}

/** 1/ln slope; Infinity at slope 1, 0 at slope 0. */
function growth(slope: number): number {
  const shrinking = relaxation(slope)
  return Number.isFinite(shrinking) ? 0 - shrinking : shrinking
}

/**
 * Fixed points and depth scales of an infinitely deep and wide network, started at q = `from`. Inputs can be told apart, and the network trained,
 * through about 6 xiC layers (Schoenholz 2017). NaN for chi and the scales where q* is Infinity and the activation not homogeneous.
 */
export function depthScales(activation: Activation, variances: Variances, from = 1): DepthScales {
  const q = lengthFixedPoint(activation, variances, from)
  const homogeneous = activation.negativeSlope !== null
  // homogeneous: the moments do not depend on q
  const at = homogeneous ? 1 : q
  if (!Number.isFinite(at)) {
    const unknown = Number.NaN
    return {
      q,
      chi: unknown,
      qSlope: unknown,
      cosine: unknown,
      cosineGap: unknown,
      xiQ: unknown,
      xiC: unknown,
      xiGradient: unknown,
    }
  }
  const chi = variances.sigmaW2 * derivativeSecondMoment(activation, at)
  const qSlope = variances.sigmaW2 * momentSlope(activation, at)
  const cosineGap = q === 0 ? 0 : correlationFixedPoint(activation, variances, at)
  const slope = cosineGap === 0 ? chi : variances.sigmaW2 * pairMoments(activation, at).derivativePair(cosineGap)
  return {
    q,
    chi,
    qSlope,
    cosine: 1 - cosineGap,
    cosineGap,
    xiQ: relaxation(qSlope),
    // growing by the same factor as q, a homogeneous network approaches c = 1 only algebraically
    xiC:
      homogeneous && !(q < Number.POSITIVE_INFINITY && variances.sigmaB2 > 0)
        ? Number.POSITIVE_INFINITY
        : relaxation(slope),
    xiGradient: growth(chi),
  }
}
