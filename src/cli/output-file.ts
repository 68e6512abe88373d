/** Files that a command writes: refused before the work where it can be known, in words where it cannot. */

import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { FileError, UsageError } from './exit-code'
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

/** Refuses a name that says the file is of another kind; a name without an ending says nothing. @throws UsageError */
export function requireEnding(flag: string, path: string | undefined, endings: readonly string[]): void {
  const ending = extname(path ?? '').toLowerCase()
  if (ending !== '' && !endings.includes(ending))
    throw new UsageError(`${flag} expected a name that ends in ${endings.join(' or ')}, got '${path}'`)
}

/** requireWritable for the file of a figure, if there is to be one. @throws FileError, UsageError */
export function requireFigure(svg: string | undefined): void {
  requireEnding('--svg', svg, ['.svg'])
  if (svg !== undefined) requireWritable(svg)
}

export function writeFile(path: string, content: Uint8Array | string): void {
  try {
    writeFileSync(path, content)
  } catch (error) {
    throw fileError(BAD_WRITE, path, error)
  }
}
