import { oneOf, show, wrongKind, wrongValue } from '../check'
import { bytesOf, copyBytes, hostOrder } from './bytes'
import { malformed } from './format-error'
import { MAX_HEADER_BYTES, readSafetensorsHeader, type SafetensorsDtype } from './safetensors-header'
import { checkShape } from './shape'

/** A tensor's values: a typed array of its own width, 16-bit floats as their bits, 8-bit ones and truth values as bytes, C64 as re, im pairs. */
export type TensorData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>

/** A dense tensor read from a file: row-major. */
export type Tensor = { dtype: SafetensorsDtype; shape: number[]; data: TensorData }

const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  F8_E4M3: Uint8Array,
  F8_E5M2: Uint8Array,
  F8_E8M0: Uint8Array,
  C64: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const

/** The values of one tensor from its own little-endian bytes; a fresh copy. */
function decodeTensor(dtype: SafetensorsDtype, bytes: Uint8Array): TensorData {
  const Values = ARRAYS[dtype]
  return new Values(hostOrder(copyBytes(bytes), Values.BYTES_PER_ELEMENT, true).buffer)
}

/**
 * Reads all tensors of a .safetensors file, by name in the order of their bytes, and its metadata; fresh copies.
 * @throws FormatError for all that the format forbids, and if the file is longer or shorter than its header says
 */
export function readSafetensors(
  bytes: Uint8Array,
  where = 'safetensors',
): { tensors: Map<string, Tensor>; metadata: Map<string, string> } {
  if (!(bytes instanceof Uint8Array)) wrongKind('readSafetensors', 'bytes', 'a Uint8Array', bytes)
  const { tensors, metadata, fileBytes } = readSafetensorsHeader(bytes, where)
  if (bytes.length !== fileBytes) {
    const remedy = bytes.length < fileBytes ? 'the file is truncated' : 'there are bytes after the last tensor'
    malformed(where, 'file', `${fileBytes} bytes, as its header says`, `${bytes.length}`, remedy)
  }
  const read = Array.from(tensors, ([name, { dtype, shape, begin, end }]): [string, Tensor] => [
    name,
    { dtype, shape, data: decodeTensor(dtype, bytes.subarray(begin, end)) },
  ])
  return { tensors: new Map(read), metadata }
}

/** A tensor to be written; F16 and BF16 as their bits. */
export type TensorToWrite = { name: string; shape: readonly number[] } & (
  | { dtype: 'F32'; data: Float32Array }
  | { dtype: 'F64'; data: Float64Array }
  | { dtype: 'F16' | 'BF16'; data: Uint16Array }
)

// the reference implementation's order, widest first, so that every tensor is aligned in the file
const WRITTEN = ['F64', 'F32', 'BF16', 'F16'] as const

/**
 * The bytes of a .safetensors file: what the `safetensors` package writes for the same tensors, by dtype (F64, F32, BF16, F16), then by name.
 * @throws TypeError or RangeError for a name that comes twice, is '__metadata__' or no Unicode, or data that do not fit dtype and shape
 */
export function writeSafetensors(
  tensors: Iterable<TensorToWrite>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const sorted = checkTensors(tensors)
  const head = safetensorsHead(
    sorted.map(({ name, dtype, shape, data }) => ({ name, dtype, shape, bytes: data.byteLength })),
    checkMetadata(metadata),
  )
  const length = sorted.reduce((sum, { data }) => sum + data.byteLength, head.length)
  const bytes = new Uint8Array(length)
  bytes.set(head)
  let at = head.length
  for (const { data } of sorted) {
    bytes.set(bytesOf(data), at)
    hostOrder(bytes.subarray(at, at + data.byteLength), data.BYTES_PER_ELEMENT, true)
    at += data.byteLength
  }
  return bytes
}

/** Where a tensor will lie: its bytes follow those of the one before. */
export interface TensorPlace {
  name: string
  dtype: SafetensorsDtype
  shape: readonly number[]
  bytes: number
}

/** The first bytes of a .safetensors file, up to the first tensor's: the header's length, the header, and spaces to a multiple of 8. */
export function safetensorsHead(
  places: readonly TensorPlace[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  // joined by hand: an object would put names such as '10' first and __proto__ nowhere
  const fields = []
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${JSON.stringify(metadata)}`)
  let end = 0
  for (const { name, dtype, shape, bytes } of places) {
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [end, end + bytes] })}`)
    end += bytes
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`)
  const dataStart = 8 + Math.ceil(header.length / 8) * 8
  if (dataStart > MAX_HEADER_BYTES)
    wrongValue('writeSafetensors', 'tensors', `names and shapes of at most ${MAX_HEADER_BYTES} bytes`, header.length)
  const head = new Uint8Array(dataStart).fill(0x20)
  new DataView(head.buffer).setBigUint64(0, BigInt(dataStart - 8), true)
  head.set(header, 8)
  return head
}

function checkTensors(tensors: Iterable<TensorToWrite>): TensorToWrite[] {
  const names = new Set(['__metadata__'])
  const checked = Array.from(tensors, (tensor) => {
    const { name, dtype, shape, data } = tensor
    checkText('name', name)
    if (names.has(name)) wrongValue('writeSafetensors', 'names', "each one once and none '__metadata__'", name)
    names.add(name)
    const where = `writeSafetensors: tensor ${show(name)}`
    oneOf(where, 'dtype', dtype, WRITTEN)
    if (!(data instanceof ARRAYS[dtype])) wrongKind(where, 'data', `a ${ARRAYS[dtype].name} for ${dtype}`, data)
    checkShape(where, shape, data.length)
    return tensor
  })
  const rank = ({ dtype }: TensorToWrite) => WRITTEN.indexOf(dtype)
  return checked.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

function checkMetadata(metadata: ReadonlyMap<string, string>): Record<string, string> {
  for (const [key, value] of metadata) {
    checkText('metadata key', key)
    checkText(`metadata ${show(key)}`, value)
  }
  return Object.fromEntries(metadata)
}

// a lone surrogate has no UTF-8, and other readers refuse its escape
function checkText(argument: string, text: unknown): void {
  if (typeof text !== 'string') wrongKind('writeSafetensors', argument, 'a string', text)
  if (/\p{Surrogate}/u.test(text)) wrongValue('writeSafetensors', argument, 'well-formed Unicode', text)
}
