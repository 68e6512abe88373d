/** Experiments on one thread or several: the same bits, a bar with the time left, and what was finished when it is interrupted. */

import { availableParallelism } from 'node:os'
import type { Experiment, NetworkOptions } from '../index'
import { assemble, type SeedRun } from '../network/measure'
import { experimentOf } from '../report/propagate'
import { isLong, requireBudget } from './budget'
import { progressBar, withProgress } from './progress'
import { openResults, type ResultsFile } from './results-file'
import { denseJob, type SeedJob } from './seed-jobs'
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

/** Runs of each job's seeds, from the first on without a gap: fewer than asked for where they were interrupted. */
export interface Runs<Run> {
  runs: Run[][]
  stopped: boolean
}

/** A seed to run. */
interface Task<Run> {
  number: number
  seed: number
  job: SeedJob<Run>
}

/** What a task's run is handed to. */
type Keep<Run> = (task: Task<Run>, run: Run) => void

/** One experiment a network, in their order. */
export async function runExperiments(
  networks: readonly NetworkOptions[],
  flags: RunFlags,
  io: Terminal,
): Promise<Experiments> {
  const { runs, stopped } = await runJobs(networks.map(denseJob), flags, io)
  return { experiments: networks.flatMap((options, i) => experiment(options, runs[i])), stopped }
}

/** All seeds of all jobs but those that are in the file already. */
export async function runJobs<Run>(
  jobs: readonly SeedJob<Run>[],
  { workers, yes = false, out }: RunFlags,
  io: Terminal,
): Promise<Runs<Run>> {
  const work = jobs.reduce((sum, job) => sum + job.work, 0)
  requireBudget(work, yes)
  const results = out === undefined ? inMemory(jobs) : openResults(out, jobs)
  const { finished } = results
  const all = jobs.flatMap((job, number) => Array.from({ length: job.seeds }, (_, seed) => ({ number, seed, job })))
  const tasks = all.filter(({ number, seed }) => finished[number][seed] === undefined)
  if (tasks.length < all.length) io.say(`${all.length - tasks.length} of ${all.length} seeds are in ${out}.`)
  let left = tasks.length
  const keep: Keep<Run> = ({ number, seed }, run) => {
    results.add(number, seed, run)
    finished[number][seed] = run
    left--
  }
  const long = isLong(work)
  const threads = Math.min(tasks.length, workers ?? (long ? availableParallelism() : 1))
  // long work leaves this thread free to hear of an interruption
  if (threads > 1 || (long && threads > 0)) await onThreads(tasks, threads, keep, io)
  else onThisThread(tasks, keep, io)
  if (left > 0) io.say(`Interrupted: ${all.length - left} of ${all.length} seeds were finished.`)
  return { runs: finished.map(prefix), stopped: left > 0 }
}

function inMemory<Run>(jobs: readonly SeedJob<Run>[]): ResultsFile<Run> {
  return { finished: jobs.map(() => []), add() {} }
}

function onThisThread<Run>(tasks: readonly Task<Run>[], keep: Keep<Run>, io: Terminal): void {
  const runners: ((index: number) => Run)[] = []
  withProgress(io, 'Propagating', (report) => {
    tasks.forEach((task, i) => {
      runners[task.number] ??= task.job.runner()
      keep(task, runners[task.number](task.seed))
      report((i + 1) / tasks.length)
    })
  })
}

async function onThreads<Run>(
  tasks: readonly Task<Run>[],
  threads: number,
  keep: Keep<Run>,
  io: Terminal,
): Promise<void> {
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
        const run = await pool.run<Run>(task.job.options, task.seed, task.job.network)
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
function prefix<Run>(runs: readonly (Run | undefined)[]): Run[] {
  const gap = Array.from(runs).indexOf(undefined)
  return (gap < 0 ? [...runs] : runs.slice(0, gap)) as Run[]
}
