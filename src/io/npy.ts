import { show, wrongKind } from '../check'
import { bytesOf, hostOrder } from './bytes'
import { malformed } from './format-error'
import { type NpyHeader, readNpyHeader } from './npy-header'
import { checkShape, itemCount, shapeTuple } from './shape'
import { type FloatType, widened } from './tensor-stream'

/** A dense array of floats: row-major (C order), data.length = the product of shape. */
export type NpyArray = { shape: number[]; data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> }

/**
 * Reads one array of floats from the bytes of a .npy file, versions 1.0 to 3.0, either byte order.
 * '<f4' gives a Float32Array, '<f8' a Float64Array, '<f2' a Float32Array of the same values; always a fresh copy.
 * `where` begins the error messages: a file's name, for example.
 * @throws FormatError for all that is not exactly one such array: other dtypes, Fortran order, too few or too many bytes
 */
export function readNpy(bytes: Uint8Array, where = 'npy'): NpyArray {
  if (!(bytes instanceof Uint8Array)) wrongKind('readNpy', 'bytes', 'a Uint8Array', bytes)
  const { header, dataStart } = readNpyHeader(bytes, where)
  const { type, littleEndian } = npyFloats(header, bytes.length - dataStart, where)
  return { shape: header.shape, data: widened(bytes.subarray(dataStart), type, littleEndian) }
}

/** The floats that a header declares, held against how many bytes there are. @throws FormatError for another dtype, order or length */
export function npyFloats(header: NpyHeader, found: number, where: string): { type: FloatType; littleEndian: boolean } {
  const [, order, size] = /^([<>])f([248])$/.exec(header.descr) ?? refuseDtype(header.descr, where)
  checkData(header, Number(size), found, where)
  return { type: `F${Number(size) * 8}` as FloatType, littleEndian: order === '<' }
}

function checkData(header: NpyHeader, itemBytes: number, found: number, where: string): void {
  if (header.fortranOrder) malformed(where, 'fortran_order', 'False', 'True', 'save with numpy.ascontiguousarray')
  const wanted = itemCount(header.shape) * itemBytes
  if (found !== wanted)
    malformed(
      where,
      'data',
      `${wanted} bytes for shape ${shapeTuple(header.shape)} of '${header.descr}'`,
      `${found}`,
      found < wanted ? 'the file is truncated' : 'there are bytes after the array',
    )
}

const INTEGER = /^(?:\|[iub]1|([<>])([iu])([248]))$/

/**
 * Reads one array of integers of any size and sign, or of booleans (0 and 1), as NumPy saves labels: a fresh Float64Array, exact up to 2^53.
 * undefined for a dtype that is none of these. `where` begins the error messages.
 * @throws FormatError for Fortran order, too few or too many bytes
 */
export function readNpyIntegers(bytes: Uint8Array, where: string): NpyArray | undefined {
  const { header, dataStart } = readNpyHeader(bytes, where)
  const match = INTEGER.exec(header.descr)
  if (match === null) return undefined
  const [, order, sign = header.descr[1] === 'i' ? 'i' : 'u', size = '1'] = match
  checkData(header, Number(size), bytes.length - dataStart, where)
  const data = new Float64Array(itemCount(header.shape))
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, bytes.length - dataStart)
  const little = order === '<'
  const get = GETTERS[`${sign}${size}`]
  for (let i = 0; i < data.length; i++) data[i] = Number(get(view, i * Number(size), little))
  return { shape: header.shape, data }
}

const GETTERS: Record<string, (view: DataView, at: number, little: boolean) => number | bigint> = {
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
}

const KINDS: Record<string, string> = {
  O: 'Python objects',
  i: 'integers',
  u: 'integers',
  b: 'booleans or integers',
  c: 'complex numbers',
  S: 'bytes',
  U: 'text',
  V: 'raw records',
  M: 'dates',
  m: 'time spans',
  '[': 'a structured array',
}

function refuseDtype(descr: string, where: string): never {
  const kind = KINDS[descr.replace(/^[<>|=]/, '')[0]]
  const remedy = `save with ${kind === 'complex numbers' ? 'array.real' : 'array'}.astype(numpy.float32)`
  malformed(where, 'descr', "'<f2', '<f4' or '<f8'", `${show(descr)}${kind === undefined ? '' : ` (${kind})`}`, remedy)
}

/** Digits that NumPy leaves room for in the first dimension, so that a file can grow in place. */
const GROWTH_DIGITS = 21

/**
 * The bytes of a .npy file, version 1.0, C order, '<f4' or '<f8': byte for byte what NumPy's own `save` writes.
 * @throws TypeError if shape is not an array or data neither a Float32Array nor a Float64Array
 * @throws RangeError if a size is not an integer >= 0 or the sizes do not multiply to data.length
 */
export function writeNpy(shape: readonly number[], data: Float32Array | Float64Array): Uint8Array<ArrayBuffer> {
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    wrongKind('writeNpy', 'data', 'a Float32Array or a Float64Array', data)
  checkShape('writeNpy', shape, data.length)
  let header = `{'descr': '<f${data.BYTES_PER_ELEMENT}', 'fortran_order': False, 'shape': ${shapeTuple(shape)}, }`
  if (shape.length > 0) header += ' '.repeat(GROWTH_DIGITS - String(shape[0]).length)
  // magic, version, length and header fill whole 64-byte lines; NumPy pads a full line where none is needed
  const unpadded = 10 + header.length + 1
  header = `${header}${' '.repeat(64 - (unpadded % 64))}\n`

  const bytes = new Uint8Array(10 + header.length + data.byteLength)
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8])
  bytes.set(new TextEncoder().encode(header), 10)
  bytes.set(bytesOf(data), 10 + header.length)
  hostOrder(bytes.subarray(10 + header.length), data.BYTES_PER_ELEMENT, true)
  return bytes
}
