import type { SeedRun } from '../network/measure'
import type { Pool } from '../parallel/pool'
import type { SeedTask } from '../parallel/seed-task'
import { piscinaPool } from './piscina-pool'

/** Threads that run seeds, of dense networks or of documents, by the module beside this one unless another is given. */
export function seedPool<Task extends SeedTask, Run = SeedRun>(
  threads: number,
  worker: string | URL = beside(),
): Pool<Task, Run> {
  return piscinaPool({ threads, filename: String(worker), name: 'measureTask' })
}

function beside(): string {
  return new URL('./seed-task.js', import.meta.url).href
}
