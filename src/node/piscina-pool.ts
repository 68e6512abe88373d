/** A pool of Node's worker threads. */

import { setMaxListeners } from 'node:events'
import { Piscina } from 'piscina'
import { type Answer, answered, type Pool, WorkerDied } from '../parallel/pool'

export interface PoolOptions {
  threads: number
  /** The module that the threads load, and the name of what they call in it with a task: the task's Answer comes back. */
  filename: string
  name: string
  /** What each thread gets once, as its workerData. */
  workerData?: unknown
}

/** A task that somebody hears of gets a MessagePort beside its own properties, `port`. */
export function piscinaPool<Task extends object, Result>(options: PoolOptions): Pool<Task, Result> {
  const { threads, ...rest } = options
  // Trap: Node's own arguments would come to the threads too, and --input-type forbids them a file
  const pool = new Piscina({ ...rest, execArgv: [], minThreads: threads, maxThreads: threads })
  // of a thread that ends while it has no task; a task that finds none fails itself
  pool.on('error', () => {})
  const stopper = new AbortController()
  // every running task listens
  setMaxListeners(0, stopper.signal)
  return {
    async run(task, hear) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => hear?.(data)
      const given = hear ? { ...task, port: port2 } : task
      const transfer = hear ? { transferList: [port2] as never } : {}
      try {
        const found: Answer<Result> = await pool.run(given, { signal: stopper.signal, ...transfer })
        return answered(found)
      } catch (error) {
        throw died(error) ? new WorkerDied((error as Error).message, { cause: error }) : error
      } finally {
        port1.close()
      }
    },
    stop: () => stopper.abort(),
    close: () => pool.destroy(),
  }
}

/** An error of the thread, not of the task: it exited, was ended or ran out of memory. */
function died(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /worker.*(exit|terminat)|^Worker /i.test(message)
}
