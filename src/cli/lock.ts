/** A file for one process at a time. */

import { existsSync, readFileSync, realpathSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { FileError } from './exit-code'
import { BAD_WRITE, fileError } from './file-error'

const OWNER = /^(\d+) on (.+)\n$/

/**
 * Takes `path` for this process until the returned function is called, by a file beside it, `path`.lock, that names the process; the lock
 * of a process of this machine that is no more is taken over. Devices and pipes are not locked.
 * @throws FileError where another process has it
 */
export function lock(path: string): () => void {
  const exists = existsSync(path)
  if (exists && !statSync(path).isFile()) return () => {}
  const file = `${exists ? realpathSync(path) : path}.lock`
  if (!claim(file)) {
    removeStale(path, file)
    if (!claim(file)) refuse(path, file)
  }
  return () => unlinkSync(file)
}

/** False where the file is there. */
function claim(file: string): boolean {
  try {
    // to create a file that must not be there is atomic
    writeFileSync(file, `${process.pid} on ${hostname()}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileError(BAD_WRITE, file, error)
  }
}

/** Moves the lock of a dead process out of the way. @throws FileError for that of any other */
function removeStale(path: string, file: string): void {
  if (!isDead(ownerOf(file))) refuse(path, file)
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    // somebody else was first
    return
  }
  const stale = isDead(ownerOf(aside))
  // between our look and our grasp it may have changed hands: it goes back
  if (stale) unlinkSync(aside)
  else renameSync(aside, file)
}

/** What the file says, or nothing where it is gone. */
function ownerOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isDead(owner: string): boolean {
  const [, pid, host] = OWNER.exec(owner) ?? []
  if (host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function refuse(path: string, file: string): never {
  const [, pid, host] = OWNER.exec(ownerOf(file)) ?? []
  const who = pid === undefined ? 'another process' : `process ${pid} on ${host}`
  throw new FileError(
    `${BAD_WRITE} ${path}: ${who} is writing to it; wait for it, or write to another file (if it is no more, remove ${file})`,
  )
}
