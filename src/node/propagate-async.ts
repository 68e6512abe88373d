import { availableParallelism } from 'node:os'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import type { NetworkDocument } from '../networks/document'
import type { NetworkExperiment } from '../networks/result'
import type { NetworkExperimentOptions } from '../networks/spec'
import { type ParallelOptions, propagateNetworkOn, propagateOn, type ThreadHost } from '../parallel/propagate-on'
import { seedPool } from './seed-pool'

export { OutOfMemoryError } from '../wasm/out-of-memory-error'

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
