/** The file of --out: finished seeds, appended one by one, so that an experiment that was ended goes on where it was. */

import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs'
import { malformed } from '../io/format-error'
import { BAD_WRITE, fileError } from './file-error'
import { readBytes } from './input-file'
import { lock } from './lock'
import { keyOf, OPENING, type Recorder } from './seed-record'

export interface ResultsFile<Run> {
  /** For each job, the runs by the index of their seed; what is not finished is missing. */
  finished: Run[][]
  add(job: number, seed: number, run: Run): void
  /** Lets other processes have the file. */
  close(): void
}

interface Job<Run> {
  recorder: Recorder<Run>
  seeds: number
}

/** @throws FormatError for a file of something else, FileError for one that cannot be read or written, or that another process has */
export function openResults<Run>(path: string, jobs: readonly Job<Run>[]): ResultsFile<Run> {
  const unlock = lock(path)
  try {
    return { ...opened(path, jobs), close: unlock }
  } catch (error) {
    unlock()
    throw error
  }
}

function opened<Run>(path: string, jobs: readonly Job<Run>[]): Omit<ResultsFile<Run>, 'close'> {
  const lines = readLines(path)
  const finished = jobs.map(({ recorder, seeds }) => {
    const runs: Run[] = []
    for (let seed = 0; seed < seeds; seed++) {
      const line = lines.get(recorder.key(seed))
      if (line !== undefined) runs[seed] = recorder.run(line)
    }
    return runs
  })
  return {
    finished,
    add(job, seed, run) {
      try {
        appendFileSync(path, jobs[job].recorder.line(seed, run))
      } catch (error) {
        throw fileError(BAD_WRITE, path, error)
      }
    },
  }
}

/** Lines by their keys. A last line that was torn, as when its writer was killed, is cut off the file. */
function readLines(path: string): Map<string, Buffer> {
  const lines = new Map<string, Buffer>()
  if (!existsSync(path) || !statSync(path).isFile()) return lines
  const bytes = Buffer.from(readBytes(path))
  let start = 0
  let count = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = bytes.subarray(start, end)
    count++
    const key = keyOf(line)
    if (key === undefined) refuse(path, count)
    lines.set(key, line)
    start = end + 1
  }
  if (start < bytes.length) {
    // anything else is a file of the user's, which is left as it is
    if (!isTorn(bytes.toString('utf8', start))) refuse(path, count + 1)
    cut(path, start)
  }
  return lines
}

function isTorn(text: string): boolean {
  return text.startsWith(OPENING) || OPENING.startsWith(text)
}

function refuse(path: string, line: number): never {
  return malformed(
    path,
    `line ${line}`,
    'a finished seed with its checksum, as --out writes it',
    'something else',
    'remove the line, or write to another file',
  )
}

function cut(path: string, length: number): void {
  try {
    truncateSync(path, length)
  } catch (error) {
    throw fileError(BAD_WRITE, path, error)
  }
}
