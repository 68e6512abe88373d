/** What an activation and two variances let a network of a depth and width do, in words. */

import { short } from '../report/number-text'
import type { DepthBudget, FiniteWidth, Jacobian } from '../theory'

export interface DepthCard {
  depth: number
  width: number
  depthBudget: DepthBudget
  finiteWidth: FiniteWidth
  jacobian: Jacobian | null
}

/** Sentences, one a finding. */
export function cardLines({ depth, width, depthBudget, finiteWidth, jacobian }: DepthCard): string[] {
  return [
    settlingText(depthBudget),
    inputsText(depthBudget, depth),
    gradientText(depthBudget, depth),
    seedsText(finiteWidth, depth),
    float32Text(depthBudget),
    jacobian === null
      ? ''
      : `Jacobian: its effective rank is about ${short(Math.max(1, jacobian.effectiveRank * width))} of ${width}: so many directions carry the gradient.`,
  ].filter((line) => line !== '')
}

function settlingText({ q, qSlope, xiQ }: DepthBudget): string {
  if (q === 0 && xiQ === Number.POSITIVE_INFINITY) return 'Signal: it dies out, slower than any exponential.'
  if (q === 0 && qSlope === 0) return 'Signal: it dies at once.'
  if (q === 0) return `Signal: it dies out, by the factor ${short(qSlope, 3)} per layer in the end.`
  if (q === Number.POSITIVE_INFINITY) return 'Signal: it grows without end.'
  if (xiQ === Number.POSITIVE_INFINITY)
    return `Signal: its variance stays at q = ${short(q, 4)}; nothing corrects an error.`
  return `Signal: its variance settles at q* = ${short(q, 4)}, an error shrinking by e every ${short(xiQ)} layers.`
}

function inputsText({ q, chi, cosine, xiC, trainableDepth }: DepthBudget, depth: number): string {
  if (!(q > 0 && Number.isFinite(chi))) return ''
  if (xiC === Number.POSITIVE_INFINITY)
    return 'Inputs: they become alike slower than any exponential, so no depth is out of reach.'
  const fate = cosine === 1 ? 'any two become one' : `any two end at cosine ${short(cosine, 4)}`
  const verdict = depth <= trainableDepth ? `${depth} are within it` : `${depth} are too many`
  return `Inputs: ${fate}, by e every ${short(xiC)} layers; they can be told apart, and trained, through about 6 of these, ${Math.round(trainableDepth)} layers: ${verdict}.`
}

function gradientText({ chi }: DepthBudget, depth: number): string {
  if (!Number.isFinite(chi)) return ''
  if (chi === 0) return 'Gradient: nothing of it comes back.'
  if (Math.abs(chi - 1) < 1e-9) return 'Gradient: it keeps its size.'
  const decades = depth * Math.log10(chi)
  // beyond the range of doubles the exponent is all there is to say
  const over = Math.abs(decades) < 300 ? short(chi ** depth) : `1e${Math.round(decades)}`
  return `Gradient: its second moment is multiplied by ${short(chi, 4)} per layer, ${over} over ${depth}.`
}

function seedsText({ band, logVariance, seeds }: FiniteWidth, depth: number): string {
  if (logVariance === 0) return ''
  const [low, high] = band.map((value) => short(value))
  return `Luck: 95 % of seeds end between ${low} and ${high} of the expected second moment at layer ${depth}; the mean of its logarithm is known to 0.1 from ${count(seeds.logMean)}.`
}

function float32Text({ overflowLayer, squareUnderflowLayer, underflowLayer }: DepthBudget): string {
  if (overflowLayer !== null) return `float32: the sum of a sample's squares overflows at layer ${overflowLayer}.`
  if (squareUnderflowLayer === null) return 'float32: no limit within 10,000 layers.'
  const rest = underflowLayer === null ? '' : `, the activations themselves at layer ${underflowLayer}`
  return `float32: squares underflow to 0 at layer ${squareUnderflowLayer}${rest}.`
}

function count(seeds: number): string {
  return `${seeds} seed${seeds === 1 ? '' : 's'}`
}
