// A thread that ends in the middle of its work: once where `once` names a file that is not there yet, else always.
import { existsSync, writeFileSync } from 'node:fs'

export function measureSeed({ options, index }) {
  if (options.once === undefined || !existsSync(options.once)) {
    if (options.once !== undefined) writeFileSync(options.once, '')
    process.exit(7)
  }
  return { value: { index } }
}
