/** The scatter that one layer's random weights add to the second moments of a batch, relative to their means and times the width. */
import type { Activation } from '../activations/activation'
import { angle, arcCosine2, reluOverlap } from './closed-forms'
import { homogeneousKurtosis } from './finite-width'
import {
  gaussianNodes,
  hermiteBend,
  hermiteSeries,
  hermiteSum,
  meanOf,
  type NodeValues,
  times,
  valuesAt,
} from './hermite'
import { derivativeSecondMoment, secondMoment } from './moments'

// Bands need three digits: a series this long leaves less than that to the corners of a kinked function.
const ORDER = 60

/** One sample with itself (`own`) and two samples of correlation c (`cross`). */
export interface Scatter {
  own: number
  cross: number
}

export interface LayerNoise {
  /** Cov of phi(u)^2/<phi^2> and phi(v)^2/<phi^2>. */
  forward: Scatter
  /** The second derivative of its `cross` in c. */
  forwardBend: number
  /** Cov of phi(u)^2/<phi^2> and phi'(v)^2/<phi'^2>. */
  mixed: Scatter
  /** <phi'(u)^2 phi'(v)^2>/<phi'^2>^2. */
  slopes: Scatter
  /** <phi'(u) phi'(v)>/<phi'^2>: how the gradients of two samples stay aligned. */
  alignment: number
}

/**
 * z for z >= 0 and a z below, at any variance: E u^2 v^2 s(u) s(v) and E s(u) s(v) with s = 1 above 0 and a^2 below, from the
 * arc-cosine kernels J_2 and J_0. ReLU: forward 2 J_2/pi - 1 (5 at c = 1, 0 at c = 0).
 */
function homogeneousNoise(a: number, e: number): LayerNoise {
  const square = a * a
  const power = ((1 + square) / 2) ** 2
  const broken = (1 - square) ** 2
  const c = 1 - e
  const t = angle(e)
  const slopesOwn = (1 + square * square) / 2 / power
  const slopesCross = (square + (broken * reluOverlap(e)) / 2) / power
  return {
    forward: {
      own: homogeneousKurtosis(a),
      cross: ((1 + 2 * c * c) * square + (broken * arcCosine2(e)) / (2 * Math.PI)) / power - 1,
    },
    // (u^2 s(u))'' = 2 s(u): by Price's theorem 4 E s(u) s(v)
    forwardBend: 4 * slopesCross,
    // E[u^2; u > 0, v > 0] = (pi - t + sin t cos t)/(2 pi)
    mixed: {
      own: slopesOwn - 1,
      cross: (square + (broken * (Math.PI - t + Math.sin(t) * c)) / (2 * Math.PI)) / power - 1,
    },
    slopes: { own: slopesOwn, cross: slopesCross },
    alignment: ((1 - a) ** 2 * reluOverlap(e) + 2 * a) / (1 + square),
  }
}

/** Series of two squares at correlation c; what the series leaves out of `own` is taken to shrink like its last term. */
function crossSum(a: Float64Array, b: Float64Array, own: number, c: number): number {
  const left = own - hermiteSum(a, b, 1)
  return hermiteSum(a, b, c) + left * Math.abs(c) ** ORDER
}

/** First and second derivative of a logarithm in ln q. */
export interface LogDerivatives {
  first: number
  second: number
}

const CONSTANT: LogDerivatives = { first: 0, second: 0 }

/** A layer with pre-activations N(0, q): what its weights scatter, and how that follows q. */
export interface LayerScatter {
  /** The noise of a layer whose samples have correlation 1 - e. */
  noise(e: number): LayerNoise
  /** Of ln <phi^2>. */
  elasticity: LogDerivatives
  /** Of ln <phi'^2>. */
  slopeElasticity: LogDerivatives
  /** <z^2 phi'^2>/(q <phi'^2>): 1 if phi' does not depend on |z|. */
  slopeTilt: number
}

/** Of ln E g from the series of g/E g: with x d/dx He_k known, da_k/d ln q = k a_k/2 + sqrt((k + 1)(k + 2)) a_(k+2)/2. */
function logDerivatives(a: Float64Array): LogDerivatives {
  const first = a[2] / Math.SQRT2
  return { first, second: first + Math.sqrt(1.5) * a[4] - first * first }
}

/** The scatter of a layer with pre-activations N(0, q), q > 0. */
export function layerScatter(activation: Activation, q: number): LayerScatter {
  const { f, derivative, kinks, negativeSlope } = activation
  if (negativeSlope !== null)
    return {
      noise: (e) => homogeneousNoise(negativeSlope, e),
      elasticity: { first: 1, second: 0 },
      slopeElasticity: CONSTANT,
      slopeTilt: 1,
    }
  // everything relative to its root mean square: fourth powers would overflow long before
  const power = Math.sqrt(secondMoment(activation, q))
  const steepness = Math.sqrt(derivativeSecondMoment(activation, q))
  const nodes = gaussianNodes(q, kinks)
  const value = valuesAt(nodes, (z) => f(z) / power)
  // so far into saturation that no node of the quadrature meets a slope
  const slope = valuesAt(nodes, steepness > 0 ? (z) => derivative(z) / steepness : () => 0)
  const [square, slopeSquare] = [times(value, value), times(slope, slope)]
  const squares = hermiteSeries(nodes, square, ORDER)
  const slopeSquares = hermiteSeries(nodes, slopeSquare, ORDER)
  const slopes = hermiteSeries(nodes, slope, ORDER)
  const product = (a: NodeValues, b: NodeValues) => meanOf(nodes, times(a, b))
  // a square that is 1 everywhere, saturated, has no spread, nor may a rounding give it a negative one
  const forwardOwn = Math.max(1, product(square, square))
  const mixedOwn = product(square, slopeSquare)
  const slopesOwn = product(slopeSquare, slopeSquare)
  const noise = (e: number) => {
    const c = 1 - e
    return {
      forward: { own: forwardOwn - 1, cross: crossSum(squares, squares, forwardOwn, c) - 1 },
      forwardBend: hermiteBend(squares, c),
      mixed: { own: mixedOwn - 1, cross: crossSum(squares, slopeSquares, mixedOwn, c) - 1 },
      slopes: { own: slopesOwn, cross: crossSum(slopeSquares, slopeSquares, slopesOwn, c) },
      alignment: crossSum(slopes, slopes, 1, c),
    }
  }
  const moving = steepness > 0
  return {
    noise,
    elasticity: power > 0 ? logDerivatives(squares) : CONSTANT,
    slopeElasticity: moving ? logDerivatives(slopeSquares) : CONSTANT,
    slopeTilt: moving ? 1 + Math.SQRT2 * slopeSquares[2] : 1,
  }
}
