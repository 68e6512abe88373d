/** How the seeds scatter a signal's second moment on its way through a network of layers, to first order in 1/width. */
import type { Activation } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { NO_SCATTER, type SampleLog } from './batch-log'
import type { Passage } from './descent'
import { type DrawNoise, less, onePlace } from './draw-noise'
import { layerLogFactor } from './finite-width'
import { expectation } from './gaussian'
import { type LayerMoments, layerMoments } from './layer-moments'
import type { LogDerivatives } from './layer-scatter'
import type { LogMoments } from './log-moments'
import { cosineVariance, through, withDraw } from './log-step'
import { meanPlace, type Place } from './moment-layer'
import { secondMoment } from './moments'
import { activatedPairs, averagedNoise, correlationTable, type Pairs } from './place-pairs'

/** A signal as the seeds scatter it. */
export interface SignalScatter {
  /** ln of one sample's second moment, relative to its mean-field value; of open outputs, of the variance that they will be drawn with. */
  log: SampleLog
  /** Outputs of weights whose own draw is not in the log: how much it scatters depends on what reads them. */
  open: boolean
  /** d ln q/d ln of the second moment below the weights. */
  share: number
  /** What of the log was drawn since the branch began, and d ln/d ln of the second moment that went in. */
  inner: SampleLog
  response: number
  /** How far the drift of the log may be off for a batch: half the variance that one sample at one position draws, as if no layer took any back. */
  slack: number
  /** Independent values of a sample, at each position. */
  channels: number
  /** Variance over seeds of the cosine between two samples, or between two positions. */
  cosineVariance: number
  /** The mean over a sample's units is 0, whatever the draw. */
  centred: boolean
  /** Null for a single position. */
  pairs: Pairs | null
}

const LINEAR = resolve('linear')

/** What a layer of weights, or of an activation, adds. */
export interface Drawn {
  passage: Passage & { noise: DrawNoise }
  /** ln of the factor of one sample's second moment, where it is known exactly; else to first order in 1/width, with what it falls short in the mean. */
  exact: LogMoments | null
  shift: number
  /** The same of the gradient's. */
  slopeShift: number
  at: LayerMoments
}

/** The draw that an activation reads at these places; of values that have been read before, what it is beyond their second moment. */
function drawOf(activation: Activation, places: readonly Place[], signal: SignalScatter): Drawn {
  const { pairs, channels: n, open, log, share } = signal
  const { q, gap } = meanPlace(places)
  const at = layerMoments(activation)(q)
  const powers = pairs ? places.map((place) => secondMoment(activation, place.q)) : []
  const noiseOf = (of: LayerMoments) =>
    pairs ? averagedNoise(of.noise, places, pairs, powers) : onePlace(of.noise(Math.min(2, gap / q)), 1 - gap / q)
  const whole = noiseOf(at)
  const noise = open
    ? whole
    : beyondRead(whole, noiseOf(layerMoments(LINEAR)(q)), at, signal.centred ? lean(activation, q, at) : [0, 0])
  // of values that have been read before, on a sphere then
  const read = open ? 0 : noiseOf(layerMoments(LINEAR)(q)).forward.own / n
  const slope = activation.negativeSlope
  const exact = pairs === null && slope !== null && (open || slope === 1) ? layerLogFactor(n, slope) : null
  const { moment, slopes } = at
  return {
    passage: {
      ...{ n, at, noise, exact, along: pairs ? 0 : 1 + whole.mixed.own },
      ...{ logQ: log, share: open ? share : 1, q, moment, slopes },
    },
    exact: open ? exact : null,
    shift: sphereShift(at.elasticity, read),
    slopeShift: sphereShift(at.slopeElasticity, read),
    at,
  }
}

/** The part of a layer's noise that does not go with the mean square of z, whose own scatter is `linear`, nor as far as it leans on it with the mean. */
function beyondRead(
  whole: DrawNoise,
  { forward, forwardBend, line }: DrawNoise,
  at: LayerMoments,
  [u, v]: readonly [number, number],
): DrawNoise {
  const [e, s] = [at.elasticity.first, at.slopeElasticity.first]
  return {
    ...whole,
    forward: less(less(whole.forward, e * e, forward), u * u, line),
    forwardBend: less(whole.forwardBend, e * e, forwardBend),
    mixed: less(less(whole.mixed, e * s, forward), u * v, line),
    backward: (r) => less(less(whole.backward(r), s * s, forward), v * v, line),
  }
}

/** <x phi^2>/<phi^2> and <x phi'^2>/<phi'^2>, x = z/sqrt(q): what goes with the mean of z over the units. */
function lean({ f, derivative, kinks }: Activation, q: number, { moment, slopes }: LayerMoments): [number, number] {
  const along = (g: (z: number) => number) => expectation((z) => z * g(z) ** 2, q, kinks) / Math.sqrt(q)
  return [along(f) / moment, along(derivative) / slopes]
}

/** E f over a sphere falls short of that over normals by S'' q^2 Var(z^2)/2, here relative to it; S = <f>_q has these derivatives. */
function sphereShift({ first, second }: LogDerivatives, variance: number): number {
  return ((second + first * first - first) * variance) / 2
}

/** What weights alone draw at these places; nothing forward where they have been drawn. */
export function linearDraw(places: readonly Place[], signal: SignalScatter): Drawn {
  return drawOf(LINEAR, places, signal)
}

/** Open outputs of weights once they have been drawn as they are. */
export function closed(places: readonly Place[], signal: SignalScatter): { signal: SignalScatter; drawn: Drawn } {
  const drawn = linearDraw(places, signal)
  return { drawn, signal: { ...signal, ...logsThrough(drawn, signal, gapOf(meanPlace(places))) } }
}

/** 1 - cosine of two samples. */
export const gapOf = ({ q, gap }: Place) => Math.min(2, gap / q)

/** The logs after a draw that leaves so large a gap between two samples. */
function logsThrough({ passage, exact, shift, at }: Drawn, signal: SignalScatter, gap: number) {
  const { noise, n, q, slopes, moment } = passage
  const { first, second } = at.elasticity
  const scatter = less(noise.forward, -signal.cosineVariance / 2, noise.forwardBend)
  const factor = exact ?? { mean: -scatter.own / (2 * n) - shift, variance: scatter.own / n }
  const next = (log: SampleLog) => withDraw(through(log, first, second), factor, scatter)
  const carried = ((noise.alignment * q * slopes) / moment) ** 2 * signal.cosineVariance
  return {
    ...{ log: next(signal.log), inner: next(signal.inner), slack: signal.slack + at.noise(0).forward.own / (2 * n) },
    cosineVariance: signal.pairs ? carried + noise.spread / n : cosineVariance(gap, carried, n),
    ...{ open: false, centred: false },
  }
}

/** After an activation at these places, which gives `out`. */
export function activatedScatter(
  activation: Activation,
  places: readonly Place[],
  out: readonly Place[],
  signal: SignalScatter,
): { signal: SignalScatter; drawn: Drawn } {
  const drawn = drawOf(activation, places, signal)
  const { pairs } = signal
  const map = pairs && correlationTable((c) => 1 - drawn.at.gap(1 - c) / drawn.at.moment)
  return {
    drawn,
    signal: {
      ...signal,
      ...logsThrough(drawn, signal, gapOf(meanPlace(out))),
      response: signal.response * drawn.at.elasticity.first,
      pairs: pairs && map && activatedPairs(pairs, places, out, map),
    },
  }
}

/** What weights make of a signal that has been drawn. */
export interface Weighing {
  /** The share of the outputs' variance that is not that of biases. */
  share: number
  channels: number
  pairs: Pairs | null
  /** Over how many positions an output's inputs are summed. */
  taps: number
}

export function weightedScatter(signal: SignalScatter, { share, channels, pairs, taps }: Weighing): SignalScatter {
  const bend = share * (1 - share)
  return {
    ...{ open: true, centred: false, share, channels, pairs, slack: signal.slack },
    log: through(signal.log, share, bend),
    inner: through(signal.inner, share, bend),
    response: signal.response * share,
    // of cosines at as many positions, taken to be independent, the average
    cosineVariance: (share * share * signal.cosineVariance) / taps,
  }
}

/** After a norm over a sample's units: its second moment is 1 whatever it was, but for such a share. */
export function normalizedScatter(
  signal: SignalScatter,
  pairs: Pairs | null,
  centred: boolean,
  share: number,
): SignalScatter {
  return { ...signal, log: NO_SCATTER, inner: NO_SCATTER, response: 0, slack: 4 * share + ROUNDING, pairs, centred }
}

/** Of float32, over the units. */
const ROUNDING = 2 ** -22
