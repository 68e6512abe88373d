import { show, wrongKind, wrongValue } from '../check'

/** Sizes of the axes in storage order, slowest first: integers >= 1. An empty shape is one number. */
export type Shape = readonly number[]

/** 2^31 values are 8 GiB of f32: more than one linear memory holds. */
const MAX_ELEMENTS = 2147483648

/** Number of values in the shape; throws unless every size is an integer >= 1 and there are at most 2^31 values. */
export function elements(where: string, shape: unknown): number {
  if (!Array.isArray(shape)) return wrongKind(where, 'shape', 'an array of integers >= 1', shape)
  let count = 1
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]
    if (typeof size !== 'number') return wrongKind(where, `shape[${axis}]`, 'an integer >= 1', size)
    if (!Number.isInteger(size) || size < 1) return wrongValue(where, `shape[${axis}]`, 'an integer >= 1', size)
    count *= size
    if (count > MAX_ELEMENTS) return wrongValue(where, 'shape', `at most ${MAX_ELEMENTS} values`, shape)
  }
  return count
}

/** A fresh Float32Array for the shape, or `out` after its kind and length are checked. */
export function destination(where: string, shape: Shape, out: unknown): Float32Array {
  const length = elements(where, shape)
  if (out === undefined) return allocate(where, shape, length)
  if (!(out instanceof Float32Array)) return wrongKind(where, 'out', `a Float32Array of length ${length}`, out)
  if (out.length !== length) return wrongValue(where, 'out.length', `${length}`, out.length)
  return out
}

/** `length` zeros; a RangeError in the one grammar when memory does not hold them. */
export function allocate(where: string, shape: Shape, length: number): Float32Array {
  try {
    return new Float32Array(length)
  } catch {
    throw new RangeError(`${where}: shape expected to fit in memory (${4 * length} bytes), got ${show(shape)}`)
  }
}
