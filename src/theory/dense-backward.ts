/** The gradient coming down a dense network: mean field under gradient independence, and the scatter over seeds. */
import { averaged, type ForwardLayer } from './dense-forward'
import type { ResolvedNetwork } from './dense-network'
import type { LogMoments } from './log-moments'
import { derivativeSecondMoment } from './moments'
import { digamma, trigamma } from './polygamma'

export interface BackwardLayer {
  /** E delta^2. */
  moment: number
  /** ln of the batch-averaged delta^2, relative to its mean. */
  log: LogMoments
}

/** d ln <phi'^2>/d ln q, by central differences; 0 for a homogeneous activation. */
function slopeElasticity({ activation }: ResolvedNetwork, q: number): number {
  if (activation.negativeSlope !== null) return 0
  const step = 0.01
  const at = (shift: number) => Math.log(derivativeSecondMoment(activation, q * Math.exp(shift)))
  return (at(step) - at(-step)) / (2 * step)
}

/**
 * Layers 1..L, computed from L down.
 * A unit passes phi'(z)^2 (w delta)^2, w delta Gaussian: own scatter 3 <phi'^4>/<phi'^2>^2 - 1 (5 for ReLU, the forward law again);
 * two samples share the weights and, as c -> 1, the phi', but their probes are independent: <phi'(u)^2 phi'(v)^2>(1 + 2 r)/<phi'^2>^2 - 1 with r the mean
 * squared cosine of their gradients, 1/n_L at the top (1 for ReLU at c = 1). Where <phi'^2> depends on q, the forward scatter joins in.
 */
export function backwardPass(network: ResolvedNetwork, layers: readonly ForwardLayer[]): BackwardLayer[] {
  const { widths, weightVariances, activation, batch } = network
  const last = layers.length
  const probes = batch * widths[last]
  let moment = 1
  let alignment = 1 / widths[last]
  // ln delta_l^2 = own + pull * (deviation of ln q_l): what layers above draw by themselves, and what they inherit from below
  let own: LogMoments = { mean: digamma(probes / 2) - Math.log(probes / 2), variance: trigamma(probes / 2) }
  let pull = 0
  const result: BackwardLayer[] = [{ moment, log: own }]
  for (let l = last - 1; l >= 1; l--) {
    const { q, slopes, noise, factor, elasticity, share } = layers[l - 1]
    const above = layers[l]
    moment *= slopes * widths[l + 1] * weightVariances[l]
    if (noise) {
      const n = widths[l]
      const ownScatter = 3 * noise.slopes.own - 1
      const scatter = { own: ownScatter, cross: noise.slopes.cross * (1 + 2 * alignment) - 1 }
      const reach = above.share * pull
      const inherited = reach * reach * averaged(noise.forward, batch) + 2 * reach * averaged(noise.mixed, batch)
      const exact = activation.negativeSlope !== null
      const variance = exact
        ? (factor.variance * averaged(scatter, batch)) / ownScatter
        : (averaged(scatter, batch) + inherited) / n
      const mean = exact ? (factor.mean * averaged(scatter, batch)) / ownScatter : -variance / 2
      own = { mean: own.mean + mean, variance: own.variance + variance }
      pull = slopeElasticity(network, q) + reach * elasticity
      const kept = noise.alignment ** 2 * alignment
      alignment = Math.min(1, kept + (noise.slopes.cross * (1 + 2 * alignment) - kept) / n)
    }
    const below = l > 1 ? layers[l - 2].log.variance : 0
    const fromBelow = pull * pull * share * share * below
    result.unshift({ moment, log: { mean: own.mean - fromBelow / 2, variance: own.variance + fromBelow } })
  }
  return result
}
