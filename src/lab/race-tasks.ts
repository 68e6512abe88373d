/** What a worker does of a race: one network after the other, and the race from all of them. */

import { raceResult } from '../training/race'
import type { Race } from '../training/result'
import { heatsOf, type RaceOptions, raceSpec } from '../training/spec'
import { type Trained, train } from '../training/train'

/** Options that survive the way to a worker. */
export type PlainRace = Omit<RaceOptions, 'onProgress' | 'activation' | 'data'>

export interface TrainedRace {
  race: PlainRace
  /** In the order of the race's heats. */
  trained: Trained[]
}

/** Losses that are sent at once. */
const AT_ONCE = 10

/** Trains one network, and reports its losses while it does. */
export function trainHeatOf(
  { race, heat }: { race: PlainRace; heat: number },
  report: (losses: number[]) => void,
): Trained {
  const spec = raceSpec('lab', race)
  const { init, rate, seed } = heatsOf(spec)[heat]
  const contender = spec.inits.find(({ name }) => name === init)!
  let fresh: number[] = []
  return train(spec, contender, rate, seed, (_, loss) => {
    fresh.push(loss)
    if (fresh.length < AT_ONCE) return
    report(fresh)
    fresh = []
  })
}

export function finishRace({ race, trained }: TrainedRace): Race {
  return raceResult(raceSpec('lab', race), trained)
}
