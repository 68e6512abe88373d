// Second moments through networks of dense, convolution, norm and residual layers, position by position, as their widths go to infinity,
// and how the seeds scatter them at the widths there are, to first order in 1/width (signal-scatter.ts, gradient-scatter.ts).
// Weights are independent and of mean 0, so an output has at each position the variance
//   weightVariance x inputs summed over what the position reads + biasVariance;
// its values over the units are then normal, which an activation's moments ask for. Beside the second moment goes the gap between two
// samples, half the mean square of their difference: what a unit varies by over the batch, and so what batch normalization divides by.

import { type Band, batchLog, centralBand, type SampleLog } from './batch-log'
import { belowResidual, intoBranch, PROBE, totalLog } from './gradient-scatter'
import { mixture, residualScatter } from './mixture'
import { average, type MomentLayer, meanPlace } from './moment-layer'
import {
  activated,
  closedGradient,
  convolved,
  dense,
  FRESH,
  type Gradient,
  LOST,
  normalized,
  type Signal,
  type Step,
} from './moment-steps'
import { independentPairs, MOST_PLACES } from './place-pairs'
import { saturatedShare } from './saturated-share'

/** A second moment that theory has a formula for. */
export interface TheoryMoment {
  /** Mean over positions, as widths go to infinity. */
  secondMoment: number
  /**
   * 95 % of the seeds' batch averages lie in [low, high], a log-normal law: of dense networks without norms and residuals as predictDense has it, else to first
   * order in 1/width; null after a batch norm, for more than 1024 positions, positions of a given batch, and on the way back below a centred norm of values of mean not 0.
   */
  band: Band | null
  /** How far the mean of ln may be off the band's middle for a batch; 0 without a band. */
  slack: number
}

/** What theory has of one layer. */
export interface LayerTheory {
  forward: TheoryMoment | null
  /** Of dL/d output, for a gradient of second moment 1 at the last layer. */
  backward: TheoryMoment | null
  /** Between two samples. */
  cosine: number | null
  /** Of an activation with two flat ends. */
  saturatedFraction: number | null
}

/** What goes in: samples of second moment q at each position. */
export interface NetworkInput {
  q: number
  channels: number
  positions: number
  /** Mean cosine between two samples; null with one. */
  cosine: number | null
  batch: number
  /** Whether it is of independent normal values, and not somebody's own. */
  drawn: boolean
}

interface Rows {
  rows: LayerTheory[]
  batch: number
}

/** Theory of every layer, branches before their residual, and of the gradient that leaves at the input; null where there is no formula. */
export function networkMoments(
  layers: readonly MomentLayer[],
  input: NetworkInput,
): { rows: LayerTheory[]; input: number | null } {
  const { q, channels, positions, cosine, batch, drawn } = input
  const gap = q * (1 - (cosine ?? 0))
  const places = Array.from({ length: positions }, () => ({ q, gap, mean: 0 }))
  const known = positions === 1 || (drawn && positions <= MOST_PLACES)
  const pairs = known && positions > 1 ? independentPairs(places) : null
  // the values of two positions of a sample are independent, and so their cosine over the channels is one of so many
  const scatter = known ? { ...FRESH, channels, pairs, cosineVariance: pairs ? 1 / channels : 0 } : null
  const to: Rows = { rows: [], batch }
  const { signal, back } = passed(layers, { places, channels, normal: true, scatter, before: null }, to)
  const below = back(signal && { moments: signal.places.map(() => 1), scatter: PROBE })
  return { rows: to.rows, input: below && average(below.moments) }
}

function passed(layers: readonly MomentLayer[], input: Signal | null, to: Rows): Step {
  const backs: Step['back'][] = []
  let signal = input
  for (const layer of layers) {
    const step = signal ? after(layer, signal, to) : lost(layer, to)
    const row = forwardRow(layer, signal, step.signal, to.batch)
    to.rows.push(row)
    const out = step.signal
    backs.push((gradient) => {
      row.backward = out && backwardRow(gradient, out, to.batch)
      return step.back(gradient)
    })
    signal = step.signal
  }
  return { signal, back: (gradient) => backs.reduceRight((g, back) => back(g), gradient) }
}

function forwardRow(layer: MomentLayer, from: Signal | null, out: Signal | null, batch: number): LayerTheory {
  if (out === null) return { forward: null, backward: null, cosine: null, saturatedFraction: null }
  const { q, gap } = meanPlace(out.places)
  const { log, slack } = out.scatter ?? { log: null, slack: 0 }
  const shares =
    layer.kind === 'activation' && from ? from.places.map((place) => saturatedShare(layer.activation, place.q)) : []
  return {
    forward: momentOf(q, log, slack, batch),
    backward: null,
    cosine: batch > 1 && q > 0 ? 1 - gap / q : null,
    saturatedFraction:
      shares.some((share) => share === null) || shares.length === 0 ? null : average(shares as number[]),
  }
}

function backwardRow(gradient: Gradient | null, out: Signal, batch: number): TheoryMoment | null {
  if (gradient === null) return null
  const { moments, scatter } = closedGradient(gradient, out) as Gradient
  const signal = (out.before?.scatter ?? out.scatter)?.log
  const log = scatter && signal ? totalLog(scatter, signal) : null
  return momentOf(average(moments), log, scatter?.slack ?? 0, batch)
}

function momentOf(secondMoment: number, log: SampleLog | null, slack: number, batch: number): TheoryMoment {
  if (log === null) return { secondMoment, band: null, slack: 0 }
  return { secondMoment, band: centralBand(secondMoment, batchLog(log, batch)), slack }
}

/** Rows for the layers of a branch must be there even where nothing is known. */
function lost(layer: MomentLayer, to: Rows): Step {
  if (layer.kind === 'residual') passed(layer.layers, null, to)
  return LOST
}

function after(layer: MomentLayer, signal: Signal, to: Rows): Step {
  switch (layer.kind) {
    case 'dense':
      return dense(layer, signal)
    case 'conv':
      return convolved(layer, signal)
    case 'activation':
      return signal.normal ? activated(layer.activation, signal) : LOST
    case 'residual':
      return residual(layer, signal, to)
    default:
      return normalized(layer.kind, signal)
  }
}

/** x + scale F(x): without a cross term where F ends in weights of mean 0; elsewhere nothing is claimed. */
function residual({ scale, layers }: Extract<MomentLayer, { kind: 'residual' }>, signal: Signal, to: Rows): Step {
  const { kind } = layers[layers.length - 1]
  const { places, scatter } = signal
  const within = scatter && { ...scatter, inner: FRESH.inner, response: 1 }
  const branch = passed(layers, { ...signal, scatter: within, before: null }, to)
  if (!branch.signal || !(kind === 'dense' || kind === 'conv')) {
    branch.back(null)
    return LOST
  }
  const square = scale * scale
  const added = branch.signal.places
  const mix =
    scatter && branch.signal.scatter
      ? mixture({ places, signal: scatter }, { places: added, signal: branch.signal.scatter }, square)
      : null
  const out: Signal = {
    ...signal,
    places: places.map(({ q, gap, mean }, i) => ({
      q: q + square * added[i].q,
      gap: gap + square * added[i].gap,
      mean,
    })),
    normal: signal.normal && branch.signal.normal,
    scatter: mix && scatter && branch.signal.scatter && residualScatter(scatter, branch.signal.scatter, mix, square),
    before: null,
  }
  const back: Step['back'] = (gradient) => {
    const g = closedGradient(gradient, out)
    const scaled = g && { moments: g.moments.map((x) => square * x), scatter: g.scatter && intoBranch(g.scatter) }
    const into = closedGradient(branch.back(scaled), { ...signal, before: null })
    if (!g || !into) return null
    const moments = g.moments.map((x, i) => x + into.moments[i])
    const share = average(into.moments) / average(moments)
    const units = signal.channels * places.length
    const known = g.scatter && into.scatter && mix
    return { moments, scatter: known ? belowResidual(g.scatter!, into.scatter!, share, mix, units) : null }
  }
  return { signal: out, back }
}
