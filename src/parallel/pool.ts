/** Threads that do tasks of one kind, whatever the host calls them. */

import { OutOfMemoryError } from '../wasm/out-of-memory-error'

export interface Pool<Task, Result> {
  /** Does a task on a free thread; `hear` gets what the task says meanwhile. @throws WorkerDied, or what the task threw */
  run(task: Task, hear?: (news: unknown) => void): Promise<Result>
  /** Gives up all that is running: it rejects. */
  stop(): void
  /** Ends the threads. */
  close(): Promise<void>
}

/** A thread ended in the middle of a task: an error of the thread, not of the task. */
export class WorkerDied extends Error {
  override name = 'WorkerDied'
}

/** What a thread sends back: the result, or the bytes that memory lacked, for an error of a class of its own would come through as a plain one. */
export type Answer<Result> = { value: Result } | { lacking: number }

export function answer<Result>(task: () => Result): Answer<Result> {
  try {
    return { value: task() }
  } catch (error) {
    if (error instanceof OutOfMemoryError) return { lacking: error.bytes }
    throw error
  }
}

/** @throws OutOfMemoryError */
export function answered<Result>(found: Answer<Result>): Result {
  if ('lacking' in found) throw new OutOfMemoryError(found.lacking)
  return found.value
}
