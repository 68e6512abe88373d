// The task of a race, in a thread that ends in the middle of it once: where the file EVENKEEL_DIED is not there yet.
import { existsSync, writeFileSync } from 'node:fs'
import { trainTask as train } from '../../dist/race-task.js'

export function trainTask(task) {
  const died = process.env.EVENKEEL_DIED
  if (!existsSync(died)) {
    writeFileSync(died, '')
    process.exit(7)
  }
  return train(task)
}
