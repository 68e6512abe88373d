/** What happens to a small error in the second moment, and where an activation can be critical. */
import type { Activation } from '../activations/activation'
import { type CriticalPoint, criticalPoint, halfStablePoint } from './critical-line'
import { lengthMap, type Variances } from './fixed-points'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'

/**
 * Of a fixed point of the length map: 'scale-invariant' every q is fixed; 'stable' errors shrink from layer to layer; 'unstable' they grow;
 * 'half-stable' they shrink from one side only; 'none' the q looked at is not fixed.
 */
export type Stability = 'scale-invariant' | 'stable' | 'unstable' | 'half-stable' | 'none'

/**
 * Where chi = 1 and the length map is marginal too (Roberts, Yaida & Hanin 2022): 'scale-invariant' at every q, 'zero' at q* = 0 (tanh, sin),
 * 'half-stable' at one q* > 0 (GELU, SiLU), 'none' nowhere (sigmoid, softplus).
 */
export type Criticality = 'scale-invariant' | 'zero' | 'half-stable' | 'none'

// Quadrature leaves 1e-14 of a moment; a gain literal rounds to an ulp.
const FIXED = 1e-9
const MARGINAL = 1e-8

/** Whether q and its neighbours are all fixed, as for ReLU and whatever a user wrote that equals it. */
function everyScale(activation: Activation, variances: Variances, q: number): boolean {
  if (activation.negativeSlope !== null) return variances.sigmaB2 === 0
  return [q / 4, 4 * q].every((x) => Math.abs(lengthMap(activation, variances, x) / x - 1) < FIXED)
}

/** The stability of the length map at q. */
export function stability(activation: Activation, variances: Variances, q: number): Stability {
  if (Math.abs(lengthMap(activation, variances, q) / q - 1) > FIXED) return 'none'
  if (everyScale(activation, variances, q)) return 'scale-invariant'
  const slope = variances.sigmaW2 * momentSlope(activation, q)
  if (Math.abs(Math.abs(slope) - 1) < MARGINAL) return 'half-stable'
  return Math.abs(slope) < 1 ? 'stable' : 'unstable'
}

// From where a smooth activation bends to where a clipped one has met its border.
const SCALES = [1e-4, 1e-2, 1, 1e2]

/** With chi = 1 at q = 0: does q fall (0 attracts, slowly), grow, or stay? null where phi(0) or its slope forbid the question. */
function driftFromZero(activation: Activation): 'falls' | 'grows' | 'stays' | null {
  const slope = momentSlope(activation, 0)
  if (activation.f(0) !== 0 || slope === 0) return null
  for (const q of SCALES) {
    const ratio = secondMoment(activation, q) / (slope * q)
    if (Math.abs(ratio - 1) > 1e-12) return ratio < 1 ? 'falls' : 'grows'
  }
  return 'stays'
}

/** The class of an activation and its critical point; the point is null for 'none', and one of many for 'scale-invariant' (that at q = 1). */
export function criticality(activation: Activation): { criticality: Criticality; criticalPoint: CriticalPoint | null } {
  // a constant passes no gradient on, whatever the weights; differentiated numerically its slope is a rounding, 1e-14
  if (derivativeSecondMoment(activation, 1) <= 1e-24 * secondMoment(activation, 1))
    return { criticality: 'none', criticalPoint: null }
  const drift = driftFromZero(activation)
  if (drift === 'stays')
    return { criticality: 'scale-invariant', criticalPoint: { ...criticalPoint(activation, 1), sigmaB2: 0 } }
  if (drift === 'falls')
    return { criticality: 'zero', criticalPoint: { q: 0, sigmaW2: 1 / momentSlope(activation, 0), sigmaB2: 0 } }
  const half = halfStablePoint(activation)
  return half ? { criticality: 'half-stable', criticalPoint: half } : { criticality: 'none', criticalPoint: null }
}

/** One or two sentences on what the gain of an activation is worth. */
export function stabilityNote(
  name: string,
  kind: Stability,
  qSlope: number,
  chi: number,
  point: CriticalPoint | null,
): string {
  const per = (x: number) => x.toPrecision(4)
  const gradients =
    Math.abs(chi - 1) < FIXED
      ? 'gradients keep their size'
      : `the gradient's second moment is multiplied by ${per(chi)} per layer`
  switch (kind) {
    case 'scale-invariant':
      return `Every second moment is a fixed point of ${name} with its gain: nothing grows, nothing is corrected, and ${gradients}.`
    case 'stable':
      return `The fixed point is stable: an error in the second moment shrinks by ${per(qSlope)} per layer; ${gradients}.`
    case 'half-stable':
      return `The fixed point is half-stable: errors on one side shrink, on the other they grow, both slowly; ${gradients}.`
    case 'unstable': {
      const { q = 0, sigmaW2 = 0, sigmaB2 = 0 } = point ?? {}
      const half = `, or use the half-stable point sigmaW2 = ${sigmaW2.toPrecision(6)}, sigmaB2 = ${sigmaB2.toPrecision(6)} at q = ${q.toPrecision(6)}`
      return `The gain of ${name} is an unstable fixed point: an error in the second moment grows by ${per(qSlope)} per layer, to 0 or to infinity; normalise, add residual connections${q > 0 ? half : ''}.`
    }
    case 'none':
      return 'The second moment looked at is not a fixed point of these variances.'
  }
}
