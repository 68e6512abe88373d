/** What a thread of Node's does with a seed. */

import { measureSeed } from '../parallel/seed-task'
import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide-variable'

// V8's flag holds for all threads of the process; the tiles are the instance's
if (process.env[WIDE] === '1') useWideTiles(true)

export { measureSeed }
