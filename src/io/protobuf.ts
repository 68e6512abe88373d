/** The wire format of protocol buffers, a message read field by field from where it lies: what is not wanted is stepped over unread. */

import { type ByteSource, slice } from './byte-source'
import { malformed } from './format-error'

/** One field of a message: a number of wire type 0, or a stretch of bytes; of fixed size for 1 and 5, of any for 2. */
export interface Field {
  number: number
  wire: 0 | 1 | 2 | 5
  /** Of wire type 0, as an int64; beyond 2^53 either way Infinity. */
  value: number
  /** What the field holds, of any other. */
  bytes: ByteSource
}

/** Bytes read at once to find the fields. */
const WINDOW = 4096
const FIXED: Record<number, number> = { 1: 8, 5: 4 }

/** Fields that may yet be read of a file: a stranger's may have no end of them. */
export interface Budget {
  left: number
}

/** @see https://protobuf.dev/programming-guides/encoding @throws FormatError for what is no message, or ends too early */
export function* fields(source: ByteSource, where: string, budget: Budget): Generator<Field> {
  const byteAt = windowed(source)
  let at = 0
  const varint = (what: string): number[] => {
    const digits: number[] = []
    while (digits.length < 10) {
      if (at >= source.size) malformed(where, what, 'a number', 'the end of the message', 'the file is truncated')
      const byte = byteAt(at++)
      digits.push(byte & 127)
      if (byte < 128) return digits
    }
    return malformed(where, what, 'a number of at most 10 bytes', 'a longer one')
  }
  while (at < source.size) {
    if (budget.left-- === 0) malformed(where, 'content', 'fewer fields', 'more than a model has')
    const key = unsigned(varint('field'))
    const [number, wire] = [Math.floor(key / 8), key % 8]
    if (number < 1 || number >= 2 ** 29 || ![0, 1, 2, 5].includes(wire))
      malformed(where, 'field', 'a number and a type of the wire format', `number ${number} of type ${wire}`)
    const value = wire === 0 ? signed(varint(`field ${number}`)) : 0
    const size = wire === 2 ? unsigned(varint(`field ${number}`)) : (FIXED[wire] ?? 0)
    if (size > source.size - at)
      malformed(where, `field ${number}`, `${size} bytes`, `${source.size - at}`, 'the file is truncated')
    yield { number, wire: wire as Field['wire'], value, bytes: slice(source, at, at + size) }
    at += size
  }
}

/** The number of digits to the base 128, the lowest first; Infinity beyond 2^53. */
function unsigned(digits: readonly number[]): number {
  const value = digits.reduceRight((sum, digit) => sum * 128 + digit, 0)
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY
}

/** The same as an int64: ten digits of which the last is 1 are those of a negative one, -1 - the rest turned over. */
function signed(digits: readonly number[]): number {
  if (digits.length < 10 || digits[9] !== 1) return unsigned(digits)
  const below = unsigned(digits.slice(0, 9).map((digit) => 127 - digit))
  return below < Number.MAX_SAFE_INTEGER ? -1 - below : Number.POSITIVE_INFINITY
}

function windowed(source: ByteSource): (at: number) => number {
  let [begin, window] = [0, new Uint8Array(0)]
  return (at) => {
    if (at < begin || at >= begin + window.length) {
      begin = at
      // a source may use its bytes again
      window = source.read(at, Math.min(source.size, at + WINDOW)).slice()
    }
    return window[at - begin]
  }
}

/** The bytes as UTF-8. @throws FormatError if they are not, or more than a name has */
export function text(bytes: ByteSource, where: string): string {
  if (bytes.size > MOST_TEXT) malformed(where, 'text', `at most ${MOST_TEXT} bytes`, `${bytes.size}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.read(0, bytes.size))
  } catch {
    return malformed(where, 'text', 'UTF-8', 'other bytes')
  }
}

const MOST_TEXT = 1 << 16

/** The numbers of a repeated field, packed or one by one. */
export function numbers({ wire, value, bytes }: Field, where: string): number[] {
  if (wire === 0) return [value]
  // a packed list is a row of varints: read as the values of a message of one field
  const found: number[] = []
  const digits: number[] = []
  for (const byte of bytes.read(0, Math.min(bytes.size, MOST_TEXT))) {
    digits.push(byte & 127)
    if (digits.length > 10) malformed(where, 'list', 'numbers of at most 10 bytes', 'a longer one')
    if (byte >= 128) continue
    found.push(signed(digits))
    digits.length = 0
  }
  if (digits.length > 0 || bytes.size > MOST_TEXT)
    malformed(where, 'list', 'whole numbers, few of them', `${bytes.size} bytes`)
  return found
}
