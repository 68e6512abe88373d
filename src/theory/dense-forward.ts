/** The signal going up a dense network: mean field, and the scatter over seeds. */
import type { Activation } from '../activations/activation'
import { NO_SCATTER, type SampleLog } from './batch-log'
import { pairMoments } from './cosine-map'
import type { ResolvedNetwork } from './dense-network'
import { layerLogFactor } from './finite-width'
import { type LayerNoise, layerNoise } from './layer-noise'
import type { LogMoments } from './log-moments'
import { derivativeSecondMoment, momentSlope, secondMoment } from './moments'

/** What a layer hands to the next. */
export interface Signal {
  /** M_l = E h^2. */
  moment: number
  /** 1 - cosine between the activations of two samples, or null. */
  gap: number | null
  /** Variance over seeds of that cosine. */
  gapVariance: number
  /** ln of one sample's second moment, relative to ln M_l. */
  log: SampleLog
}

/** One layer, with what the way back will need. */
export interface ForwardLayer extends Signal {
  /** Variance of the pre-activations. */
  q: number
  /** ln of one sample's q, relative to its mean-field value. */
  logQ: SampleLog
  /** <phi'^2>_q. */
  slopes: number
  /** d ln q/d ln M_(l-1): 1 without bias. */
  share: number
  /** d ln <phi^2>/d ln q. */
  elasticity: number
  /** null where q is 0 or not finite, and nothing scatters. */
  noise: LayerNoise | null
  /** ln of the factor this layer draws for one sample. */
  factor: LogMoments
}

const STEP = 0.01

/** First and second derivative of ln moment(q) in ln q, by central differences: 1e-5 near, which is enough for bands. */
export function logDerivatives(moment: (q: number) => number, q: number): { first: number; second: number } {
  const at = (shift: number) => Math.log(moment(q * Math.exp(shift)))
  const [low, middle, high] = [at(-STEP), at(0), at(STEP)]
  return { first: (high - low) / (2 * STEP), second: (high - 2 * middle + low) / (STEP * STEP) }
}

/** A log scatter through ln y = ln y(x): slope and half the curvature act on it. */
function through(log: SampleLog, slope: number, bend: number): SampleLog {
  return {
    mean: slope * log.mean + (bend * log.variance) / 2,
    variance: slope * slope * log.variance,
    shared: slope * slope * log.shared,
  }
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

/** A layer whose pre-activations are all 0 (or all infinite): nothing left to scatter. */
function deadLayer(activation: Activation, q: number, batch: number): ForwardLayer {
  const moment = q === 0 ? activation.f(0) ** 2 : q
  return {
    q,
    moment,
    slopes: activation.derivative(0) ** 2,
    gap: batch > 1 && q === 0 && moment > 0 ? 0 : null,
    gapVariance: 0,
    log: NO_SCATTER,
    logQ: NO_SCATTER,
    share: 0,
    elasticity: 0,
    noise: null,
    factor: NO_SCATTER,
  }
}

function nextLayer(network: ResolvedNetwork, l: number, below: Signal, cache: Map<number, LogMoments>): ForwardLayer {
  const { widths, weightVariances, biasVariance, activation, batch } = network
  const n = widths[l]
  const carried = widths[l - 1] * weightVariances[l - 1] * below.moment
  const q = carried + biasVariance
  if (!(q > 0 && q < Number.POSITIVE_INFINITY)) return deadLayer(activation, q, batch)
  const share = carried / q
  // samples that died below and are revived by the biases are equal
  const preGap = batch === 1 ? null : below.gap === null ? 0 : share * below.gap
  const noise = layerNoise(activation, q, preGap ?? 0)
  const moment = secondMoment(activation, q)
  const slopes = derivativeSecondMoment(activation, q)
  const elasticity = (q * momentSlope(activation, q)) / moment
  const bend = activation.negativeSlope === null ? logDerivatives((x) => secondMoment(activation, x), q).second : 0
  const factor = ownFactor(activation, n, noise, cache)
  const logQ = through(below.log, share, share * (1 - share))
  const log = through(logQ, elasticity, bend)
  // the cosine itself scatters, as (1 - c^2)^2/n per layer for linear units; where c stays near 0 the samples share little else
  const cosineSlope = (share * noise.alignment * q * slopes) / moment
  const preVariance = share * share * below.gapVariance
  const cross = noise.forward.cross + (noise.forwardBend * preVariance) / 2
  const gap = preGap === null ? null : Math.min(2, pairMoments(activation, q).gap(preGap) / moment)
  const square = gap === null ? 1 : Math.min(1, (1 - gap) ** 2 + cosineSlope ** 2 * below.gapVariance)
  return {
    q,
    moment,
    slopes,
    gap,
    gapVariance: cosineSlope ** 2 * below.gapVariance + (1 - square) ** 2 / n,
    log: {
      mean: log.mean + factor.mean,
      variance: log.variance + factor.variance,
      shared: log.shared + (factor.variance * Math.min(cross, noise.forward.own)) / noise.forward.own,
    },
    logQ,
    share,
    elasticity,
    noise,
    factor,
  }
}

/** Layers 1..L from the input up. */
export function forwardPass(network: ResolvedNetwork): ForwardLayer[] {
  const { widths, inputSecondMoment, inputCosine } = network
  const cache = new Map<number, LogMoments>()
  const layers: ForwardLayer[] = []
  let below: Signal = {
    moment: inputSecondMoment,
    gap: inputCosine === null || inputSecondMoment === 0 ? null : 1 - inputCosine,
    gapVariance: 0,
    log: NO_SCATTER,
  }
  for (let l = 1; l < widths.length; l++) {
    const layer = nextLayer(network, l, below, cache)
    layers.push(layer)
    below = layer
  }
  return layers
}
