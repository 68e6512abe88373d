/** The spectrum of J J^T, J the input-output Jacobian of a deep network of equal wide layers. Pennington, Schoenholz & Ganguli 2017. */
import type { Activation } from '../activations/activation'
import { expectation } from './gaussian'
import { derivativeSecondMoment } from './moments'

/** Moments of the eigenvalues of J J^T, divided by the width. */
export interface JacobianMoments {
  /** (1/n) tr J J^T = chi^L. */
  m1: number
  /** m2/m1^2 = 1 + L (<phi'^4>/<phi'^2>^2 - 1 - s1), s1 = -1 for Gaussian weights, 0 for orthogonal ones. */
  spread: number
  /** m1^2/m2: the share of directions that carry the gradient (effective rank over width). */
  effectiveRank: number
}

/** The first two moments after `depth` layers at variance q, sigmaW2 = fan_in Var w, in the limit of large width. */
export function jacobianMoments(
  activation: Activation,
  depth: number,
  sigmaW2: number,
  q: number,
  weights: 'gaussian' | 'orthogonal',
): JacobianMoments {
  const second = derivativeSecondMoment(activation, q)
  const fourth = expectation((z) => activation.derivative(z) ** 4, q, activation.kinks)
  const spread = 1 + depth * (fourth / (second * second) - 1 + (weights === 'gaussian' ? 1 : 0))
  return { m1: (sigmaW2 * second) ** depth, spread, effectiveRank: 1 / spread }
}

/** The largest squared singular value of a product of `depth` square Gaussian matrices with n Var w = 1: (L + 1)^(L + 1)/L^L (Fuss-Catalan). */
export function linearJacobianEdge(depth: number): number {
  return (depth + 1) * Math.exp(depth * Math.log1p(1 / depth))
}
