/** What a thread of the pool does. */

import { type NetworkOptions, OutOfMemoryError } from '../index'
import { type SeedRun, seedRunner } from '../network/measure'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import type { NetworkExperimentOptions } from '../networks/spec'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide'

export interface SeedTask {
  options: NetworkOptions | NetworkExperimentOptions
  index: number
  /** A document whose options these are; none for a dense network. */
  network?: NetworkDocument
}

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

/** The run, or the bytes that memory lacked: an error of a class of its own would come through as a plain one. */
export function measureTask({ options, index, network }: SeedTask): SeedRun | NetworkMeasurement | number {
  try {
    return network ? networkRunner('propagate', network, options)(index) : seedRunner('propagate', options)(index)
  } catch (error) {
    if (error instanceof OutOfMemoryError) return error.bytes
    throw error
  }
}
