/** Experiments on one thread or several: the same bits, a bar with the time left, and what was finished when it is interrupted. */

import { availableParallelism } from 'node:os'
import type { Experiment, NetworkOptions } from '../index'
import { assemble, requireNetwork, type SeedRun, seedRunner } from '../network/measure'
import { experimentOf } from '../report/propagate'
import { isLong, requireBudget } from './budget'
import { progressBar, withProgress } from './progress'
import { openResults, type ResultsFile } from './results-file'
import type { Terminal } from './terminal'

export interface Experiments {
  /** Those with at least one finished seed; with fewer seeds than asked for where they were interrupted. */
  experiments: Experiment[]
  stopped: boolean
}

export interface RunFlags {
  workers?: number
  yes?: boolean
  out?: string
}

/** A seed to run. */
interface Task {
  network: number
  seed: number
  options: NetworkOptions
}

/** What a task's run is handed to. */
type Keep = (task: Task, run: SeedRun) => void

/** One experiment a network, in their order. */
export async function runExperiments(
  networks: readonly NetworkOptions[],
  { workers, yes = false, out }: RunFlags,
  io: Terminal,
): Promise<Experiments> {
  for (const options of networks) requireNetwork('propagate', options)
  requireBudget(networks, yes)
  const results = out === undefined ? inMemory(networks) : openResults(out, networks)
  const { finished } = results
  const all = tasksOf(networks)
  const tasks = all.filter(({ network, seed }) => finished[network][seed] === undefined)
  if (tasks.length < all.length) io.say(`${all.length - tasks.length} of ${all.length} seeds are in ${out}.`)
  let left = tasks.length
  const keep: Keep = ({ network, seed }, run) => {
    results.add(network, seed, run)
    finished[network][seed] = run
    left--
  }
  const long = isLong(networks)
  const threads = Math.min(tasks.length, workers ?? (long ? availableParallelism() : 1))
  // long work leaves this thread free to hear of an interruption
  if (threads > 1 || (long && threads > 0)) await onThreads(tasks, threads, keep, io)
  else onThisThread(tasks, keep, io)
  if (left > 0) io.say(`Interrupted: ${all.length - left} of ${all.length} seeds were finished.`)
  return { experiments: networks.flatMap((options, i) => experiment(options, prefix(finished[i]))), stopped: left > 0 }
}

function inMemory(networks: readonly NetworkOptions[]): ResultsFile {
  return { finished: networks.map(() => []), add() {} }
}

function tasksOf(networks: readonly NetworkOptions[]): Task[] {
  return networks.flatMap((options, network) =>
    Array.from({ length: options.seeds ?? 1 }, (_, seed) => ({ network, seed, options })),
  )
}

function onThisThread(tasks: readonly Task[], keep: Keep, io: Terminal): void {
  const runners: ReturnType<typeof seedRunner>[] = []
  withProgress(io, 'Propagating', (report) => {
    tasks.forEach((task, i) => {
      runners[task.network] ??= seedRunner('propagate', task.options)
      keep(task, runners[task.network](task.seed))
      report((i + 1) / tasks.length)
    })
  })
}

async function onThreads(tasks: readonly Task[], threads: number, keep: Keep, io: Terminal): Promise<void> {
  // a library that those who stay on one thread need not load
  const { seedPool } = await import('./seed-pool')
  const pool = seedPool(threads)
  const bar = progressBar(io, 'Propagating')
  let done = 0
  const interrupt = () => pool.stop()
  const giveUp = (error: unknown) => {
    pool.stop()
    throw error
  }
  process.once('SIGINT', interrupt)
  try {
    // handed out one by one: the pool would not keep their order, and an interruption would leave gaps
    const waiting = tasks.values()
    const lane = async () => {
      for (const task of waiting) {
        const run = await pool.run(task.options, task.seed)
        if (run === undefined) return
        keep(task, run)
        bar.report(++done / tasks.length)
      }
    }
    const lanes = Array.from({ length: threads }, () => lane().catch(giveUp))
    // all of them settle before the pool closes: what a thread still had to say would find nobody
    for (const outcome of await Promise.allSettled(lanes)) if (outcome.status === 'rejected') throw outcome.reason
  } finally {
    process.off('SIGINT', interrupt)
    bar.stop()
    await pool.close()
  }
}

/** None without a seed. */
function experiment(options: NetworkOptions, runs: readonly SeedRun[]): Experiment[] {
  if (runs.length === 0) return []
  const part = { ...options, seeds: runs.length }
  return [experimentOf(part, assemble('propagate', part, runs))]
}

/** Those from the first on without a gap: an experiment's seeds follow each other. */
function prefix(runs: readonly (SeedRun | undefined)[]): SeedRun[] {
  const gap = Array.from(runs).indexOf(undefined)
  return (gap < 0 ? [...runs] : runs.slice(0, gap)) as SeedRun[]
}
