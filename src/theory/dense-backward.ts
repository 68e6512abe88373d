/** The gradient coming down a dense network: mean field under gradient independence, and the scatter over seeds. */
import type { SampleLog } from './batch-log'
import type { ForwardLayer } from './dense-forward'
import type { ResolvedNetwork } from './dense-network'
import type { LayerNoise, Scatter } from './layer-scatter'
import { digamma, trigamma } from './polygamma'

export interface BackwardLayer {
  /** E delta^2. */
  moment: number
  /** ln of one sample's mean delta^2, relative to that. */
  log: SampleLog
}

/** What the layers above have gathered. */
interface Descent {
  /** ln delta^2 as far as these layers draw it. */
  log: SampleLog
  /** d ln delta^2/d ln q of the layer below them: how they answer to a forward signal that is off. */
  pull: number
  /** Mean squared cosine between the gradients of two samples. */
  alignment: number
  /** By how much delta prefers the direction of z (variance along it over the mean variance, less 1), as the layer below sees it. */
  excess: number
}

/** The scatter of phi'(z)^2 (w delta)^2: own 3 <phi'^4>/<phi'^2>^2 - 1, and between samples whose gradients have squared cosine r. */
function backwardScatter({ slopes }: LayerNoise, alignment: number): Scatter {
  return { own: 3 * slopes.own - 1, cross: slopes.cross * (1 + 2 * alignment) - 1 }
}

/** Adds layer l, of width n, to what is above it. */
function descend(homogeneous: boolean, n: number, layer: ForwardLayer, above: ForwardLayer, from: Descent): Descent {
  const { draw, q, moment, slopes, logQ, share } = layer
  if (draw === null) return from
  const { at, noise, factor } = draw
  const { log } = from
  const scatter = backwardScatter(noise, from.alignment)
  const kept = noise.alignment ** 2 * from.alignment
  const alignment = Math.min(1, kept + (noise.slopes.cross * (1 + 2 * from.alignment) - kept) / n)
  if (homogeneous) {
    // own scatter equals the forward one: the same law goes down, exactly
    const shared = log.shared + (factor.variance * Math.min(scatter.cross, scatter.own)) / scatter.own
    return {
      ...from,
      log: { mean: log.mean + factor.mean, variance: log.variance + factor.variance, shared },
      alignment,
    }
  }
  // this layer's forward draw reaches the layers above, and is correlated with its own backward draw
  const reach = above.share * from.pull
  const inherited = (key: 'own' | 'cross') => reach * reach * noise.forward[key] + 2 * reach * noise.mixed[key]
  const variance = (scatter.own + inherited('own')) / n
  const shared = (scatter.cross + inherited('cross')) / n
  // W carries delta's preference for z = W h down to a preference for h, whose units also have phi' that differ from the mean
  const preferred = (from.excess * (1 + noise.mixed.own)) / n
  const answered = at.slopeElasticity.first * logQ.mean + (at.slopeElasticity.second * logQ.variance) / 2
  const { first: elasticity } = at.elasticity
  return {
    log: {
      mean: log.mean - scatter.own / (2 * n) + preferred + answered,
      variance: log.variance + variance,
      shared: log.shared + Math.min(shared, variance),
    },
    pull: at.slopeElasticity.first + reach * elasticity,
    alignment,
    excess: share * (at.slopeTilt - 1 + (from.excess * elasticity ** 2 * moment) / (q * slopes)),
  }
}

/**
 * Layers 1..L, computed from L down; delta_L is the probe itself, n_L independent normals per sample.
 * Own scatter per layer 3 <phi'^4>/<phi'^2>^2 - 1 (5 for ReLU: the forward law again). Two samples share the weights and, as c -> 1, the phi', but
 * their probes are independent: <phi'(u)^2 phi'(v)^2>(1 + 2 r)/<phi'^2>^2 - 1 with r the mean squared cosine of their gradients, 1/n_L at the
 * top (1 for ReLU at c = 1). Where <phi'^2> depends on q, the forward scatter joins in. Gradient independence holds to O(1/n): for a
 * phi' that depends on |z|, delta is not as likely along z as elsewhere, and `excess` follows what that does to the mean of the log.
 */
export function backwardPass(network: ResolvedNetwork, layers: readonly ForwardLayer[]): BackwardLayer[] {
  const { widths, weightVariances, activation } = network
  const homogeneous = activation.negativeSlope !== null
  const last = layers.length
  const probe = widths[last] / 2
  let moment = 1
  let state: Descent = {
    log: { mean: digamma(probe) - Math.log(probe), variance: trigamma(probe), shared: 0 },
    pull: 0,
    alignment: 1 / widths[last],
    excess: 0,
  }
  const result: BackwardLayer[] = [{ moment, log: state.log }]
  for (let l = last - 1; l >= 1; l--) {
    const layer = layers[l - 1]
    moment *= layer.slopes * widths[l + 1] * weightVariances[l]
    state = descend(homogeneous, widths[l], layer, layers[l], state)
    const { mean, variance, shared } = state.log
    const fromBelow = state.pull ** 2
    result.unshift({
      moment,
      log: {
        mean,
        variance: variance + fromBelow * layer.logQ.variance,
        shared: shared + fromBelow * layer.logQ.shared,
      },
    })
  }
  return result
}
