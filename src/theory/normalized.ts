import type { ActivationSpec } from '../activations/activation'
import { integer, oneOf, options, withDefault } from '../check'
import { theory } from './theory'

/** A stack of layers whose pre-activations are normalised to second moment 1. */
export interface NormalizedStack {
  activation: ActivationSpec
  /** 'layer': LayerNorm or RMSNorm; 'batch': BatchNorm of a large batch. */
  norm: 'layer' | 'batch'
  /** Default 1. */
  depth?: number
}

/** What a stack of normalized layers does to the gradient on its way back. */
export interface NormalizedGradient {
  /** Of the gradient's second moment, per layer. */
  factor: number
  /** factor^depth. */
  growth: number
}

const WHERE = 'normalized'

/**
 * What normalised layers do to a gradient, whatever the weights' scale: <phi'^2>_1/<phi^2>_1 per layer (LayerNorm, RMSNorm), <phi'^2>_1/Var phi (BatchNorm,
 * at least 1 and pi/(pi - 1) for ReLU: deep BatchNorm networks explode backwards). Going forward the second moment is fixed.
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Yang et al. 2019, arXiv:1902.08129
 */
export function normalized(stack: NormalizedStack): NormalizedGradient {
  options(WHERE, stack, ['activation', 'norm', 'depth'])
  const norm = oneOf(WHERE, 'norm', stack.norm, ['layer', 'batch'])
  const depth = integer(WHERE, 'depth', withDefault(stack.depth, 1), 0)
  const { layerNormFactor, batchNormFactor } = theory({ activation: stack.activation })
  const factor = norm === 'layer' ? layerNormFactor : batchNormFactor
  return { factor, growth: factor ** depth }
}
