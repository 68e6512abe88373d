import { availableParallelism } from 'node:os'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import type { NetworkDocument } from '../networks/document'
import type { NetworkExperiment } from '../networks/result'
import type { NetworkExperimentOptions } from '../networks/spec'
import type { Pool } from '../parallel/pool'
import { type ParallelOptions, propagateNetworkOn, propagateOn, type ThreadHost } from '../parallel/propagate-on'
import type { SeedTask } from '../parallel/seed-task'
import { piscinaPool } from './piscina-pool'

export { OutOfMemoryError } from '../wasm/out-of-memory-error'

/** Threads that run seeds, of dense networks or of documents, by the module beside this one unless another is given. */
export function seedPool<Run, Task extends SeedTask = SeedTask>(
  threads: number,
  worker: string | URL = beside(),
): Pool<Task, Run> {
  return piscinaPool({ threads, filename: String(worker), name: 'measureSeed' })
}

function beside(): string {
  return new URL('./seed-task.js', import.meta.url).href
}

const NODE: ThreadHost = { cores: availableParallelism, open: seedPool }

/** propagateAsync of evenkeel/parallel, on Node's worker threads. */
export function propagateAsync(network: NetworkOptions, how: ParallelOptions = {}): Promise<Experiment> {
  return propagateOn(NODE, network, how)
}

/** propagateNetworkAsync of evenkeel/parallel, on Node's worker threads. */
export function propagateNetworkAsync(
  network: NetworkDocument,
  options: NetworkExperimentOptions = {},
  how: ParallelOptions = {},
): Promise<NetworkExperiment> {
  return propagateNetworkOn(NODE, network, options, how)
}
