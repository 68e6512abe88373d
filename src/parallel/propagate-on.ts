import { integer, options, wrongKind } from '../check'
import { assemble, requireNetwork, type SeedRun } from '../network/measure'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import type { LayerDocument, NetworkDocument } from '../networks/document'
import { networkExperiment } from '../networks/measure'
import type { NetworkExperiment } from '../networks/result'
import type { NetworkMeasurement } from '../networks/run'
import { type NetworkExperimentOptions, networkSpec } from '../networks/spec'
import { experimentOf } from '../report/propagate'
import type { Pool } from './pool'
import { runAll } from './run-all'
import { type SeedTask, seedText } from './seed-task'

/** How an experiment is shared out. */
export interface ParallelOptions {
  /** Threads, >= 1; no number depends on it. Default: as many as there are cores. */
  workers?: number
  /** Gives up the experiment: the promise rejects with the signal's reason, once nothing runs any more. */
  signal?: AbortSignal
  /** Called after each seed. */
  onProgress?: (progress: { done: number; total: number }) => void
  /** Where the module that the threads run is, if not beside the one that starts them: for pages that host it elsewhere. */
  worker?: string | URL
}

/** What a host has for threads. */
export interface ThreadHost {
  cores(): number
  open<Run>(threads: number, worker: string | URL | undefined): Pool<SeedTask, Run>
}

const KEYS = ['workers', 'signal', 'onProgress', 'worker'] as const satisfies readonly (keyof ParallelOptions)[]
const MAX_THREADS = 1024

/** propagate() with its seeds over threads of `host`. */
export async function propagateOn(
  host: ThreadHost,
  given: NetworkOptions,
  how: ParallelOptions = {},
): Promise<Experiment> {
  const where = 'propagateAsync'
  options<ParallelOptions>(where, how, KEYS)
  requireNetwork(where, given)
  if (given.activation !== undefined) requireName(where, 'activation', given.activation, 'propagate')
  const network = copied(given)
  const runs = await seedsOn<SeedRun>(where, host, { options: network }, given, how)
  return experimentOf(network, assemble(where, network, runs))
}

/** propagateNetwork() with its seeds over threads of `host`. */
export async function propagateNetworkOn(
  host: ThreadHost,
  document: NetworkDocument,
  given: NetworkExperimentOptions = {},
  how: ParallelOptions = {},
): Promise<NetworkExperiment> {
  const where = 'propagateNetworkAsync'
  options<ParallelOptions>(where, how, KEYS)
  networkSpec(where, document, given)
  requireNames(where, document)
  const [network, copy] = [structuredClone(document), copied(given)]
  const runs = await seedsOn<NetworkMeasurement>(where, host, { network, options: copy }, given, how)
  return networkExperiment(where, network, copy, runs)
}

/** Runs of all seeds, in their order. */
async function seedsOn<Run>(
  where: string,
  host: ThreadHost,
  task: Omit<SeedTask, 'index'>,
  listener: Pick<ParallelOptions, 'onProgress'>,
  { workers, signal, onProgress, worker }: ParallelOptions,
): Promise<Run[]> {
  const total = task.options.seeds ?? 1
  const threads = Math.min(total, integer(where, 'workers', workers ?? host.cores(), 1, MAX_THREADS))
  if (signal !== undefined && !(signal instanceof AbortSignal)) wrongKind(where, 'signal', 'an AbortSignal', signal)
  signal?.throwIfAborted()
  const heard = listener.onProgress
  const runs: Run[] = []
  let done = 0
  await runAll<SeedTask, Run>(host.open(threads, worker), {
    tasks: Array.from({ length: total }, (_, index) => ({ ...task, index })),
    threads,
    signal,
    describe: seedText,
    keep({ index }, run) {
      runs[index] = run
      const progress = { done: ++done, total }
      heard?.(progress)
      onProgress?.(progress)
    },
  })
  signal?.throwIfAborted()
  return runs
}

/** What goes to the threads one after the other, and may not change meanwhile. */
function copied<Options extends NetworkOptions | NetworkExperimentOptions>(given: Options): Options {
  const { onProgress: _, input, ...rest } = given
  const batch = input === undefined ? {} : { input: { ...input, data: input.data.slice() } }
  return { ...structuredClone(rest), ...batch } as Options
}

function requireName(where: string, argument: string, activation: unknown, other: string): void {
  if (typeof activation !== 'string')
    wrongKind(where, argument, `a name (functions cannot be sent to a worker; ${other} takes one)`, activation)
}

/** Of a document that has been checked. */
function requireNames(where: string, document: NetworkDocument): void {
  const named = (path: string, layers: readonly LayerDocument[]): void =>
    layers.forEach((layer, i) => {
      const at = `${path}[${i}]`
      if (layer.kind === 'activation') requireName(where, `${at}.name`, layer.name, 'propagateNetwork')
      else if ('layers' in layer) named(`${at}.layers`, layer.layers)
    })
  if ('layers' in document) named('network.layers', document.layers)
  else if (document.activation !== undefined)
    requireName(where, 'network.activation', document.activation, 'propagateNetwork')
}
