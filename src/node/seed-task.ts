/** What a thread of Node's does with a seed. */

import type { SeedRun } from '../network/measure'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import { type Answer, answer } from '../parallel/pool'
import { measureSeed, type SeedTask } from '../parallel/seed-task'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide-variable'

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

/** With a document, the seed is one of its own, and these are the options it takes. */
export function measureTask(task: SeedTask & { network?: NetworkDocument }): Answer<SeedRun | NetworkMeasurement> {
  const { network, options, index } = task
  return network ? answer(() => networkRunner('propagate', network, options)(index)) : measureSeed(task)
}
