import { type Pool, WorkerDied } from './pool'

export interface Work<Task, Result> {
  tasks: readonly Task[]
  /** Tasks at once, >= 1. */
  threads: number
  /** Takes each result, as it comes. */
  keep(task: Task, result: Result): void
  /** Hears what a task says while it runs. */
  hear?(task: Task, news: unknown): void
  /** A task in words: 'seed 5 of {...}'. */
  describe(task: Task): string
  signal?: AbortSignal
}

/**
 * Every task on a pool, handed out in their order, so that what was finished has no gaps but those at work; closes the pool. A task whose
 * thread dies is run once more. After `signal` nothing is handed out, and what runs is given up. Resolves when nothing runs any more.
 * @throws what the first failing task or `keep` threw; Error with the task's description, where a thread died twice at it
 */
export async function runAll<Task, Result>(pool: Pool<Task, Result>, work: Work<Task, Result>): Promise<void> {
  const { tasks, threads, keep, signal } = work
  let ended = signal?.aborted ?? false
  const end = () => {
    ended = true
    pool.stop()
  }
  const waiting = tasks.values()
  const lane = async () => {
    for (const task of waiting) {
      if (ended) return
      keep(task, await twice(pool, work, task, () => ended))
    }
  }
  const giveUp = (error: unknown) => {
    // what was given up rejects too
    if (ended) return
    end()
    throw error
  }
  signal?.addEventListener('abort', end, { once: true })
  try {
    const lanes = Array.from({ length: threads }, () => lane().catch(giveUp))
    // all of them settle before the pool closes: what a thread still had to say would find nobody
    for (const outcome of await Promise.allSettled(lanes)) if (outcome.status === 'rejected') throw outcome.reason
  } finally {
    signal?.removeEventListener('abort', end)
    await pool.close()
  }
}

async function twice<Task, Result>(
  pool: Pool<Task, Result>,
  { hear, describe }: Work<Task, Result>,
  task: Task,
  ended: () => boolean,
): Promise<Result> {
  const attempt = () => pool.run(task, hear && ((news) => hear(task, news)))
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof WorkerDied) || ended()) throw error
  }
  return attempt().catch((error) => {
    if (!(error instanceof WorkerDied)) throw error
    throw new Error(`a worker died twice at ${describe(task)}: ${error.message}`, { cause: error })
  })
}
