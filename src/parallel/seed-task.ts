/** One seed of a network as a task for a thread. */

import { type SeedRun, seedRunner } from '../network/measure'
import type { NetworkOptions } from '../network/spec'
import { type Answer, answer } from './pool'

/** Plain data, but for the listener of progress, which must be left out. */
export interface SeedTask {
  options: NetworkOptions
  /** Of the seed, from 0. */
  index: number
}

/** What a thread does with it. */
export function measureSeed({ options, index }: SeedTask): Answer<SeedRun> {
  return answer(() => seedRunner('propagate', options)(index))
}

/** A seed of whatever experiment. */
interface Described {
  options: { input?: { name?: string } }
  index: number
}

/** 'seed 5 of {"depth":3}', its batch by name. */
export function seedText({ options: { input, ...options }, index }: Described): string {
  return `seed ${index + 1} of ${JSON.stringify({ ...options, ...(input ? { input: input.name } : {}) })}`
}
