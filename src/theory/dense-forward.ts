/** The signal going up a dense network: mean field, and the scatter over seeds. */
import type { Activation } from '../activations/activation'
import { pairMoments } from './cosine-map'
import type { ResolvedNetwork } from './dense-network'
import { layerLogFactor } from './finite-width'
import { type LayerNoise, layerNoise, type Scatter } from './layer-noise'
import type { LogMoments } from './log-moments'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'

/** One layer, with what the way back will need. */
export interface ForwardLayer {
  /** Variance of the pre-activations. */
  q: number
  /** M_l = E h^2. */
  moment: number
  /** <phi'^2>_q. */
  slopes: number
  /** 1 - cosine between the activations of two samples, or null. */
  gap: number | null
  /** ln of the batch-averaged second moment, relative to ln M_l. */
  log: LogMoments
  /** d ln q/d ln M_(l-1): 1 without bias. */
  share: number
  /** d ln <phi^2>/d ln q. */
  elasticity: number
  noise: LayerNoise | null
  /** Mean and variance of the log of this layer's own factor for one sample. */
  factor: LogMoments
}

/** The variance of a batch average: own/B + (1 - 1/B) cross. */
export function averaged({ own, cross }: Scatter, batch: number): number {
  return own / batch + (1 - 1 / batch) * cross
}

/** The second derivative of ln <phi^2> in ln q, by central differences. */
function curvature(activation: Activation, q: number): number {
  if (activation.negativeSlope !== null) return 0
  const step = 0.01
  const at = (shift: number) => Math.log(secondMoment(activation, q * Math.exp(shift)))
  return (at(step) - 2 * at(0) + at(-step)) / (step * step)
}

/** The log of one layer's factor for one sample: exact for a homogeneous activation, else to first order in 1/n. */
function ownFactor(activation: Activation, n: number, noise: LayerNoise, cache: Map<number, LogMoments>): LogMoments {
  if (activation.negativeSlope === null) {
    const variance = noise.forward.own / n
    return { mean: -variance / 2, variance }
  }
  const known = cache.get(n) ?? layerLogFactor(n, activation.negativeSlope)
  cache.set(n, known)
  return known
}

const SILENT = { mean: 0, variance: 0 }

/** Layers 1..L from the input up. */
export function forwardPass(network: ResolvedNetwork): ForwardLayer[] {
  const { widths, weightVariances, biasVariance, activation, batch, inputSecondMoment, inputCosine } = network
  const cache = new Map<number, LogMoments>()
  const layers: ForwardLayer[] = []
  let moment = inputSecondMoment
  let gap = inputCosine === null || inputSecondMoment === 0 ? null : 1 - inputCosine
  let log: LogMoments = SILENT
  for (let l = 1; l < widths.length; l++) {
    const carried = widths[l - 1] * weightVariances[l - 1] * moment
    const q = carried + biasVariance
    if (!(q > 0 && q < Number.POSITIVE_INFINITY)) {
      moment = q === 0 ? activation.f(0) ** 2 : q
      // equal inputs to every unit: equal outputs
      gap = batch > 1 && q === 0 && moment > 0 ? 0 : null
      log = SILENT
      const slopes = activation.derivative(0) ** 2
      layers.push({ q, moment, slopes, gap, log, share: 0, elasticity: 0, noise: null, factor: SILENT })
      continue
    }
    const share = carried / q
    const preGap = gap === null ? (batch > 1 ? 0 : null) : share * gap
    const noise = layerNoise(activation, q, preGap ?? 0)
    const factor = ownFactor(activation, widths[l], noise, cache)
    moment = secondMoment(activation, q)
    if (preGap !== null) gap = Math.min(2, pairMoments(activation, q).gap(preGap) / moment)
    const elasticity = (q * momentSlope(activation, q)) / moment
    const through = share * elasticity
    const bend = share * share * curvature(activation, q) + through * (1 - share)
    const weight = averaged(noise.forward, batch) / noise.forward.own
    log = {
      mean: through * log.mean + (bend * log.variance) / 2 + weight * factor.mean,
      variance: through * through * log.variance + weight * factor.variance,
    }
    layers.push({
      q,
      moment,
      slopes: derivativeSecondMoment(activation, q),
      gap,
      log,
      share,
      elasticity,
      noise,
      factor,
    })
  }
  return layers
}
