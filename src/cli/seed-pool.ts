/** Seeds over a pool of threads; a thread that dies is replaced, its seed run once more, and then reported with its configuration. */

import { setMaxListeners } from 'node:events'
import { Piscina } from 'piscina'
import { OutOfMemoryError } from '../index'
import type { NetworkDocument } from '../networks/document'
import type { SeedTask } from './seed-task'

export interface SeedPool {
  /** One seed of a dense network, or of a document; undefined when the pool was stopped before. */
  run<Run>(options: SeedTask['options'], index: number, network?: NetworkDocument): Promise<Run | undefined>
  /** Gives up all that is not finished. */
  stop(): void
  close(): Promise<void>
}

/** `filename`: the module whose measureTask the threads call. */
export function seedPool(threads: number, filename = new URL('./seed-task.js', import.meta.url).href): SeedPool {
  const pool = new Piscina({ filename, name: 'measureTask', minThreads: threads, maxThreads: threads })
  const stopper = new AbortController()
  // every running seed listens
  setMaxListeners(0, stopper.signal)
  const attempt = async (task: SeedTask) => {
    const found = await pool.run(task, { signal: stopper.signal })
    if (typeof found === 'number') throw new OutOfMemoryError(found)
    return found
  }
  return {
    async run({ onProgress: _, ...options }, index, network) {
      const task = { options, index, network }
      try {
        return await attempt(task).catch((error) => {
          if (!died(error)) throw error
          return attempt(task)
        })
      } catch (error) {
        if (stopper.signal.aborted) return undefined
        if (died(error))
          throw new Error(`a worker died twice at seed ${index + 1} of ${JSON.stringify(configuration(options))}`, {
            cause: error,
          })
        throw error
      }
    },
    stop: () => stopper.abort(),
    close: () => pool.destroy(),
  }
}

/** An error of the thread, not of the experiment: it exited, was ended or ran out of memory. */
function died(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /worker.*(exit|terminat)|^Worker /i.test(message)
}

function configuration({ input, ...options }: SeedTask['options']): object {
  return { ...options, ...(input ? { input: input.name } : {}) }
}
