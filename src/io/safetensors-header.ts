import { show, wrongKind } from '../check'
import { copyBytes } from './bytes'
import { duplicateKey } from './duplicate-keys'
import { malformed } from './format-error'
import { itemCount } from './shape'

/** Bytes per item of each dtype that is read. */
const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  C64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const

export type SafetensorsDtype = keyof typeof DTYPE_BYTES

/** Where a tensor lies: bytes [begin, end) counted from the start of the file, row-major, little-endian. */
export type SafetensorsEntry = { dtype: SafetensorsDtype; shape: number[]; begin: number; end: number }

/** What a header says: the tensors by name in the order of their bytes, the free metadata, and how long the whole file must be. */
export type SafetensorsHeader = {
  tensors: Map<string, SafetensorsEntry>
  metadata: Map<string, string>
  fileBytes: number
}

/** The reference implementation's limit. */
export const MAX_HEADER_BYTES = 100_000_000

/**
 * How many bytes of a .safetensors file `readSafetensorsHeader` needs, told by its first 8: 8 + the header's length.
 * @throws FormatError if there are fewer than 8 or the header would pass 100 MB
 */
export function safetensorsHeaderBytes(prefix: Uint8Array, where = 'safetensors'): number {
  if (!(prefix instanceof Uint8Array)) wrongKind('safetensorsHeaderBytes', 'prefix', 'a Uint8Array', prefix)
  if (prefix.length < 8) malformed(where, 'file', 'at least 8 bytes', `${prefix.length}`)
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES)
    malformed(where, 'header length', `at most ${MAX_HEADER_BYTES}`, `${length}`, 'is it a .safetensors file?')
  return 8 + Number(length)
}

/**
 * Reads and checks the header alone: `prefix` is the file's first `safetensorsHeaderBytes` bytes, or more.
 * The tensors' bytes neither overlap nor leave holes; whether the file has `fileBytes` bytes is for the caller to see.
 * @throws FormatError for all that the format forbids, duplicate names and unknown dtypes included
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensorsHeader(prefix: Uint8Array, where = 'safetensors'): SafetensorsHeader {
  const dataStart = safetensorsHeaderBytes(prefix, where)
  if (prefix.length < dataStart)
    malformed(where, 'header', `${dataStart - 8} bytes`, `${prefix.length - 8}`, 'the file is truncated')
  const fields = parseHeader(copyBytes(prefix, 8, dataStart), where)
  const metadata = readMetadata(fields.find(([name]) => name === '__metadata__')?.[1], where)
  const entries = fields
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => [name, readEntry(value, `${where}: tensor ${show(name)}`)] as const)
    .sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)

  let end = 0
  for (const [name, entry] of entries) {
    if (entry.begin !== end)
      malformed(
        where,
        `tensor ${show(name)} data_offsets`,
        `to begin at ${end}, without overlap or hole`,
        `${entry.begin}`,
      )
    end = entry.end
    entry.begin += dataStart
    entry.end += dataStart
  }
  return { tensors: new Map(entries), metadata, fileBytes: dataStart + end }
}

// Object.entries lists own keys only, and JSON.parse makes an own key even of __proto__
function parseHeader(bytes: Uint8Array<ArrayBuffer>, where: string): [string, unknown][] {
  let header: unknown
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    header = JSON.parse(text)
  } catch (cause) {
    malformed(where, 'header', 'JSON in UTF-8', show(cause instanceof Error ? cause.message : cause))
  }
  if (!text.startsWith('{') || !isRecord(header))
    malformed(where, 'header', 'a JSON object from its first byte on', show(text))
  const twice = duplicateKey(text)
  if (twice !== undefined) malformed(where, 'header', 'every key once', `${show(twice)} twice`)
  return Object.entries(header)
}

// Trap: `show` asks an object for its constructor's name and looks into nested arrays, and a stranger's JSON answers with anything
function showJson(value: unknown): string {
  if (!Array.isArray(value)) return isRecord(value) ? 'an object' : show(value)
  const short = value.length <= 8 && value.every((item) => typeof item === 'number')
  return short ? show(value) : `an array of length ${value.length}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readMetadata(value: unknown, where: string): Map<string, string> {
  if (value === undefined) return new Map()
  if (!isRecord(value)) malformed(where, '__metadata__', 'an object of strings', showJson(value))
  return new Map(
    Object.entries(value).map(([key, text]) => [
      key,
      typeof text === 'string' ? text : malformed(where, `__metadata__ ${show(key)}`, 'a string', showJson(text)),
    ]),
  )
}

function readEntry(value: unknown, where: string): SafetensorsEntry {
  if (!isRecord(value)) malformed(where, 'entry', 'an object', showJson(value))
  const { dtype, shape, data_offsets: offsets } = value
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype))
    malformed(where, 'dtype', `one of ${Object.keys(DTYPE_BYTES).join(', ')}`, showJson(dtype))
  if (!isSizes(shape)) malformed(where, 'shape', 'an array of integers in [0, 2^53)', showJson(shape))
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1])
    malformed(where, 'data_offsets', 'two integers in [0, 2^53), begin <= end', showJson(offsets))
  const [begin, end] = offsets
  const wanted = itemCount(shape) * DTYPE_BYTES[dtype as SafetensorsDtype]
  if (end - begin !== wanted)
    malformed(where, 'data_offsets', `${wanted} bytes for shape ${showJson(shape)} of ${dtype}`, `${end - begin}`)
  return { dtype: dtype as SafetensorsDtype, shape, begin, end }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && !Object.is(size, -0))
}
