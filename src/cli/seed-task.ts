/** What a thread of the pool does. */

import type { NetworkOptions } from '../index'
import { measureSeed, type SeedRun } from '../network/measure'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide'

export interface SeedTask {
  options: NetworkOptions
  index: number
}

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

export function measureTask({ options, index }: SeedTask): SeedRun {
  return measureSeed('propagate', options, index)
}
