/** The signal going up a dense network: mean field, and the scatter over seeds. */
import type { Activation } from '../activations/activation'
import { NO_SCATTER, type SampleLog } from './batch-log'
import type { ResolvedNetwork } from './dense-network'
import { layerLogFactor } from './finite-width'
import { type LayerMoments, layerMoments } from './layer-moments'
import type { LayerNoise } from './layer-scatter'
import type { ResolvedVariances } from './layer-variances'
import type { LogMoments } from './log-moments'
import { cosineVariance, through, withDraw } from './log-step'

/** What a layer hands to the next. */
interface Signal {
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
  /** The part of q that comes from the weights, d ln q/d ln M_(l-1): 1 without bias. */
  share: number
  /** What this layer draws; null where q is 0 or not finite, and nothing scatters. */
  draw: { at: LayerMoments; noise: LayerNoise; factor: LogMoments } | null
}

/** Keeps what `compute` gave: equal layers ask for the same numbers again and again. */
function memo<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>()
  return (key) => {
    const value = known.get(key) ?? compute(key)
    known.set(key, value)
    return value
  }
}

interface Tables {
  momentsAt: (q: number) => LayerMoments
  /** ln of a layer's factor for one sample by its width: exact for a homogeneous activation, undefined for any other. */
  factorOf: ((n: number) => LogMoments) | undefined
}

function tables(activation: Activation): Tables {
  const a = activation.negativeSlope
  return {
    momentsAt: layerMoments(activation),
    factorOf: a === null ? undefined : memo((n) => layerLogFactor(n, a)),
  }
}

/** A layer whose pre-activations are all 0, or all infinite: nothing left to scatter. */
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
    draw: null,
  }
}

function nextLayer(network: ResolvedNetwork, l: number, below: Signal, known: Tables): ForwardLayer {
  const { widths, weightVariances, biasVariance, activation, batch } = network
  const n = widths[l]
  const carried = widths[l - 1] * weightVariances[l - 1] * below.moment
  const q = carried + biasVariance
  if (!(q > 0 && q < Number.POSITIVE_INFINITY)) return deadLayer(activation, q, batch)
  const share = carried / q
  // samples that died below and are revived by the biases are equal
  const preGap = batch === 1 ? null : below.gap === null ? 0 : share * below.gap
  const at = known.momentsAt(q)
  if (at.moment === Number.POSITIVE_INFINITY) return deadLayer(activation, at.moment, batch)
  const noise = at.noise(preGap ?? 0)
  const { own } = noise.forward
  const factor = known.factorOf?.(n) ?? { mean: -own / (2 * n), variance: own / n }
  const logQ = through(below.log, share, share * (1 - share))
  const log = through(logQ, at.elasticity.first, at.elasticity.second)
  const gap = preGap === null ? null : Math.min(2, at.gap(preGap) / at.moment)
  // the cosine itself scatters, as (1 - c^2)^2/n per layer for linear units; where c stays near 0 the samples share little else
  const cross = noise.forward.cross + (noise.forwardBend * share * share * below.gapVariance) / 2
  const cosineSlope = (share * noise.alignment * q * at.slopes) / at.moment
  const carriedVariance = cosineSlope ** 2 * below.gapVariance
  return {
    q,
    moment: at.moment,
    slopes: at.slopes,
    gap,
    gapVariance: cosineVariance(gap, carriedVariance, n),
    log: withDraw(log, factor, { own, cross }),
    logQ,
    share,
    draw: { at, noise, factor },
  }
}

/** The same variances in every layer, one input of second moment 1. */
export function uniformForward(
  { activation, sigmaW2, sigmaB2 }: ResolvedVariances,
  widths: readonly number[],
): ForwardLayer[] {
  return forwardPass({
    widths,
    weightVariances: widths.slice(0, -1).map((n) => sigmaW2 / n),
    biasVariance: sigmaB2,
    activation,
    inputSecondMoment: 1,
    inputCosine: null,
    batch: 1,
  })
}

/** Layers 1..L from the input up. */
export function forwardPass(network: ResolvedNetwork): ForwardLayer[] {
  const { widths, activation, inputSecondMoment, inputCosine } = network
  const known = tables(activation)
  const layers: ForwardLayer[] = []
  let below: Signal = {
    moment: inputSecondMoment,
    gap: inputCosine === null || inputSecondMoment === 0 ? null : 1 - inputCosine,
    gapVariance: 0,
    log: NO_SCATTER,
  }
  for (let l = 1; l < widths.length; l++) {
    const layer = nextLayer(network, l, below, known)
    layers.push(layer)
    below = layer
  }
  return layers
}
