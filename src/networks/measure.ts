import { forwardResult, meanOf, plainSeed, summarise } from '../network/aggregate'
import { seedStatistics } from '../report/seed-statistics'
import { weightRatios } from '../report/weight-ratios'
import { type LayerTheory, type NetworkInput, networkMoments } from '../theory/network-moments'
import { kernels } from '../wasm/instance'
import { flat } from './cost'
import { type Layer, type NetworkDocument, unitsOf } from './document'
import { weightShape } from './draw'
import { documentJacobian } from './jacobian'
import { networkJacobian } from './jacobian-theory'
import { momentLayers } from './moment-layers'
import type { NetworkExperiment, NetworkLayerResult, NetworkLayerTheory } from './result'
import { type NetworkMeasurement, runNetwork } from './run'
import { type NetworkExperimentOptions, type NetworkSpec, networkSpec } from './spec'
import { networkVerdict } from './verdict'

/** Prepares a document once, for the seeds of an index each. @throws as propagateNetwork */
export function networkRunner(
  where: string,
  document: NetworkDocument,
  options: NetworkExperimentOptions,
): (index: number) => NetworkMeasurement {
  const spec = networkSpec(where, document, options)
  return (index) => {
    const seed = spec.seeds[index]
    const jacobian = documentJacobian(spec, seed)
    return { ...runNetwork(spec, seed), ...(jacobian ? { jacobian } : {}) }
  }
}

/** The experiment, from runs of every seed in their order. @throws as propagateNetwork */
export function networkExperiment(
  where: string,
  document: NetworkDocument,
  options: NetworkExperimentOptions,
  runs: readonly NetworkMeasurement[],
): NetworkExperiment {
  const spec = networkSpec(where, document, options)
  const k = kernels()
  const moment = summarise(
    k,
    runs.map((run) => run.input.logSecondMoment),
  )
  const seeds = runs.map((run) => ({
    seed: plainSeed(run.seed),
    forwardSecondMoment: run.layers.map((layer) => layer.forward.secondMoment),
    backwardSecondMoment: run.layers.flatMap(({ backward }) => (backward ? [k.exp(backward.logSecondMoment)] : [])),
  }))
  const cosine = meanOf(runs.map((run) => run.input.cosine))
  const { rows: theory, input: below } = networkMoments(
    momentLayers(spec.layers),
    inputOf(spec, moment.geometricMean, cosine),
  )
  const rows = flat(spec.layers).map((layer, i): NetworkLayerResult => {
    const measured = measuredLayer(
      layer,
      runs.map((run) => run.layers[i]),
    )
    const values = (way: 'forwardSecondMoment' | 'backwardSecondMoment') => seeds.map((seed) => seed[way][i])
    const expected = theoryOf(theory[i], measured.backward !== null)
    const { forwardBand, backwardBand } = expected
    return {
      ...measured,
      theory: expected,
      ratios: ratiosOf(layer, measured, spec.learningRate),
      statistics: {
        forward: seedStatistics(values('forwardSecondMoment'), forwardBand),
        backward: measured.backward && seedStatistics(values('backwardSecondMoment'), backwardBand),
      },
    }
  })
  const config = configOf(spec, moment.geometricMean, cosine)
  const probed = runs.flatMap(({ jacobian }) => jacobian ?? [])
  const jacobian = probed.length > 0 ? { jacobian: networkJacobian(spec.layers, probed, below) } : {}
  const experiment = { schemaVersion: 1 as const, config, layers: rows, seeds, ...jacobian }
  return { ...experiment, verdict: networkVerdict({ layers: spec.layers, theory, experiment }) }
}

function inputOf({ input, batch, given }: NetworkSpec, q: number, cosine: number | null): NetworkInput {
  return { q, cosine, batch, drawn: given === undefined, channels: input[0], positions: unitsOf(input.slice(1)) }
}

function theoryOf({ forward, backward, ...rest }: LayerTheory, sentBack: boolean): NetworkLayerTheory {
  const down = sentBack ? backward : null
  return {
    ...{ forward: forward?.secondMoment ?? null, backward: down?.secondMoment ?? null },
    ...{ forwardBand: forward?.band ?? null, backwardBand: down?.band ?? null, ...rest },
  }
}

function configOf(
  spec: NetworkSpec,
  inputSecondMoment: number,
  inputCosine: number | null,
): NetworkExperiment['config'] {
  const { document, init, batch, given, seeds, backward, rescale, learningRate } = spec
  return {
    ...{ network: document, init, batch },
    input: given === undefined ? 'normal' : (given.name ?? 'given'),
    ...{ seed: plainSeed(seeds[0]), seeds: seeds.length, backward },
    ...(rescale ? {} : { rescale: false as const }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...{ inputSecondMoment, inputCosine },
  }
}

function ratiosOf(layer: Layer, { backward }: Pick<NetworkLayerResult, 'backward'>, rate: number | undefined) {
  if (backward?.weightGradNorm == null || (layer.kind !== 'dense' && layer.kind !== 'conv')) return null
  return weightRatios(backward.weightGradNorm, unitsOf(weightShape(layer)) * layer.weightVariance, rate)
}

type Measured = NetworkMeasurement['layers'][number]

function measuredLayer(
  { path, kind, to }: Layer,
  all: readonly Measured[],
): Omit<NetworkLayerResult, 'theory' | 'statistics' | 'ratios'> {
  return {
    path: path.replace(/^network\./, ''),
    kind,
    size: to,
    forward: {
      ...forwardResult(
        kernels(),
        all.map((layer) => layer.forward),
      ),
      profile:
        to.length === 1 ? null : all[0].profile.map((_, p) => meanOf(all.map((layer) => layer.profile[p])) as number),
    },
    backward: backwardResult(all),
  }
}

function backwardResult(all: readonly Measured[]): NetworkLayerResult['backward'] {
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
