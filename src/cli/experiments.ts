/** Experiments on one thread or several: the same bits, a bar with the time left, and what was finished when it is interrupted. */

import { availableParallelism } from 'node:os'
import type { Experiment, NetworkOptions } from '../index'
import { assemble, requireNetwork, type SeedRun, seedRunner } from '../network/measure'
import { runAll } from '../parallel/run-all'
import { type SeedTask, seedText } from '../parallel/seed-task'
import { experimentOf } from '../report/propagate'
import { isLong, requireBudget } from './budget'
import { untilInterrupted } from './interrupt'
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

/** A seed to run, of the network of that number. */
interface Task extends SeedTask {
  network: number
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
  try {
    return await runRest(networks, results, { workers, out }, io)
  } finally {
    results.close()
  }
}

/** The seeds that are not finished yet, and the experiments from all. */
async function runRest(
  networks: readonly NetworkOptions[],
  results: ResultsFile,
  { workers, out }: RunFlags,
  io: Terminal,
): Promise<Experiments> {
  const { finished } = results
  const all = tasksOf(networks)
  const tasks = all.filter(({ network, index }) => finished[network][index] === undefined)
  if (tasks.length < all.length) io.say(`${all.length - tasks.length} of ${all.length} seeds are in ${out}.`)
  let left = tasks.length
  const keep: Keep = ({ network, index }, run) => {
    results.add(network, index, run)
    finished[network][index] = run
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
  return { finished: networks.map(() => []), add() {}, close() {} }
}

function tasksOf(networks: readonly NetworkOptions[]): Task[] {
  return networks.flatMap((options, network) =>
    Array.from({ length: options.seeds ?? 1 }, (_, index) => ({ network, index, options })),
  )
}

function onThisThread(tasks: readonly Task[], keep: Keep, io: Terminal): void {
  const runners: ReturnType<typeof seedRunner>[] = []
  withProgress(io, 'Propagating', (report) => {
    tasks.forEach((task, i) => {
      runners[task.network] ??= seedRunner('propagate', task.options)
      keep(task, runners[task.network](task.index))
      report((i + 1) / tasks.length)
    })
  })
}

async function onThreads(tasks: readonly Task[], threads: number, keep: Keep, io: Terminal): Promise<void> {
  // a library that those who stay on one thread need not load
  const { seedPool } = await import('../node/propagate-async')
  const bar = progressBar(io, 'Propagating')
  let done = 0
  await untilInterrupted((signal) =>
    runAll<Task, SeedRun>(seedPool(threads), {
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
function prefix(runs: readonly (SeedRun | undefined)[]): SeedRun[] {
  const gap = Array.from(runs).indexOf(undefined)
  return (gap < 0 ? [...runs] : runs.slice(0, gap)) as SeedRun[]
}
