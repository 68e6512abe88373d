import { flag, integer, options, withDefault, wrongKind } from '../check'
import { meanOf, plainSeed, summarise } from '../network/aggregate'
import { seedWord } from '../random/stream'
import { networkMoments } from '../theory/network-moments'
import { kernels } from '../wasm/instance'
import { checkedDocument, type Layer, type NetworkDocument, type Size, unitsOf } from './document'
import { momentLayers } from './moment-layers'
import { type NetworkMeasurement, runNetwork } from './run'
import { type NetworkVerdict, networkVerdict } from './verdict'

/** Batch and seeds of an experiment with a network document. */
export interface NetworkExperimentOptions {
  /** Initializer of the layers that name none; default 'he-normal'. */
  init?: string
  /** Samples, 1 .. 65536; default 64. */
  batch?: number
  /** The first seed; default 0. */
  seed?: number | bigint
  /** Networks to average over; default 1. */
  seeds?: number
  /** Also send a gradient back; default false. */
  backward?: boolean
  /** Called after each seed. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** One layer over all seeds, beside theory. */
export interface NetworkLayerResult {
  /** 'layers[3].layers[0]', as in the document. */
  path: string
  kind: Layer['kind']
  /** [channels, ...space] of its output. */
  size: Size
  forward: {
    /** Mean over batch and units of the output's square; geometric mean over seeds. */
    secondMoment: number
    /** Standard deviation over seeds of its logarithm. */
    logStd: number
    mean: number
    std: number
    zeroFraction: number
    deadFraction: number
    /** Share of a bounded activation's outputs at or beyond its ends, as of `propagate`; null for every other layer. */
    saturatedFraction: number | null
    cosine: number | null
    /** Second moment at each position, mean over seeds; null where there are no positions. */
    profile: number[] | null
  }
  backward: {
    /** Of dL/d output; the probe is a unit normal gradient at the network's output. */
    secondMoment: number
    logStd: number
    /** |dL/dW|_F summed over the batch, geometric mean over seeds; null without weights. */
    weightGradNorm: number | null
  } | null
  /** As widths go to infinity; null where theory has no formula for what stands before. */
  theory: { forward: number | null; backward: number | null }
}

/** One experiment: the configuration, a row for each layer, each seed's moments, and the verdict. */
export interface NetworkExperiment {
  schemaVersion: 1
  config: {
    network: NetworkDocument
    init: string
    batch: number
    seed: number | string
    seeds: number
    backward: boolean
    inputSecondMoment: number
  }
  layers: NetworkLayerResult[]
  seeds: { seed: number | string; forwardSecondMoment: number[]; backwardSecondMoment: number[] }[]
  verdict: NetworkVerdict
}

const WHERE = 'propagateNetwork'
const KEYS = ['init', 'batch', 'seed', 'seeds', 'backward', 'onProgress']
const MAX_BYTES = 2 ** 32 - 2 ** 20

/**
 * Sends a drawn batch through a network of dense, convolution, activation, norm and residual layers under each seed, and a random
 * gradient back, beside what theory has for wide layers. Returns plain data; the same document and options give the same bits on
 * every engine. Weights of `layers[3]` are initialize(init, shape, { seed, stream: 'layers.3.weight' }).
 * @throws TypeError or RangeError naming the layer's path or the option, OutOfMemoryError
 */
export function propagateNetwork(network: NetworkDocument, given: NetworkExperimentOptions = {}): NetworkExperiment {
  const o = options<NetworkExperimentOptions>(WHERE, given, KEYS)
  const init = withDefault(o.init, 'he-normal')
  if (typeof init !== 'string') wrongKind(WHERE, 'init', 'the name of an initializer', init)
  const { input, layers } = checkedDocument(WHERE, network, init)
  const batch = integer(WHERE, 'batch', withDefault(o.batch, 64), 1, 65536)
  const count = integer(WHERE, 'seeds', withDefault(o.seeds, 1), 1, 1_000_000)
  const first = seedWord(WHERE, o.seed)
  seedWord(WHERE, first + BigInt(count) - 1n)
  const backward = flag(WHERE, 'backward', withDefault(o.backward, false))
  const bytes = bytesOf(layers, batch, backward)
  if (bytes > MAX_BYTES)
    throw new RangeError(
      `${WHERE}: network expected at most 4 GiB of values and weights, got ${(bytes / 2 ** 30).toFixed(1)} GiB; take a smaller batch`,
    )

  const runs: NetworkMeasurement[] = []
  for (let i = 0; i < count; i++) {
    runs.push(runNetwork(input, layers, batch, first + BigInt(i), backward))
    o.onProgress?.({ done: runs.length, total: count })
  }
  const k = kernels()
  const moment = summarise(
    k,
    runs.map((run) => run.input.logSecondMoment),
  )
  const theory = networkMoments(momentLayers(layers), moment.geometricMean, unitsOf(input.slice(1)))
  const rows = flat(layers).map((layer, i) => layerResult(layer, i, runs, theory.forward[i], theory.backward[i]))
  return {
    schemaVersion: 1,
    config: {
      network,
      init,
      batch,
      seed: plainSeed(first),
      seeds: count,
      backward,
      inputSecondMoment: moment.geometricMean,
    },
    layers: rows,
    seeds: runs.map((run) => ({
      seed: plainSeed(run.seed),
      forwardSecondMoment: run.layers.map((layer) => layer.forward.secondMoment),
      backwardSecondMoment: run.layers.flatMap((layer) =>
        layer.backward ? [k.exp(layer.backward.logSecondMoment)] : [],
      ),
    })),
    verdict: networkVerdict(rows, moment.geometricMean),
  }
}

/** Branches before their residual, as they are measured. */
function flat(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => (layer.kind === 'residual' ? [...flat(layer.layers), layer] : [layer]))
}

function layerResult(
  { path, kind, to }: Layer,
  i: number,
  runs: readonly NetworkMeasurement[],
  forwardTheory: number | null,
  backwardTheory: number | null,
): NetworkLayerResult {
  const k = kernels()
  const all = runs.map((run) => run.layers[i])
  const forward = all.map((layer) => layer.forward)
  const moment = summarise(
    k,
    forward.map((f) => f.logSecondMoment),
  )
  const mean = (values: readonly number[]) => meanOf(values) as number
  return {
    path: path.replace(/^network\./, ''),
    kind,
    size: to,
    forward: {
      secondMoment: moment.geometricMean,
      logStd: moment.logStd,
      mean: mean(forward.map((f) => f.mean)),
      std: mean(forward.map((f) => f.std)),
      zeroFraction: mean(forward.map((f) => f.zeroFraction)),
      deadFraction: mean(forward.map((f) => f.deadFraction)),
      saturatedFraction: meanOf(forward.map((f) => f.saturatedFraction)),
      cosine: meanOf(forward.map((f) => f.cosine)),
      profile:
        to.length === 1 ? null : Array.from(all[0].profile, (_, p) => mean(all.map((layer) => layer.profile[p]))),
    },
    backward: backwardResult(all),
    theory: { forward: forwardTheory, backward: all[0].backward ? backwardTheory : null },
  }
}

function backwardResult(all: readonly NetworkMeasurement['layers'][number][]): NetworkLayerResult['backward'] {
  const k = kernels()
  const gradients = all.flatMap(({ backward }) => backward ?? [])
  if (gradients.length === 0) return null
  const moment = summarise(
    k,
    gradients.map((g) => g.logSecondMoment),
  )
  const norms = gradients.flatMap((g) => g.logWeightGradNorm ?? [])
  return {
    secondMoment: moment.geometricMean,
    logStd: moment.logStd,
    weightGradNorm: norms.length === 0 ? null : summarise(k, norms).geometricMean,
  }
}

/** Bytes of linear memory that a run holds at once, work memory apart. */
function bytesOf(layers: readonly Layer[], batch: number, backward: boolean): number {
  const columns = 8 * Math.ceil(batch / 8)
  return flat(layers).reduce((sum, layer) => {
    const values = unitsOf(layer.to) * columns * (backward ? 2 : 1)
    if (layer.kind === 'dense') return sum + 4 * (values + layer.to[0] * unitsOf(layer.from))
    if (layer.kind !== 'conv') return sum + 4 * values
    const k = (layer.from[0] / layer.groups) * unitsOf(layer.window.kernel)
    return sum + 4 * (values + layer.to[0] * k + layer.groups * unitsOf(layer.window.to) * k)
  }, 0)
}
