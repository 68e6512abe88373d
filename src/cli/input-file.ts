/** The user's own batch: rows = samples. */

import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { readCsv } from '../io/csv'
import { requireFinite } from '../io/finite'
import { malformed } from '../io/format-error'
import { readNpy } from '../io/npy'
import { shapeTuple } from '../io/shape'
import { BAD_READ, fileError } from './file-error'

export interface InputBatch {
  data: Float32Array | Float64Array
  rows: number
  columns: number
  /** The path as it was given. */
  name: string
}

/** Reads a .npy (f2, f4, f8) or .csv batch; refuses what is not a table of finite numbers. */
export function readBatch(path: string): InputBatch {
  const { size, ...batch } = readSamples(path)
  if (size.length > 1) {
    const shape = [batch.rows, ...size]
    return malformed(path, 'shape', 'two axes, samples x features', shapeTuple(shape), reshape(shape))
  }
  return batch
}

/** A batch whose samples may have sizes: of a .npy with more than two axes all but the first. */
export function readSamples(path: string): InputBatch & { size: number[] } {
  const kind = extname(path).toLowerCase()
  if (kind !== '.npy' && kind !== '.csv')
    return malformed(path, 'name', 'one that ends in .npy or .csv', kind ? `'${kind}'` : 'no ending')
  const bytes = readBytes(path)
  if (kind === '.csv') {
    const { data, rows, columns, header } = readCsv(new TextDecoder().decode(bytes), path)
    requireFinite(path, data, columns, header)
    return { data, rows, columns, name: path, size: [columns] }
  }
  const { data, shape } = readNpy(bytes, path)
  if (shape.length < 2)
    return malformed(path, 'shape', 'two axes, samples x features', shapeTuple(shape), reshape(shape))
  const [rows, ...size] = shape
  const columns = size.reduce((a, b) => a * b, 1)
  if (data.length === 0) return malformed(path, 'shape', 'at least one sample and one feature', shapeTuple(shape))
  requireFinite(path, data, columns)
  return { data, rows, columns, name: path, size }
}

function reshape(shape: readonly number[]): string {
  return shape.length < 2 ? 'for a single sample save array.reshape(1, -1)' : 'save array.reshape(len(array), -1)'
}

/** @throws FileError if there is no such file, or it cannot be read. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw fileError(BAD_READ, path, error)
  }
}
