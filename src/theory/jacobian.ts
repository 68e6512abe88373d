import { integer, oneOf, options, withDefault } from '../check'
import { expectation } from './gaussian'
import { type LayerVariances, layerVariances, positive } from './layer-variances'
import { derivativeSecondMoment } from './moments'

/** A network of equal layers whose input-output Jacobian is asked for. */
export interface JacobianOptions extends Omit<LayerVariances, 'sigmaB2'> {
  /** Layers, >= 1. */
  depth: number
  /** Variance of the pre-activations, > 0, the same in every layer; default 1. */
  q?: number
  /** Default 'gaussian'. */
  weights?: 'gaussian' | 'orthogonal'
}

/** The eigenvalues of J J^T, J the input-output Jacobian. */
export interface Jacobian {
  /** (1/n) tr J J^T = chi^L: the mean eigenvalue. */
  m1: number
  /** m2/m1^2 = 1 + L (<phi'^4>/<phi'^2>^2 - 1 - s1), s1 = -1 for Gaussian weights, 0 for orthogonal ones; 1 for an isometry. */
  spread: number
  /** m1^2/m2: the share of directions that carry the gradient (effective rank over width). */
  effectiveRank: number
  /** The largest eigenvalue, where there is a closed form: of a linear network; else null. */
  largest: number | null
}

const WHERE = 'jacobian'

/**
 * The first two moments of the spectrum of J J^T after `depth` equal layers, in the limit of large width:
 * m1 = (sigmaW2 <phi'^2>_q)^depth; the spread does not depend on sigmaW2.
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Pennington, Schoenholz & Ganguli 2017, arXiv:1711.04735
 */
export function jacobian(given: JacobianOptions): Jacobian {
  options(WHERE, given, ['activation', 'sigmaW2', 'depth', 'q', 'weights'])
  const { activation, sigmaW2 } = layerVariances(WHERE, given, ['depth', 'q', 'weights'])
  const depth = integer(WHERE, 'depth', given.depth, 1)
  const q = positive(WHERE, 'q', withDefault(given.q, 1))
  const gaussian =
    oneOf(WHERE, 'weights', withDefault(given.weights, 'gaussian'), ['gaussian', 'orthogonal']) === 'gaussian'
  const second = derivativeSecondMoment(activation, q)
  const fourth = expectation((z) => activation.derivative(z) ** 4, q, activation.kinks)
  const spread = 1 + depth * (fourth / (second * second) - (gaussian ? 0 : 1))
  const m1 = (sigmaW2 * second) ** depth
  const largest = activation.negativeSlope === 1 ? m1 * (gaussian ? linearJacobianEdge(depth) : 1) : null
  return { m1, spread, effectiveRank: 1 / spread, largest }
}

/** The largest squared singular value of a product of `depth` square Gaussian matrices with n Var w = 1: (L + 1)^(L + 1)/L^L (Fuss-Catalan). */
export function linearJacobianEdge(depth: number): number {
  return (depth + 1) * Math.exp(depth * Math.log1p(1 / depth))
}
