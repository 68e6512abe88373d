import { show } from '../check'
import { malformed } from './format-error'
import { MAX_RANK } from './shape'

/** The three fields of a .npy header. */
export type NpyHeader = { descr: string; fortranOrder: boolean; shape: number[] }

// the default max_header_size of numpy.load
const MAX_HEADER_BYTES = 10_000
const MAGIC = '\x93NUMPY'

/**
 * Reads magic, version (1.0, 2.0 or 3.0), header length and the Python dict literal.
 * Returns the fields, unjudged but for their form, and where the data begin.
 * @throws FormatError if any of it is missing or malformed
 * @see NEP 1, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(bytes: Uint8Array, where: string): { header: NpyHeader; dataStart: number } {
  if (latin1(bytes.subarray(0, 6)) !== MAGIC)
    malformed(where, 'first bytes', "the magic '\\x93NUMPY'", show(latin1(bytes.subarray(0, 6))), 'is it a .npy file?')
  const [major, minor] = [bytes[6], bytes[7]]
  if (!(major >= 1 && major <= 3 && minor === 0))
    malformed(where, 'version', '1.0, 2.0 or 3.0', bytes.length < 8 ? 'the end of the file' : `${major}.${minor}`)
  const textStart = major === 1 ? 10 : 12
  if (bytes.length < textStart)
    malformed(where, 'header length', `${textStart - 8} bytes`, `${bytes.length - 8}; the file is truncated`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > MAX_HEADER_BYTES)
    malformed(
      where,
      'header length',
      `at most ${MAX_HEADER_BYTES}`,
      `${length}`,
      'save a plain array, not a structured one',
    )
  const dataStart = textStart + length
  if (bytes.length < dataStart)
    malformed(where, 'header', `${length} bytes`, `${bytes.length - textStart}; the file is truncated`)
  return { header: parseHeader(latin1(bytes.subarray(textStart, dataStart)), where), dataStart }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

// one `'key': value` of the dict: a string, a truth value, a tuple, or the list of a structured dtype
const FIELD = /\s*(['"])(\w*)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([^()]*\)|\[.*\])\s*(?:,|(?=\}))/y
const KEYS = ['descr', 'fortran_order', 'shape']

function parseHeader(text: string, where: string): NpyHeader {
  const fields = new Map<string, string>()
  FIELD.lastIndex = text.startsWith('{') ? 1 : text.length
  let end = FIELD.lastIndex
  for (let match = FIELD.exec(text); match !== null; match = FIELD.exec(text)) {
    if (!KEYS.includes(match[2]) || fields.has(match[2]))
      malformed(
        where,
        'header',
        `each of ${KEYS.join(', ')} once`,
        `${show(match[2])}${fields.has(match[2]) ? ' twice' : ''}`,
      )
    fields.set(match[2], match[3])
    end = FIELD.lastIndex
  }
  if (!/^\s*\}\s*$/.test(text.slice(end)))
    malformed(
      where,
      'header',
      "a dict such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }",
      show(text.trim()),
    )
  const [descr, fortranOrder, shape] = KEYS.map(
    (key) => fields.get(key) ?? malformed(where, 'header', `each of ${KEYS.join(', ')} once`, `none of ${show(key)}`),
  )
  if (fortranOrder !== 'True' && fortranOrder !== 'False')
    malformed(where, 'fortran_order', 'True or False', fortranOrder)
  return {
    descr: /^['"]/.test(descr) ? descr.slice(1, -1) : descr,
    fortranOrder: fortranOrder === 'True',
    shape: parseShape(shape, where),
  }
}

// Python's tuples: (), (3,), (3, 4) and (3, 4,); Python 2 wrote (3L, 4L)
function parseShape(text: string, where: string): number[] {
  const items = text.slice(1, -1).split(',')
  if (items.at(-1)!.trim() === '') items.pop()
  else if (items.length === 1) malformed(where, 'shape', 'a tuple such as (3,)', text)
  if (!text.startsWith('(') || !items.every((item) => /^\s*-?\d+L?\s*$/.test(item)))
    malformed(where, 'shape', 'a tuple of integers such as (3, 4)', text)
  if (items.length > MAX_RANK) malformed(where, 'shape', `at most ${MAX_RANK} dimensions`, `${items.length}`)
  return items.map((item, i) => {
    const size = Number.parseInt(item, 10)
    if (item.includes('-') || !Number.isSafeInteger(size))
      malformed(where, `shape[${i}]`, 'an integer in [0, 2^53)', item.trim().slice(0, 40))
    return size
  })
}
