/** A small matrix as text. */

const MOST_ROWS = 20
const SIGNIFICANT = 4
const GAP = '  '

/** The values in rows of shape[0], in columns that line up; undefined if they do not fit the terminal. */
export function matrixText(shape: readonly number[], values: Float32Array, columns: number): string | undefined {
  const rows = shape.length > 1 ? shape[0] : 1
  const perRow = values.length / rows
  if (rows > MOST_ROWS || perRow > columns) return undefined
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const decimals = largest === 0 ? 0 : Math.min(12, Math.max(0, SIGNIFICANT - 1 - Math.floor(Math.log10(largest))))
  const cells = Array.from(values, (value) => (value === 0 ? 0 : value).toFixed(decimals))
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0)
  if (perRow * (width + GAP.length) > columns) return undefined
  const lines = Array.from({ length: rows }, (_, row) =>
    cells
      .slice(row * perRow, (row + 1) * perRow)
      .map((cell) => GAP + cell.padStart(width))
      .join(''),
  )
  return lines.join('\n')
}
