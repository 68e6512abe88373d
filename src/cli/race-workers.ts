/** A race on several threads. */

import { piscinaPool } from '../node/piscina-pool'
import { runAll } from '../parallel/run-all'
import { type HeatProgress, raceResult } from '../training/race'
import type { Race } from '../training/result'
import { type Heat, heatsOf, type RaceOptions, raceSpec } from '../training/spec'
import type { Trained } from '../training/train'

interface HeatTask {
  heat: number
}

export interface RaceThreads {
  threads: number
  /** Hears of the share of the race that is done, in (0, 1], and of the network that has come on. */
  report(share: number, heat: Heat, progress: HeatProgress): void
  signal?: AbortSignal
  /** The module whose trainTask the threads call. */
  filename?: string
}

/** How far a race came: its result where it came to the end. */
export interface RaceOutcome {
  race?: Race
  /** Networks that were trained, of `total`. */
  trained: number
  total: number
}

/** The same race as race(options), its networks trained on `threads` threads. */
export async function raceOnThreads(options: RaceOptions, how: RaceThreads): Promise<RaceOutcome> {
  const { report, signal, filename = new URL('./race-task.js', import.meta.url).href } = how
  const spec = raceSpec('race', options)
  const heats = heatsOf(spec)
  const total = heats.length
  const threads = Math.min(how.threads, total)
  const shares = new Array<number>(total).fill(0)
  const note = (heat: number, progress: HeatProgress) => {
    shares[heat] = progress.share
    report(shares.reduce((a, b) => a + b) / total, heats[heat], progress)
  }
  const done: Trained[] = []
  const pool = piscinaPool<HeatTask, Trained>({ threads, filename, name: 'trainTask', workerData: options })
  await runAll(pool, {
    tasks: byRate(heats),
    threads,
    signal,
    describe: ({ heat }) => `network ${heat + 1} of ${total}, ${JSON.stringify(heats[heat], textOfBigint)}`,
    hear: ({ heat }, news) => note(heat, news as HeatProgress),
    keep({ heat }, trained) {
      done[heat] = trained
      const step = trained.losses.length
      note(heat, { step, loss: trained.losses[step - 1], share: 1 })
    },
  })
  const trained = done.filter(Boolean).length
  return { ...(trained === total ? { race: raceResult(spec, done) } : {}), trained, total }
}

/** The lowest rates first: networks that diverge at the highest are short, and so no thread is left alone with a long one at the end. */
function byRate(heats: readonly Heat[]): HeatTask[] {
  return heats.map((_, heat) => ({ heat })).sort((a, b) => heats[a.heat].rate - heats[b.heat].rate)
}

function textOfBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
