// Second moments through networks of dense, convolution, norm and residual layers, position by position, as their widths go to infinity.
// Weights are independent and of mean 0, so an output has at each position the variance
//   weightVariance x inputs summed over what the position reads + biasVariance;
// its values over the units are then normal, which an activation's moments ask for. Beside the second moment goes the gap between two
// samples, half the mean square of their difference: what a unit varies by over the batch, and so what batch normalization divides by.

import type { Activation } from '../activations/activation'
import { pairMoments } from './cosine-map'
import { derivativeSecondMoment, mean, secondMoment } from './moments'

/** What moments need of a layer; positions are numbered row by row. */
export type MomentLayer =
  | { kind: 'dense'; units: number; inputs: number; weightVariance: number; biasVariance: number }
  | {
      kind: 'conv'
      /** Channels that one output reads, and outputs that read one channel. */
      fanIn: number
      fanOut: number
      weightVariance: number
      biasVariance: number
      /** For each output position the input positions it reads. */
      reads: readonly (readonly number[])[]
      positions: number
    }
  | { kind: 'activation'; activation: Activation }
  | { kind: 'layerNorm' | 'rmsNorm' | 'batchNorm' }
  | { kind: 'residual'; scale: number; layers: readonly MomentLayer[] }

/** At each position, over the units. */
interface Place {
  /** Second moment. */
  q: number
  /** Half the second moment of the difference of two samples. */
  gap: number
  mean: number
}

interface Signal {
  places: readonly Place[]
  /** Values are normal of mean 0 over the units, as sums over many weights are. */
  normal: boolean
}

export interface NetworkMoments {
  /** Mean over positions of the second moment after each layer, branches before their residual; null where theory has none. */
  forward: (number | null)[]
  /** Of dL/d output of each layer, for a gradient of second moment 1 at the last. */
  backward: (number | null)[]
}

type Gradient = readonly number[] | null
type Back = (gradient: Gradient) => Gradient
interface Step {
  signal: Signal | null
  back: Back
}

const LOST: Step = { signal: null, back: () => null }

/** The moments of a network whose inputs are independent samples of second moment q at each of `positions`. */
export function networkMoments(layers: readonly MomentLayer[], q: number, positions: number): NetworkMoments {
  const result: NetworkMoments = { forward: [], backward: [] }
  const places = Array.from({ length: positions }, () => ({ q, gap: q, mean: 0 }))
  const { signal, back } = through(layers, { places, normal: true }, result)
  back(signal?.places.map(() => 1) ?? null)
  return result
}

function through(layers: readonly MomentLayer[], input: Signal | null, result: NetworkMoments): Step {
  const backs: Back[] = []
  let signal = input
  for (const layer of layers) {
    const step = signal ? after(layer, signal, result) : lost(layer, result)
    const index = result.forward.push(step.signal && average(step.signal.places.map(({ q }) => q))) - 1
    result.backward.push(null)
    backs.push((gradient) => {
      result.backward[index] = gradient && average(gradient)
      return step.back(gradient)
    })
    signal = step.signal
  }
  return { signal, back: (gradient) => backs.reduceRight((g, back) => back(g), gradient) }
}

/** Rows for the layers of a branch must be there even where nothing is known. */
function lost(layer: MomentLayer, result: NetworkMoments): Step {
  if (layer.kind === 'residual') through(layer.layers, null, result)
  return LOST
}

function after(layer: MomentLayer, signal: Signal, result: NetworkMoments): Step {
  switch (layer.kind) {
    case 'dense':
      return dense(layer, signal)
    case 'conv':
      return convolved(layer, signal)
    case 'activation':
      return signal.normal ? activated(layer.activation, signal) : LOST
    case 'residual':
      return residual(layer, signal, result)
    default:
      return normalized(layer.kind, signal)
  }
}

function dense(
  { units, inputs, weightVariance, biasVariance }: Extract<MomentLayer, { kind: 'dense' }>,
  signal: Signal,
): Step {
  const scale = weightVariance * inputs
  const positions = signal.places.length
  const q = scale * average(signal.places.map((place) => place.q)) + biasVariance
  const gap = scale * average(signal.places.map((place) => place.gap))
  return {
    signal: { places: [{ q, gap, mean: 0 }], normal: true },
    back: (g) => g && new Array<number>(positions).fill(weightVariance * units * g[0]),
  }
}

function convolved(layer: Extract<MomentLayer, { kind: 'conv' }>, { places }: Signal): Step {
  const { reads, fanIn, fanOut, weightVariance, biasVariance, positions } = layer
  const sum = (from: readonly number[], part: 'q' | 'gap') => from.reduce((total, i) => total + places[i][part], 0)
  const out = reads.map((from) => ({
    q: weightVariance * fanIn * sum(from, 'q') + biasVariance,
    gap: weightVariance * fanIn * sum(from, 'gap'),
    mean: 0,
  }))
  return {
    signal: { places: out, normal: true },
    back(g) {
      if (!g) return null
      const gradient = new Array<number>(positions).fill(0)
      reads.forEach((from, p) => {
        for (const i of from) gradient[i] += weightVariance * fanOut * g[p]
      })
      return gradient
    },
  }
}

function activated(activation: Activation, { places }: Signal): Step {
  const out = places.map(({ q, gap }) => ({
    q: secondMoment(activation, q),
    gap: pairMoments(activation, q).gap(Math.min(2, gap / q)),
    mean: mean(activation, q),
  }))
  return {
    signal: { places: out, normal: false },
    back: (g) => g?.map((x, i) => x * derivativeSecondMoment(activation, places[i].q)) ?? null,
  }
}

/** What is divided by: over a sample's units the variance or the second moment, over the batch the gap. */
function normalized(kind: 'layerNorm' | 'rmsNorm' | 'batchNorm', { places, normal }: Signal): Step {
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
  return { signal: { places: out, normal }, back: (g) => g?.map((x) => x / by) ?? null }
}

/** x + scale F(x): without a cross term where F ends in weights of mean 0; elsewhere nothing is claimed. */
function residual(
  { scale, layers }: Extract<MomentLayer, { kind: 'residual' }>,
  signal: Signal,
  result: NetworkMoments,
): Step {
  const branch = through(layers, signal, result)
  const last = layers[layers.length - 1].kind
  const square = scale * scale
  const back: Back = (g) => {
    const into = branch.back(g?.map((x) => square * x) ?? null)
    return (into && g?.map((x, i) => x + into[i])) ?? null
  }
  if (!branch.signal || !(last === 'dense' || last === 'conv')) {
    back(null)
    return LOST
  }
  const added = branch.signal.places
  const places = signal.places.map(({ q, gap, mean }, i) => ({
    q: q + square * added[i].q,
    gap: gap + square * added[i].gap,
    mean,
  }))
  return { signal: { places, normal: signal.normal && branch.signal.normal }, back }
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}
