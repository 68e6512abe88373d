/** What a thread of Node's does with a seed. */

import type { SeedRun } from '../network/measure'
import type { NetworkOptions } from '../network/spec'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import type { NetworkExperimentOptions } from '../networks/spec'
import { type Answer, answer } from '../parallel/pool'
import { measureSeed } from '../parallel/seed-task'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide-variable'

/** A seed of a dense network, or of a document where there is one, whose options these are. */
export interface AnySeedTask {
  options: NetworkOptions | NetworkExperimentOptions
  network?: NetworkDocument
  index: number
}

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

export function measureTask({ options, network, index }: AnySeedTask): Answer<SeedRun | NetworkMeasurement> {
  return network ? answer(() => networkRunner('propagate', network, options)(index)) : measureSeed({ options, index })
}
