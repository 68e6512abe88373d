/** A pool of Web Workers, for browsers and what has them too. */

import { type Answer, answered, type Pool, WorkerDied } from './pool'

/** To a worker: a task. From it: the answer, or the message of what the task threw. */
export type Reply<Result> = { answer: Answer<Result> } | { error: string }

/** `start` makes a worker; workers that are free are used again, and one that died is not. */
export function webPool<Task, Result>(start: () => Worker): Pool<Task, Result> {
  const free: Worker[] = []
  const busy = new Map<Worker, (reason: Error) => void>()
  const stop = () => {
    for (const [worker, reject] of busy) {
      worker.terminate()
      reject(new Error('the worker was stopped'))
    }
    busy.clear()
  }
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const worker = free.pop() ?? start()
        busy.set(worker, reject)
        worker.onmessage = ({ data }: MessageEvent<Reply<Result>>) => {
          busy.delete(worker)
          free.push(worker)
          if ('error' in data) reject(new Error(data.error))
          else
            try {
              resolve(answered(data.answer))
            } catch (error) {
              reject(error)
            }
        }
        worker.onerror = (event) => {
          event.preventDefault()
          busy.delete(worker)
          worker.terminate()
          reject(new WorkerDied(event.message || NOT_LOADED))
        }
        worker.postMessage(task)
      }),
    stop,
    async close() {
      stop()
      for (const worker of free) worker.terminate()
    },
  }
}

const NOT_LOADED =
  "its module could not be loaded: it must come from the page's own origin, and a Content-Security-Policy must allow it in worker-src"

/** What a worker does with the tasks that come in. */
export function serve<Task, Result>(task: (given: Task) => Answer<Result>): void {
  addEventListener('message', ({ data }: MessageEvent<Task>) => {
    let reply: Reply<Result>
    try {
      reply = { answer: task(data) }
    } catch (error) {
      reply = { error: String(error) }
    }
    postMessage(reply)
  })
}
