import { integer, options, wrongKind } from '../check'
import { assemble, requireNetwork, type SeedRun } from '../network/measure'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
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
  open(threads: number, worker: string | URL | undefined): Pool<SeedTask, SeedRun>
}

const WHERE = 'propagateAsync'
const KEYS = ['workers', 'signal', 'onProgress', 'worker'] as const satisfies readonly (keyof ParallelOptions)[]
const MAX_THREADS = 1024

/** propagate() with its seeds over threads of `host`. */
export async function propagateOn(
  host: ThreadHost,
  given: NetworkOptions,
  how: ParallelOptions = {},
): Promise<Experiment> {
  const { workers, signal, onProgress, worker } = options<ParallelOptions>(WHERE, how, KEYS)
  requireNetwork(WHERE, given)
  const network = copied(given)
  const total = network.seeds ?? 1
  const threads = Math.min(total, integer(WHERE, 'workers', workers ?? host.cores(), 1, MAX_THREADS))
  if (signal !== undefined && !(signal instanceof AbortSignal)) wrongKind(WHERE, 'signal', 'an AbortSignal', signal)
  signal?.throwIfAborted()
  const runs: SeedRun[] = []
  let done = 0
  await runAll(host.open(threads, worker), {
    tasks: Array.from({ length: total }, (_, index) => ({ options: network, index })),
    threads,
    signal,
    describe: seedText,
    keep({ index }, run) {
      runs[index] = run
      const progress = { done: ++done, total }
      given.onProgress?.(progress)
      onProgress?.(progress)
    },
  })
  signal?.throwIfAborted()
  return experimentOf(network, assemble(WHERE, network, runs))
}

/** What goes to the threads one after the other, and may not change meanwhile. */
function copied({ onProgress: _, input, activation, ...rest }: NetworkOptions): NetworkOptions {
  if (activation !== undefined && typeof activation !== 'string')
    wrongKind(WHERE, 'activation', 'a name (functions cannot be sent to a worker; propagate takes one)', activation)
  return {
    ...structuredClone(rest),
    ...(activation === undefined ? {} : { activation }),
    ...(input === undefined ? {} : { input: { ...input, data: input.data.slice() } }),
  }
}
