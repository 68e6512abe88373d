/** What a thread of a race does: trains the networks that it is handed, of the race that it was started with. */

import { type MessagePort, workerData } from 'node:worker_threads'
import { widenThread } from '../node/wide-thread'
import { type Answer, answer } from '../parallel/pool'
import { trainHeat } from '../training/race'
import { heatsOf, raceSpec } from '../training/spec'
import type { Trained } from '../training/train'

widenThread()
const spec = raceSpec('race', workerData)
const heats = heatsOf(spec)

/** `heat`: the number of a network; its progress goes to `port`. */
export function trainTask({ heat, port }: { heat: number; port: MessagePort }): Answer<Trained> {
  return answer(() => trainHeat(spec, heats[heat], (progress) => port.postMessage(progress)))
}
