import type { Draw } from '../initializers/draw'
import { recipe } from '../initializers/names'
import { inArena, kernels } from '../wasm/instance'
import { aggregate, type MeasuredLayer, meanOf, plainSeed, seedResults, summarise } from './aggregate'
import type { DenseEngine } from './dense-engine'
import { engineFor } from './engine-choice'
import { type JacobianProbe, jacobianProbes } from './jacobian-probes'
import { jacobianSpectrum } from './jacobian-spectrum'
import { linearised } from './linearised'
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
  /** One list of probes a seed, or of the moments themselves; empty where none were asked for. */
  jacobian: JacobianProbe[][]
  /** One list of the Jacobian's singular values a seed; empty where none were asked for. */
  spectra: number[][]
}

/** What one seed gives: plain data, which may come from another thread. */
export interface SeedRun {
  run: SeedMeasurement
  /** Of the Jacobian's spectrum: those of random directions, or the moments themselves; empty where none were asked for. */
  probes: JacobianProbe[]
  /** Its singular values, descending, where they were asked for. */
  spectrum?: number[]
}

/** Runs every seed of a network and averages over them. @throws TypeError or RangeError naming the option, OutOfMemoryError */
export function measure(where: string, options: NetworkOptions): Measurement {
  const network = prepared(where, options)
  const { spec } = network
  const runs = spec.seeds.map((seed, i) => {
    const run = oneSeed(network, seed)
    options.onProgress?.({ done: i + 1, total: spec.seeds.length })
    return run
  })
  return assembled(network, runs)
}

/** Refuses what measure() would refuse, without running anything. @throws as measure */
export function requireNetwork(where: string, options: NetworkOptions): void {
  prepared(where, options)
}

/** Prepares a network once, for the seeds of an index each. @throws as measure */
export function seedRunner(where: string, options: NetworkOptions): (index: number) => SeedRun {
  const network = prepared(where, options)
  return (index) => oneSeed(network, network.spec.seeds[index])
}

/** What measure() returns, from runs of every seed in their order. @throws as measure */
export function assemble(where: string, options: NetworkOptions, runs: readonly SeedRun[]): Measurement {
  return assembled(prepared(where, options), runs)
}

interface Prepared {
  spec: NetworkSpec
  draws: Draw[]
  weightVariances: number[]
  name: 'weights' | 'law'
  engine: DenseEngine
}

function prepared(where: string, options: NetworkOptions): Prepared {
  const spec = networkSpec(where, options)
  const law = recipe(spec.init, {}, where)
  const dense = spec.widths.slice(1).map((fanOut, i) => [spec.widths[i], fanOut] as const)
  const draws = dense.map(([fanIn, fanOut]) => law.draw(fanIn, fanOut))
  const weightVariances = dense.map(([fanIn, fanOut]) => law.stddev(fanIn, fanOut) ** 2)
  return { spec, draws, weightVariances, ...engineFor(where, spec, draws) }
}

function oneSeed({ spec, draws, engine }: Prepared, seed: bigint): SeedRun {
  return {
    run: runSeed(spec, draws, seed, engine),
    ...jacobianOf(spec, draws, seed),
  }
}

function jacobianOf(spec: NetworkSpec, draws: readonly Draw[], seed: bigint): Omit<SeedRun, 'run'> {
  const { jacobian, widths } = spec
  if (jacobian === 0) return { probes: [] }
  const units = widths[draws.length]
  return inArena((arena) => {
    const tangents = linearised(arena, spec, draws, seed)
    if (jacobian === 'exact') return jacobianSpectrum(arena, tangents.back, widths[0], units)
    return { probes: jacobianProbes(arena, tangents, units, seed, jacobian) }
  })
}

function assembled({ spec, weightVariances, name }: Prepared, seeds: readonly SeedRun[]): Measurement {
  const runs = seeds.map(({ run }) => run)
  const k = kernels()
  return {
    config: { ...config(spec, runs), engine: name },
    layers: aggregate(k, spec, runs),
    seeds: seedResults(k, runs),
    weightVariances,
    jacobian: spec.jacobian === 0 ? [] : seeds.map(({ probes }) => probes),
    spectra: seeds.flatMap(({ spectrum }) => (spectrum ? [spectrum] : [])),
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
