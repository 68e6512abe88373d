/** Experiments as threads, files and budgets see them: seeds to run one by one, and what a run costs. */

import type { NetworkOptions } from '../index'
import { requireNetwork, type SeedRun, seedRunner } from '../network/measure'
import { workOf as documentWork } from '../networks/cost'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import { type NetworkExperimentOptions, networkSpec } from '../networks/spec'
import { requireMemory, workOf } from './budget'
import { documentRecorder, type Recorder, recorder } from './seed-record'

/** One experiment; `options` and `network` are what a thread is handed. */
export interface SeedJob<Run> {
  options: NetworkOptions | NetworkExperimentOptions
  network?: NetworkDocument
  seeds: number
  /** Multiplications and additions, about. */
  work: number
  /** For the seeds of an index each, on this thread. */
  runner(): (index: number) => Run
  recorder: Recorder<Run>
}

/** @throws TypeError or RangeError naming the option, UsageError for more memory than there can be */
export function denseJob(options: NetworkOptions): SeedJob<SeedRun> {
  requireNetwork('propagate', options)
  requireMemory(options)
  return {
    options,
    seeds: options.seeds ?? 1,
    work: workOf(options),
    runner: () => seedRunner('propagate', options),
    recorder: recorder(options),
  }
}

/** @throws TypeError or RangeError naming the layer's path or the option */
export function documentJob(network: NetworkDocument, options: NetworkExperimentOptions): SeedJob<NetworkMeasurement> {
  const spec = networkSpec('propagate', network, options)
  return {
    ...{ options, network, seeds: spec.seeds.length },
    work: documentWork(spec) * spec.seeds.length,
    runner: () => networkRunner('propagate', network, options),
    recorder: documentRecorder(spec),
  }
}
