/** Factors for the weights of a chain that keep its second moment. */

import type { Activation } from '../activations/activation'
import { wrongValue } from '../check'
import type { ChainLayer } from './chain'

/**
 * The factor of each layer's weights that gives them mean square gain^2/fanIn: E h^2 = 1 then goes from layer to layer unchanged.
 * @throws RangeError for an activation of unknown gain, or a layer whose weights are all 0 or not finite
 */
export function analyticScales(layers: readonly ChainLayer[], { gain, name }: Activation): number[] {
  if (gain === null) return wrongValue('inspect', 'activation', 'one whose gain is known, to rescale by it', name)
  return layers.map(({ name, fans, weightSquare, summary: { statistics } }) => {
    const usable = weightSquare > 0 && statistics.nans + statistics.infinities === 0
    if (!usable)
      return wrongValue('inspect', `'${name}'`, 'weights that are finite and not all 0, to rescale them', weightSquare)
    return gain / Math.sqrt(fans.fanIn * weightSquare)
  })
}
