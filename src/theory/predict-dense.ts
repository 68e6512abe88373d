/** What theory says of a dense network before a weight is drawn. */
import { batchLog, centralBand, type SampleLog } from './batch-log'
import { backwardPass } from './dense-backward'
import { forwardPass } from './dense-forward'
import { checkNetwork, type DenseNetwork } from './dense-network'
import { saturatedShare } from './saturated-share'

/** One layer forward. */
export interface ForwardPrediction {
  /** E h^2 after the activation, at infinite width. */
  secondMoment: number
  /** Between the activations of two samples; null with one sample, or where all activations are 0. */
  cosine: number | null
  /** Share of activations in saturation, P(z <= low or z >= high) for z ~ N(0, q); null for an activation without two flat ends. */
  saturatedFraction: number | null
  /** 95 % of the seeds' batch-averaged second moments lie in [low, high]. */
  band: [number, number]
}

/** One layer backward: delta = dL/dz before the activation, for the probe L = sum over the batch of <g, z_L>, g ~ N(0, 1). */
export interface BackwardPrediction {
  /** E delta^2; 1 at the last layer. */
  secondMoment: number
  /** Frobenius norm of dL/dW_l, summed over the batch. */
  weightGradNorm: number
  band: [number, number]
}

/** What theory expects of each layer, in the order of the layers. */
export interface DensePrediction {
  forward: ForwardPrediction[]
  backward: BackwardPrediction[]
}

/** The central 95 % of the seeds' batch averages, as a log-normal law. */
function band(centre: number, log: SampleLog, batch: number): [number, number] {
  return centralBand(centre, batchLog(log, batch))
}

/**
 * Second moments, cosines and gradients of a dense network, layer by layer, with the band in which 95 % of the seeds fall.
 * Means are those of infinite width: M_l = <phi^2>_(q_l), q_l = n_(l-1) Var(w_l) M_(l-1) + biasVariance, and downwards
 * D_l = <phi'^2>_(q_l) n_(l+1) Var(w_(l+1)) D_(l+1), D_L = 1, |dL/dW_l|^2 = batch n_l D_l n_(l-1) M_(l-1).
 * The bands are those of finite width: log-normal, exact in mean and variance of the log for one sample of a zero-bias linear, ReLU or leaky
 * network, to first order in 1/width for batches and other activations. They take the samples of the batch to have equal norms.
 * Returns layers 1..L; the arrays are the caller's.
 * @throws TypeError or RangeError for a network that is not one.
 */
export function predictDense(network: DenseNetwork): DensePrediction {
  const resolved = checkNetwork(network)
  const layers = forwardPass(resolved)
  const backward = backwardPass(resolved, layers)
  const { widths, batch, inputSecondMoment, activation } = resolved
  return {
    forward: layers.map(({ q, moment, gap, log }) => ({
      secondMoment: moment,
      cosine: gap === null ? null : 1 - gap,
      saturatedFraction: saturatedShare(activation, q),
      band: band(moment, log, batch),
    })),
    backward: backward.map(({ moment, log }, i) => ({
      secondMoment: moment,
      weightGradNorm: Math.sqrt(
        batch * widths[i + 1] * moment * widths[i] * (i === 0 ? inputSecondMoment : layers[i - 1].moment),
      ),
      band: band(moment, log, batch),
    })),
  }
}
