import { availableParallelism } from 'node:os'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import type { Pool } from '../parallel/pool'
import { type ParallelOptions, propagateOn, type ThreadHost } from '../parallel/propagate-on'
import { piscinaPool } from './piscina-pool'
import type { AnySeedTask } from './seed-task'

export { OutOfMemoryError } from '../wasm/out-of-memory-error'

/** Threads that run seeds, by the module beside this one unless another is given. */
export function seedPool<Task extends AnySeedTask, Run>(
  threads: number,
  worker: string | URL = beside(),
): Pool<Task, Run> {
  return piscinaPool({ threads, filename: String(worker), name: 'measureTask' })
}

function beside(): string {
  return new URL('./seed-task.js', import.meta.url).href
}

const NODE: ThreadHost = { cores: availableParallelism, open: seedPool }

/** propagateAsync of evenkeel/parallel, on Node's worker threads. */
export function propagateAsync(network: NetworkOptions, how: ParallelOptions = {}): Promise<Experiment> {
  return propagateOn(NODE, network, how)
}
