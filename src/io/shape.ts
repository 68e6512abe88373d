import { integer, wrongKind, wrongValue } from '../check'

/** NumPy's own limit, NPY_MAXDIMS. */
export const MAX_RANK = 64

/**
 * How many items a shape of integers >= 0 holds; 1 for the empty shape.
 * Beyond 2^53 the product is rounded but never small again (and 0 x Infinity is NaN), so comparing it with a real byte count is safe.
 */
export function itemCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1)
}

/**
 * Checks a shape handed to a writer: integers >= 0, at most MAX_RANK of them, whose product is `length`.
 * @throws TypeError or RangeError in the name of `where`
 */
export function checkShape(where: string, shape: readonly number[], length: number): void {
  if (!Array.isArray(shape)) wrongKind(where, 'shape', 'an array of integers >= 0', shape)
  if (shape.length > MAX_RANK) wrongValue(where, 'shape', `at most ${MAX_RANK} dimensions`, shape.length)
  shape.forEach((size, i) => {
    integer(where, `shape[${i}]`, size, 0)
  })
  if (itemCount(shape) !== length)
    wrongValue(where, 'shape', `sizes that multiply to data.length = ${length}`, [...shape])
}

/** As Python writes a tuple: (), (3,), (3, 4). */
export function shapeTuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}
