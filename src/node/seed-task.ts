/** What a thread of Node's does with a seed. */

import type { SeedRun } from '../network/measure'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import { type Answer, answer } from '../parallel/pool'
import { measureSeed, type SeedTask } from '../parallel/seed-task'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide-variable'

export interface NodeTask extends SeedTask {
  /** A document whose options these are; none for a dense network. */
  network?: NetworkDocument
}

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

export function measureTask(task: NodeTask): Answer<SeedRun | NetworkMeasurement> {
  const { options, index, network } = task
  return network ? answer(() => networkRunner('propagate', network, options)(index)) : measureSeed(task)
}
