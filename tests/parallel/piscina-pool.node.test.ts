import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { seedPool } from '../../src/node/seed-pool'
import { runAll } from '../../src/parallel/run-all'
import { type SeedTask, seedText } from '../../src/parallel/seed-task'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
afterAll(() => rmSync(folder, { recursive: true }))

const DYING = pathToFileURL(resolve('tests/parallel/dying-task.js'))

/** What comes back of these tasks on dying threads. */
async function kept(tasks: SeedTask[], threads: number): Promise<unknown[]> {
  const results: unknown[] = []
  const keep = (_: SeedTask, result: unknown) => void results.push(result)
  await runAll(seedPool(threads, DYING), { tasks, threads, describe: seedText, keep })
  return results
}

test('a thread that dies is replaced and its seed run once more', async () => {
  const options = { once: join(folder, 'died'), depth: 3 }
  expect(await kept([{ options, index: 4 }], 2)).toEqual([{ index: 4 }])
})

test('a thread that dies twice at one seed is reported with its configuration, and the others are not waited for', async () => {
  const input = { data: new Float32Array(50), rows: 1, columns: 50, name: 'batch.npy' }
  const options = { depth: 3, width: 5, init: 'he-normal', input }
  await expect(kept([{ options, index: 4 }], 1)).rejects.toThrow(
    'a worker died twice at seed 5 of {"depth":3,"width":5,"init":"he-normal","input":"batch.npy"}',
  )
  const many = Array.from({ length: 100 }, (_, index) => ({ options, index }))
  await expect(kept(many, 3)).rejects.toThrow('a worker died twice at seed ')
})
