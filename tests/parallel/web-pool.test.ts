import { describe, expect, test } from 'vitest'
import { runAll } from '../../src/parallel/run-all'
import { webPool } from '../../src/parallel/web-pool'

interface DyingTask {
  index: number
  dies?: boolean
  once?: string
}

/** What comes back of these tasks, and how many workers it took. */
async function kept(tasks: DyingTask[], threads: number, path = '/tests/parallel/dying-worker.js') {
  const results: unknown[] = []
  let workers = 0
  const pool = webPool<DyingTask, unknown>(() => {
    workers++
    return new Worker(new URL(path, location.href), { type: 'module' })
  })
  const keep = (_: DyingTask, result: unknown) => void results.push(result)
  await runAll(pool, { tasks, threads, describe: ({ index }) => `task ${index}`, keep })
  return { results, workers }
}

// Node has no Worker of this kind: there the pool is piscina's
describe.skipIf(typeof Worker === 'undefined')('a pool of Web Workers', () => {
  test('uses its two workers again and again for ten tasks', async () => {
    const { results, workers } = await kept(
      Array.from({ length: 10 }, (_, index) => ({ index })),
      2,
    )
    expect(workers).toBe(2)
    expect(results).toHaveLength(10)
  })

  test('replaces a worker that dies and runs its task once more', async () => {
    const tasks = [{ index: 0 }, { index: 1, once: crypto.randomUUID() }, { index: 2 }]
    const { results, workers } = await kept(tasks, 1)
    expect(results).toEqual([{ index: 0 }, { index: 1 }, { index: 2 }])
    expect(workers).toBe(2)
  })

  test('reports a worker that dies twice with its task and its last words', async () => {
    await expect(kept([{ index: 5, dies: true }], 1)).rejects.toThrow(/^a worker died twice at task 5: .*out of order$/)
  })

  test('says what a module that cannot be loaded may lack', async () => {
    await expect(kept([{ index: 5 }], 1, '/no/such/worker.js')).rejects.toThrow(/worker-src$/)
  })
})
