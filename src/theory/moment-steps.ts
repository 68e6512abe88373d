/** What one layer does to second moments and to their scatter, there and back. */
import type { Activation } from '../activations/activation'
import { NO_SCATTER } from './batch-log'
import { pairMoments } from './cosine-map'
import { belowNorm, belowWeights, type Descending, descended, type GradientScatter } from './gradient-scatter'
import { average, type MomentLayer, meanPlace, type Place } from './moment-layer'
import { derivativeSecondMoment, mean, secondMoment } from './moments'
import { convolvedPairs, MOST_PLACES, normalizedPairs } from './place-pairs'
import {
  activatedScatter,
  closed,
  type Drawn,
  linearDraw,
  normalizedScatter,
  type SignalScatter,
  weightedScatter,
} from './signal-scatter'

export interface Signal {
  places: readonly Place[]
  channels: number
  /** Values are normal of mean 0 over the units, as sums over many weights are. */
  normal: boolean
  /** As it is read: of weights' outputs once they have been drawn; null where there is no formula. */
  scatter: SignalScatter | null
  /** Outputs of weights before their draw, and that draw. */
  before: { scatter: SignalScatter; drawn: Drawn } | null
}

/** Second moments at each position, null where there is no formula; their scatter, likewise. */
export interface Gradient {
  moments: readonly number[]
  scatter: GradientScatter | null
}

export interface Step {
  signal: Signal | null
  back(gradient: Gradient | null): Gradient | null
}

export const LOST: Step = { signal: null, back: () => null }

/** A gradient as it is measured where the signal stands: with all draws that it has seen. */
export function closedGradient(gradient: Gradient | null, { places, scatter, before }: Signal): Gradient | null {
  if (gradient?.scatter == null) return gradient
  const g = gradient.scatter
  if (scatter === null) return { ...gradient, scatter: null }
  if (before !== null) return g.settled ? gradient : { ...gradient, scatter: descended(before.drawn, g) }
  return g.open ? { ...gradient, scatter: descended(linearDraw(places, scatter), g) } : gradient
}

/** Outputs of weights, at places of finite second moments. */
function outputs(places: readonly Place[], channels: number, open: SignalScatter | null): Signal {
  const finite = places.every(({ q }) => q > 0 && q < Number.POSITIVE_INFINITY)
  if (open === null || !finite) return { places, channels, normal: true, scatter: null, before: null }
  const { signal, drawn } = closed(places, open)
  return { places, channels, normal: true, scatter: signal, before: { scatter: open, drawn } }
}

export function dense(
  { units, inputs, weightVariance, biasVariance }: Extract<MomentLayer, { kind: 'dense' }>,
  { places, scatter }: Signal,
): Step {
  const scale = weightVariance * inputs
  const below = meanPlace(places)
  const carried = scale * below.q
  const q = carried + biasVariance
  const share = carried / q
  const open = scatter && weightedScatter(scatter, { share, channels: units, pairs: null, taps: places.length })
  const signal = outputs([{ q, gap: scale * below.gap, mean: 0 }], units, open)
  return {
    signal,
    back: weightsBack(signal, { share, taps: 1, apart: 0 }, ([g]) => places.map(() => weightVariance * units * g)),
  }
}

function weightsBack(
  signal: Signal,
  way: Descending,
  moments: (g: readonly number[]) => readonly number[],
): Step['back'] {
  return (gradient) => {
    const g = closedGradient(gradient, signal)
    return g && { moments: moments(g.moments), scatter: g.scatter && belowWeights(g.scatter, way) }
  }
}

export function convolved(layer: Extract<MomentLayer, { kind: 'conv' }>, { places, scatter }: Signal): Step {
  const { source, taps, channels, fanIn, fanOut, weightVariance, biasVariance, positions } = layer
  const scale = weightVariance * fanIn
  const to = source.length / taps
  const sum = (p: number, part: 'q' | 'gap') => {
    let total = 0
    for (let t = p * taps; t < (p + 1) * taps; t++) if (source[t] >= 0) total += places[source[t]][part]
    return total
  }
  const out = Array.from({ length: to }, (_, p) => ({
    q: scale * sum(p, 'q') + biasVariance,
    gap: scale * sum(p, 'gap'),
    mean: 0,
  }))
  const q = meanPlace(out).q
  const share = (q - biasVariance) / q
  const open = scatter && convolvedScatter(layer, scatter, places.length, scale, share)
  const signal = outputs(out, channels, open)
  return {
    signal,
    back: weightsBack(signal, { share, taps, apart: 1 / taps }, (g) => {
      const gradient = new Array<number>(positions).fill(0)
      source.forEach((from, i) => {
        if (from >= 0) gradient[from] += weightVariance * fanOut * g[Math.floor(i / taps)]
      })
      return gradient
    }),
  }
}

/** Null for more positions than pairs of them can be followed. */
function convolvedScatter(
  { source, taps, channels, biasVariance }: Extract<MomentLayer, { kind: 'conv' }>,
  scatter: SignalScatter,
  positions: number,
  scale: number,
  share: number,
): SignalScatter | null {
  const to = source.length / taps
  if (to > MOST_PLACES) return null
  if (scatter.pairs === null) return null
  const pairs = convolvedPairs(scatter.pairs, positions, source, taps, scale, biasVariance)
  return weightedScatter(scatter, { share, channels, pairs, taps })
}

export function activated(activation: Activation, signal: Signal): Step {
  const { places, channels, scatter, before } = signal
  const out = places.map(({ q, gap }) => ({
    q: secondMoment(activation, q),
    gap: pairMoments(activation, q).gap(Math.min(2, gap / q)),
    mean: mean(activation, q),
  }))
  const finite = out.every(({ q }) => q > 0 && q < Number.POSITIVE_INFINITY)
  const from = before?.scatter ?? scatter
  const passed = scatter && from && finite ? activatedScatter(activation, places, out, from) : null
  return {
    signal: { places: out, channels, normal: false, scatter: passed?.signal ?? null, before: null },
    back: (g) =>
      g && {
        moments: g.moments.map((x, i) => x * derivativeSecondMoment(activation, places[i].q)),
        scatter: g.scatter && passed && descended(passed.drawn, g.scatter),
      },
  }
}

/** What is divided by: over a sample's units the variance or the second moment, over the batch the gap. */
export function normalized(kind: 'layerNorm' | 'rmsNorm' | 'batchNorm', signal: Signal): Step {
  const { places, normal, channels } = signal
  const centre = kind === 'layerNorm' ? average(places.map((place) => place.mean)) : 0
  const gaps = places.map(({ gap }) => gap)
  const squares = places.map(({ q, mean }) => q - 2 * centre * mean + centre * centre)
  const by = average(kind === 'batchNorm' ? gaps : squares)
  const out = places.map(({ gap, mean }, i) => ({
    // over the batch a unit's values differ by the gap alone: what they share is taken out
    q: (kind === 'batchNorm' ? gap : squares[i]) / by,
    gap: gap / by,
    mean: kind === 'batchNorm' ? 0 : (mean - centre) / Math.sqrt(by),
  }))
  // of a batch's own second moment at a channel, and of the variance of values whose mean is not 0, there is no formula
  const scatter = kind === 'batchNorm' ? null : resetScatter(signal, centre, by, kind === 'layerNorm')
  const normed: Signal = { places: out, channels, normal, scatter, before: null }
  return {
    signal: normed,
    back(gradient) {
      const closed = closedGradient(gradient, normed)
      if (!closed) return null
      const g = centre === 0 ? closed.scatter : null
      const units = channels * places.length
      return {
        moments: closed.moments.map((x) => x / by),
        scatter: g && signal.scatter && belowNorm(g, signal.scatter.log, units),
      }
    },
  }
}

/** Whatever the scatter before, where it is known how positions go together. */
function resetScatter(
  { places, scatter, channels }: Signal,
  centre: number,
  by: number,
  centred: boolean,
): SignalScatter | null {
  const pairs = scatter?.pairs ?? null
  if (pairs === null && places.length > 1) return null
  const from = scatter ?? { ...FRESH, channels }
  return normalizedScatter(from, pairs && normalizedPairs(pairs, places, centre, by), centred, NORM_EPSILON / by)
}

/** What norms add to what they divide by, and theory leaves out. */
const NORM_EPSILON = 1e-5

/** Of a signal that does not scatter yet. */
export const FRESH: Omit<SignalScatter, 'channels'> = {
  ...{ log: NO_SCATTER, inner: NO_SCATTER, response: 1, slack: 0 },
  ...{ open: false, share: 1, cosineVariance: 0, pairs: null, centred: false },
}
