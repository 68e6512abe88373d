/** Files that a command writes: refused before the work where it can be known, in words where it cannot. */

import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { FileError } from './exit-code'
import { BAD_WRITE, fileError } from './file-error'

/** @throws FileError if a file at this path could not be written. */
export function requireWritable(path: string): void {
  try {
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) throw new FileError(`${BAD_WRITE} ${path}: it is a directory`)
      accessSync(path, constants.W_OK)
    } else {
      if (!statSync(dirname(path)).isDirectory())
        throw new FileError(`${BAD_WRITE} ${path}: ${dirname(path)} is not a directory`)
      accessSync(dirname(path), constants.W_OK)
    }
  } catch (error) {
    throw fileError(BAD_WRITE, path, error)
  }
}

export function writeFile(path: string, content: Uint8Array | string): void {
  try {
    writeFileSync(path, content)
  } catch (error) {
    throw fileError(BAD_WRITE, path, error)
  }
}
