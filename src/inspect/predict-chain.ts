/** What theory says of a chain from the variances that its weights have. */

import type { Activation } from '../activations/activation'
import { pairMoments } from '../theory/cosine-map'
import { derivativeSecondMoment, secondMoment } from '../theory/moments'
import type { ChainLayer } from './chain'

/** One layer: E h^2 and the cosine of two samples after the activation, E (dL/dz)^2 before it, 1 at the last. */
export interface LayerSignal {
  secondMoment: number
  cosine: number | null
  gradient: number
}

/** What goes in: mean of x^2, and the mean cosine of two samples, null with one. */
export interface ChainInput {
  secondMoment: number
  cosine: number | null
}

/**
 * Mean-field prediction at infinite width: q_l = fanIn Var(w_l) M_(l-1) + Var(b_l), M_l = <phi^2>_(q_l), and downwards
 * D_l = <phi'^2>_(q_l) fanOut Var(w_(l+1)) D_(l+1), D_L = 1; phi the activation of each layer, and no pooling or norm between.
 */
export function predictChain(
  layers: readonly ChainLayer[],
  activations: readonly Activation[],
  input: ChainInput,
): LayerSignal[] {
  let below = { moment: input.secondMoment, gap: input.cosine === null ? null : 1 - input.cosine }
  const slopes: number[] = []
  const up = layers.map(({ fans, weightSquare, biasSquare }, l) => {
    const activation = activations[l]
    const carried = fans.fanIn * weightSquare * below.moment
    const q = carried + biasSquare
    const live = q > 0 && q < Number.POSITIVE_INFINITY
    const moment = live ? secondMoment(activation, q) : q === 0 ? activation.f(0) ** 2 : q
    slopes.push(live ? derivativeSecondMoment(activation, q) : activation.derivative(0) ** 2)
    const gap =
      below.gap === null || !live
        ? null
        : Math.min(2, pairMoments(activation, q).gap((carried / q) * below.gap) / moment)
    below = { moment, gap }
    return below
  })
  const gradients = new Array<number>(layers.length)
  for (let l = layers.length - 1; l >= 0; l--) {
    const above = layers[l + 1]
    gradients[l] = above === undefined ? 1 : slopes[l] * above.fans.fanOut * above.weightSquare * gradients[l + 1]
  }
  return up.map(({ moment, gap }, l) => ({
    secondMoment: moment,
    cosine: gap === null ? null : 1 - gap,
    gradient: gradients[l],
  }))
}
