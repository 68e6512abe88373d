/** The gradient coming down a dense network: mean field under gradient independence, and the scatter over seeds. */
import type { SampleLog } from './batch-log'
import type { ForwardLayer } from './dense-forward'
import type { ResolvedNetwork } from './dense-network'
import { type Descent, descend, type Passage } from './descent'
import { gradientNoise } from './draw-noise'
import { digamma, trigamma } from './polygamma'

export interface BackwardLayer {
  /** E delta^2. */
  moment: number
  /** ln of one sample's mean delta^2, relative to that. */
  log: SampleLog
}

/** Layer l, of width n; null where nothing scatters. */
function passage(homogeneous: boolean, n: number, layer: ForwardLayer): Passage | null {
  const { draw, q, moment, slopes, logQ, share } = layer
  if (draw === null) return null
  const { at, noise, factor } = draw
  // own scatter equals the forward one: the same law goes down, exactly
  const exact = homogeneous ? factor : null
  return {
    ...{ n, at, noise: gradientNoise(noise), exact, along: 1 + noise.mixed.own },
    ...{ logQ, share, q, moment, slopes },
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
    apart: 0,
    excess: 0,
  }
  const result: BackwardLayer[] = [{ moment, log: state.log }]
  for (let l = last - 1; l >= 1; l--) {
    const layer = layers[l - 1]
    moment *= layer.slopes * widths[l + 1] * weightVariances[l]
    const passed = passage(homogeneous, widths[l], layer)
    if (passed) state = descend(passed, layers[l].share * state.pull, state)
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
