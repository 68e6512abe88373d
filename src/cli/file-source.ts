/** A file read range by range. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ByteSource } from '../io/byte-source'
import { FileError } from './exit-code'
import { BAD_READ, fileError } from './file-error'

/** An open file as a source of bytes; `close` it. */
export interface FileSource extends ByteSource {
  close(): void
}

/** @throws FileError if there is no such file, it cannot be read, or it grows shorter meanwhile */
export function openFile(path: string): FileSource {
  try {
    const file = openSync(path, 'r')
    const stat = fstatSync(file)
    if (stat.isDirectory()) throw new FileError(`${BAD_READ} ${path}: it is a directory`)
    let buffer = new Uint8Array(0)
    return {
      size: stat.size,
      read(begin, end) {
        if (buffer.length < end - begin) buffer = new Uint8Array(end - begin)
        const bytes = buffer.subarray(0, end - begin)
        readFully(file, bytes, begin, path)
        return bytes
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    throw fileError(BAD_READ, path, error)
  }
}

function readFully(file: number, bytes: Uint8Array, from: number, path: string): void {
  for (let at = 0; at < bytes.length; ) {
    const got = readSync(file, bytes, at, bytes.length - at, from + at)
    if (got === 0) throw new FileError(`${BAD_READ} ${path}: it ends before byte ${from + bytes.length}`)
    at += got
  }
}
