/** Experiments on one thread or several: the same bits, a bar with the time left, and what was finished when it is interrupted. */

import { availableParallelism } from 'node:os'
import { type Experiment, type NetworkOptions, propagate } from '../index'
import { assemble, requireNetwork, type SeedRun } from '../network/measure'
import { experimentOf } from '../report/propagate'
import { isLong, requireBudget } from './budget'
import { progressBar, withProgress } from './progress'
import type { Terminal } from './terminal'

export interface Experiments {
  /** Those with at least one finished seed; with fewer seeds than asked for where they were interrupted. */
  experiments: Experiment[]
  stopped: boolean
}

export interface RunFlags {
  workers?: number
  yes?: boolean
}

/** One experiment a network, in their order. */
export async function runExperiments(
  networks: readonly NetworkOptions[],
  { workers, yes = false }: RunFlags,
  io: Terminal,
): Promise<Experiments> {
  const seeds = networks.reduce((sum, { seeds = 1 }) => sum + seeds, 0)
  requireBudget(networks, yes)
  const threads = Math.min(seeds, workers ?? (isLong(networks) ? availableParallelism() : 1))
  return threads > 1 ? onThreads(networks, threads, io) : onThisThread(networks, io)
}

function onThisThread(networks: readonly NetworkOptions[], io: Terminal): Experiments {
  const experiments = withProgress(io, 'Propagating', (report) =>
    networks.map((options, i) =>
      propagate({ ...options, onProgress: ({ done, total }) => report((i + done / total) / networks.length) }),
    ),
  )
  return { experiments, stopped: false }
}

async function onThreads(networks: readonly NetworkOptions[], threads: number, io: Terminal): Promise<Experiments> {
  // bad options are refused before any thread starts
  for (const options of networks) requireNetwork('propagate', options)
  // a library that those who stay on one thread need not load
  const { seedPool } = await import('./seed-pool')
  const pool = seedPool(threads)
  const bar = progressBar(io, 'Propagating')
  const tasks = networks.flatMap((options, network) =>
    Array.from({ length: options.seeds ?? 1 }, (_, seed) => ({ network, seed, options })),
  )
  const finished: SeedRun[][] = networks.map(() => [])
  let done = 0
  const interrupt = () => pool.stop()
  process.once('SIGINT', interrupt)
  try {
    // all of them settle before the pool closes: what a thread still had to say would find nobody
    const outcomes = await Promise.allSettled(
      tasks.map(async ({ network, seed, options }) => {
        const run = await pool.run(options, seed)
        if (run === undefined) return
        finished[network][seed] = run
        bar.report(++done / tasks.length)
      }),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  } finally {
    process.off('SIGINT', interrupt)
    bar.stop()
    await pool.close()
  }
  const stopped = done < tasks.length
  const experiments = networks.flatMap((options, i) => {
    const runs = prefix(finished[i])
    if (runs.length === 0) return []
    const part = { ...options, seeds: runs.length }
    return [experimentOf(part, assemble('propagate', part, runs))]
  })
  if (stopped) io.say(`Interrupted: ${done} of ${tasks.length} seeds were finished.`)
  return { experiments, stopped }
}

/** Those from the first on without a gap: an experiment's seeds follow each other. */
function prefix(runs: readonly (SeedRun | undefined)[]): SeedRun[] {
  const gap = Array.from(runs).indexOf(undefined)
  return (gap < 0 ? [...runs] : runs.slice(0, gap)) as SeedRun[]
}
