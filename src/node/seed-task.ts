/** What a thread of Node's does with a seed. */

import { measureSeed } from '../parallel/seed-task'
import { widenThread } from './wide-thread'

widenThread()

export { measureSeed }
