/** How a gradient's second moment scatters over the seeds on its way down. */
import type { SampleLog } from './batch-log'
import type { Alignment, GradientNoise } from './draw-noise'
import type { LayerScatter } from './layer-scatter'
import type { LogMoments } from './log-moments'

/** What the layers above have gathered. */
export interface Descent extends Alignment {
  /** ln delta^2 as far as these layers draw it. */
  log: SampleLog
  /** d ln delta^2/d ln q of the layer below them: how they answer to a forward signal that is off. */
  pull: number
  /** By how much delta prefers the direction of z (variance along it over the mean variance, less 1), as the layer below sees it. */
  excess: number
}

/** A layer as a gradient passes it. */
export interface Passage {
  /** Channels. */
  n: number
  at: Pick<LayerScatter, 'elasticity' | 'slopeElasticity' | 'slopeTilt'>
  noise: GradientNoise
  /** ln of the factor of one sample's gradient, where it is known exactly; else to first order in 1/n. */
  exact: LogMoments | null
  /** ln of one sample's q, relative to its mean-field value. */
  logQ: SampleLog
  /** d ln q/d ln of the second moment below. */
  share: number
  q: number
  /** <phi^2 phi'^2>/(<phi^2><phi'^2>): how much a preference for h counts below phi'. */
  along: number
  /** <phi^2>_q and <phi'^2>_q. */
  moment: number
  slopes: number
}

/**
 * Passes a layer, W^T of the layer above and phi'; `reach` is d ln delta^2/d ln of the layer's own second moment. Gradient independence holds to O(1/n):
 * for a phi' that depends on |z|, delta is not as likely along z as elsewhere, and `excess` follows what that does to the mean of the log.
 */
export function descend(layer: Passage, reach: number, from: Descent): Descent {
  const { n, at, noise, exact, logQ, share, along, q, moment, slopes } = layer
  const scatter = noise.backward(from)
  const factor = exact ?? { mean: -scatter.own / (2 * n), variance: scatter.own / n }
  // this layer's forward draw reaches the layers above, and is correlated with its own backward draw
  const inherited = (key: 'own' | 'cross') => (reach * reach * noise.forward[key] + 2 * reach * noise.mixed[key]) / n
  const variance = factor.variance + inherited('own')
  const common = exact ? (exact.variance * Math.min(scatter.cross, scatter.own)) / scatter.own : scatter.cross / n
  const shared = common + inherited('cross')
  // W carries delta's preference for z = W h down to a preference for h, whose units also have phi' that differ from the mean
  const preferred = (from.excess * along) / n
  const answered = at.slopeElasticity.first * logQ.mean + (at.slopeElasticity.second * logQ.variance) / 2
  const { first: elasticity } = at.elasticity
  return {
    log: {
      mean: from.log.mean + factor.mean + preferred + answered,
      variance: from.log.variance + variance,
      shared: from.log.shared + Math.min(shared, variance),
    },
    pull: at.slopeElasticity.first + reach * elasticity,
    alignment: aligned(layer, from.alignment),
    apart: aligned(layer, from.apart),
    excess: share * (at.slopeTilt - 1 + (from.excess * elasticity ** 2 * moment) / (q * slopes)),
  }
}

/** A squared cosine below the layer: what phi' keeps of it, and that of random directions. */
function aligned({ n, noise }: Passage, r: number): number {
  const kept = noise.alignment ** 2 * r
  return Math.min(1, kept + (noise.slopesCross * (1 + 2 * r) - kept) / n)
}
