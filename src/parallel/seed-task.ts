/** One seed of a network as a task for a thread. */

import { type SeedRun, seedRunner } from '../network/measure'
import type { NetworkOptions } from '../network/spec'
import type { NetworkDocument } from '../networks/document'
import { networkRunner } from '../networks/measure'
import type { NetworkMeasurement } from '../networks/run'
import type { NetworkExperimentOptions } from '../networks/spec'
import { type Answer, answer } from './pool'

/** Plain data, but for the listener of progress, which must be left out. With a document, the options are those it takes. */
export interface SeedTask {
  options: NetworkOptions | NetworkExperimentOptions
  /** Of the seed, from 0. */
  index: number
  network?: NetworkDocument
}

/** What a thread does with it. */
export function measureSeed({ options, index, network }: SeedTask): Answer<SeedRun | NetworkMeasurement> {
  return answer(() => {
    const run = network
      ? networkRunner('propagate', network, options as NetworkExperimentOptions)
      : seedRunner('propagate', options)
    return run(index)
  })
}

/** 'seed 5 of {"depth":3}', its batch by name. */
export function seedText({ options: { input, ...options }, index, network }: SeedTask): string {
  const configuration = { ...(network ? { network } : {}), ...options, ...(input ? { input: input.name } : {}) }
  return `seed ${index + 1} of ${JSON.stringify(configuration)}`
}
