/** Experiments on one thread or several: the same bits, a bar with the time left, and what was finished when it is interrupted. */

import { availableParallelism } from 'node:os'
import type { Experiment, NetworkOptions } from '../index'
import { assemble, type SeedRun } from '../network/measure'
import type { NetworkDocument } from '../networks/document'
import { runAll } from '../parallel/run-all'
import { seedText } from '../parallel/seed-task'
import { experimentOf } from '../report/propagate'
import { isLong, requireBudget } from './budget'
import { untilInterrupted } from './interrupt'
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

/** A seed to run, of the job of that number; plain data for a thread. */
interface Task {
  number: number
  index: number
  options: NetworkOptions
  network?: NetworkDocument
}

/** What a task's run is handed to. */
type Keep<Run> = (task: Task, run: Run) => void

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
  try {
    return await runRest(jobs, results, { workers, out }, isLong(work), io)
  } finally {
    results.close()
  }
}

/** The seeds that are not finished yet. */
async function runRest<Run>(
  jobs: readonly SeedJob<Run>[],
  results: ResultsFile<Run>,
  { workers, out }: RunFlags,
  long: boolean,
  io: Terminal,
): Promise<Runs<Run>> {
  const { finished } = results
  const all = jobs.flatMap(tasksOf)
  const tasks = all.filter(({ number, index }) => finished[number][index] === undefined)
  if (tasks.length < all.length) io.say(`${all.length - tasks.length} of ${all.length} seeds are in ${out}.`)
  let left = tasks.length
  const keep: Keep<Run> = ({ number, index }, run) => {
    results.add(number, index, run)
    finished[number][index] = run
    left--
  }
  const threads = Math.min(tasks.length, workers ?? (long ? availableParallelism() : 1))
  // long work leaves this thread free to hear of an interruption
  if (threads > 1 || (long && threads > 0)) await onThreads(tasks, threads, keep, io)
  else onThisThread(jobs, tasks, keep, io)
  if (left > 0) io.say(`Interrupted: ${all.length - left} of ${all.length} seeds were finished.`)
  return { runs: finished.map(prefix), stopped: left > 0 }
}

function inMemory<Run>(jobs: readonly SeedJob<Run>[]): ResultsFile<Run> {
  return { finished: jobs.map(() => []), add() {}, close() {} }
}

function tasksOf<Run>({ seeds, options, network }: SeedJob<Run>, number: number): Task[] {
  return Array.from({ length: seeds }, (_, index) => ({ number, index, options, ...(network ? { network } : {}) }))
}

function onThisThread<Run>(jobs: readonly SeedJob<Run>[], tasks: readonly Task[], keep: Keep<Run>, io: Terminal): void {
  const runners: ((index: number) => Run)[] = []
  withProgress(io, 'Propagating', (report) => {
    tasks.forEach((task, i) => {
      runners[task.number] ??= jobs[task.number].runner()
      keep(task, runners[task.number](task.index))
      report((i + 1) / tasks.length)
    })
  })
}

async function onThreads<Run>(tasks: readonly Task[], threads: number, keep: Keep<Run>, io: Terminal): Promise<void> {
  // a library that those who stay on one thread need not load
  const { seedPool } = await import('../node/seed-pool')
  const bar = progressBar(io, 'Propagating')
  let done = 0
  await untilInterrupted((signal) =>
    runAll<Task, Run>(seedPool<Run, Task>(threads), {
      tasks,
      threads,
      signal,
      describe: seedText,
      keep(task, run) {
        keep(task, run)
        bar.report(++done / tasks.length)
      },
    }),
  ).finally(bar.stop)
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
