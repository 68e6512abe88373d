import { malformed } from './format-error'

/**
 * The first value, in row-major order, that is not a finite number in float32's range, or undefined if there is none.
 * Row and column count from 0. The engine computes in f32, where 1e39 is infinite.
 */
export function firstNonFinite(
  data: ArrayLike<number>,
  columns: number,
): { row: number; column: number; value: number } | undefined {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(Math.fround(data[i])))
      return { row: Math.floor(i / columns), column: i % columns, value: data[i] }
  return undefined
}

/**
 * Refuses a user's batch (rows = samples, row-major) that holds NaN, an infinity or a number beyond f32, by row and column.
 * @throws FormatError naming the first such value, its row and column counted from 1, and the column's name where there is a header
 */
export function requireFinite(
  where: string,
  data: ArrayLike<number>,
  columns: number,
  header?: readonly string[] | null,
): void {
  const found = firstNonFinite(data, columns)
  if (found === undefined) return
  const name = header ? ` ('${header[found.column]}')` : ''
  malformed(
    where,
    `row ${found.row + 1}, column ${found.column + 1}${name}`,
    "a finite number in float32's range",
    `${found.value}`,
    'rows and columns count from 1',
  )
}
