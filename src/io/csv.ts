import { show, wrongKind } from '../check'
import { formatFloat32, formatFloat64 } from './decimal'
import { malformed } from './format-error'
import { checkShape } from './shape'

/** A table of numbers, row-major: data[row * columns + column]; `header` has one name per column, or is null. */
export type CsvTable = { rows: number; columns: number; data: Float64Array<ArrayBuffer>; header: string[] | null }

// tried in this order on the first line
const SEPARATORS = ['\t', ';', ',']
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NOT_FINITE: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
}

/**
 * Reads a table of numbers, rows = samples. The separator is a tab, else a semicolon, else a comma, whichever the first line has;
 * a first line without any number is the header. Cells may be quoted and padded; nan and inf are numbers (see `requireFinite`).
 * Line ends LF, CRLF or CR; a byte order mark and empty lines at the end count for nothing.
 * @throws FormatError for an empty table, a ragged row, or a cell that is not a number, by row and column counted from 1
 */
export function readCsv(text: string, where = 'csv'): CsvTable {
  if (typeof text !== 'string') wrongKind('readCsv', 'text', 'a string', text)
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop()
  if (lines.length === 0) malformed(where, 'table', 'at least one row of numbers', 'an empty file')

  const unquoted = lines[0].replace(/"[^"]*"/g, '')
  const separator = SEPARATORS.find((candidate) => unquoted.includes(candidate)) ?? ','
  const first = splitLine(lines[0], separator, `${where}: line 1`)
  const header =
    first.every((cell) => parseNumber(cell) === undefined) && first.some((cell) => cell !== '') ? first : null
  const skipped = header === null ? 0 : 1
  const [rows, columns] = [lines.length - skipped, first.length]
  if (rows === 0) malformed(where, 'table', 'at least one row of numbers', `only ${show(lines[0])}`)

  // a cell takes a character at least: where the product is more, a row is ragged and the loop will say which
  const data = new Float64Array(Math.min(rows * columns, text.length))
  for (let row = 0; row < rows; row++) {
    const line = row + skipped
    const cells = splitLine(lines[line], separator, `${where}: line ${line + 1}`)
    const what = `row ${row + 1} (line ${line + 1})`
    if (cells.length !== columns) malformed(where, what, `${columns} cells, as in line 1`, `${cells.length}`)
    for (let column = 0; column < columns; column++)
      data[row * columns + column] =
        parseNumber(cells[column]) ?? refuseCell(cells[column], `${what}, column ${column + 1}`, where, header, column)
  }
  return { rows, columns, data, header }
}

function refuseCell(cell: string, what: string, where: string, header: string[] | null, column: number): never {
  const remedy = /^[+-]?\d+,\d+$/.test(cell)
    ? 'write decimal points'
    : /^\S+\s+\S/.test(cell)
      ? 'separate cells with a comma, a semicolon or a tab'
      : header === null && what.startsWith('row 1 ')
        ? 'a header line has no numbers'
        : undefined
  malformed(where, `${what}${header ? ` (${show(header[column])})` : ''}`, 'a number', show(cell), remedy)
}

// undefined if the cell is not a number; one beyond f64 is infinite, as everywhere
function parseNumber(cell: string): number | undefined {
  if (NUMBER.test(cell)) return Number(cell)
  const [, sign, word] = /^([+-]?)([a-z]{3,8})$/i.exec(cell) ?? ['', '', '']
  const value = Object.hasOwn(NOT_FINITE, word.toLowerCase()) ? NOT_FINITE[word.toLowerCase()] : undefined
  return value !== undefined && sign === '-' ? -value : value
}

// cells without padding and quotes; a quoted cell ends on its own line (RFC 4180 doubles the quotes within)
function splitLine(line: string, separator: string, where: string): string[] {
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim())
  const cells: string[] = []
  for (let at = 0; at <= line.length; ) {
    const closed = closingQuote(line, at)
    const next = line.indexOf(separator, closed + 1)
    const end = next < 0 ? line.length : next
    const cell = line.slice(at, end).trim()
    if (closed < at ? cell.includes('"') : line.slice(closed + 1, end).trim() !== '')
      malformed(where, `cell ${cells.length + 1}`, 'no quotes, or quotes around all of it', show(cell))
    cells.push(closed < at ? cell : cell.slice(1, -1).replaceAll('""', '"').trim())
    at = end + 1
  }
  return cells
}

// the index of the quote that ends the cell at `at`, or at - 1 if the cell is not a quoted one
function closingQuote(line: string, at: number): number {
  const open = line.indexOf('"', at)
  if (open < 0 || line.slice(at, open).trim() !== '') return at - 1
  let close = line.indexOf('"', open + 1)
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2)
  return close < 0 ? at - 1 : close
}

/**
 * The text of a table: one line per index of shape[0], all other axes side by side, commas, LF at each end; a shape of rank 0 is one cell, no values are no text.
 * Every number is the shortest decimal that reads back as the same f32 (of a Float32Array) or f64.
 * @throws TypeError if data is neither a Float32Array nor a Float64Array; TypeError or RangeError if shape does not fit it
 */
export function writeCsv(shape: readonly number[], data: Float32Array | Float64Array): string {
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    wrongKind('writeCsv', 'data', 'a Float32Array or a Float64Array', data)
  checkShape('writeCsv', shape, data.length)
  const format = data instanceof Float32Array ? formatFloat32 : formatFloat64
  const rows = data.length === 0 ? 0 : (shape[0] ?? 1)
  const columns = data.length / rows
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(data.subarray(row * columns, (row + 1) * columns), format).join(','),
  )
  return lines.map((line) => `${line}\n`).join('')
}
