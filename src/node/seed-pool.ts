import type { Pool } from '../parallel/pool'
import type { SeedTask } from '../parallel/seed-task'
import { piscinaPool } from './piscina-pool'

/** Threads that run seeds, of dense networks or of documents, by the module beside this one unless another is given. */
export function seedPool<Run, Task extends SeedTask = SeedTask>(
  threads: number,
  worker: string | URL = beside(),
): Pool<Task, Run> {
  return piscinaPool({ threads, filename: String(worker), name: 'measureSeed' })
}

function beside(): string {
  return new URL('./seed-task.js', import.meta.url).href
}
