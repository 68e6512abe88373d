import { recipe } from '../initializers/names'
import { kernels } from '../wasm/instance'
import { aggregate, type MeasuredLayer, meanOf, plainSeed, seedResults, summarise } from './aggregate'
import { engineFor } from './engine-choice'
import { type JacobianProbe, jacobianProbes } from './jacobian-probes'
import type { ExperimentConfig, SeedResult } from './result'
import { type NetworkOptions, type NetworkSpec, networkSpec } from './spec'
import { runSeed, type SeedMeasurement } from './weights-engine'

/** What was run and what was found, before theory is laid beside it. */
export interface Measurement {
  config: ExperimentConfig
  layers: MeasuredLayer[]
  seeds: SeedResult[]
  /** Variance of one weight in each layer, as the initializer's law has it. */
  weightVariances: number[]
  /** One list of probes a seed; empty where none were asked for. */
  jacobian: JacobianProbe[][]
}

/** Runs every seed of a network and averages over them. @throws TypeError or RangeError naming the option, OutOfMemoryError */
export function measure(where: string, options: NetworkOptions): Measurement {
  const spec = networkSpec(where, options)
  const law = recipe(spec.init, {}, where)
  const dense = spec.widths.slice(1).map((fanOut, i) => [spec.widths[i], fanOut] as const)
  const draws = dense.map(([fanIn, fanOut]) => law.draw(fanIn, fanOut))
  const { name, engine } = engineFor(where, spec, draws)
  const weightVariances = dense.map(([fanIn, fanOut]) => law.stddev(fanIn, fanOut) ** 2)
  const runs: SeedMeasurement[] = []
  for (const seed of spec.seeds) {
    runs.push(runSeed(spec, draws, seed, engine))
    options.onProgress?.({ done: runs.length, total: spec.seeds.length })
  }
  const k = kernels()
  return {
    config: { ...config(spec, runs), engine: name },
    layers: aggregate(k, spec, runs),
    seeds: seedResults(k, runs),
    weightVariances,
    jacobian: spec.probes > 0 ? spec.seeds.map((seed) => jacobianProbes(spec, draws, seed, spec.probes)) : [],
  }
}

function config(spec: NetworkSpec, runs: readonly SeedMeasurement[]): Omit<ExperimentConfig, 'engine'> {
  const input = summarise(
    kernels(),
    runs.map((run) => run.input.logSecondMoment),
  )
  return {
    init: spec.init,
    activation: spec.activation.activation.name,
    widths: spec.widths,
    depth: spec.widths.length - 1,
    batch: spec.batch,
    bias: spec.bias,
    input: spec.input === undefined ? 'normal' : (spec.input.name ?? 'given'),
    inputSecondMoment: input.geometricMean,
    inputCosine: meanOf(runs.map((run) => run.input.cosine)),
    seed: plainSeed(spec.seeds[0]),
    seeds: spec.seeds.length,
    backward: spec.backward,
    ...(spec.rescale ? {} : { rescale: false as const }),
    ...(spec.learningRate === undefined ? {} : { learningRate: spec.learningRate }),
  }
}
