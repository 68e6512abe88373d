/** A tensor of an ONNX model: what it is called, its shape, and where its values lie. */

import { type ByteSource, slice } from './byte-source'
import { malformed } from './format-error'
import { type Budget, type Field, fields, numbers, text } from './protobuf'
import { itemCount, MAX_RANK } from './shape'
import { FLOAT_BYTES, type FloatType, floats, type PassedOver, type TensorStream } from './tensor-stream'

/** TensorProto.DataType of onnx.proto. */
const FLOATS: Record<number, FloatType> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' }
const OTHERS = ['', '', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool']
/** Fields of TensorProto. */
const DIMS = 1
const DATA_TYPE = 2
const FLOAT_DATA = 4
const NAME = 8
const RAW_DATA = 9
const DOUBLE_DATA = 10
const EXTERNAL_DATA = 13
const DATA_LOCATION = 14

/** The tensor, or why it is passed over. `open` gives the file of values that lie outside the model. @throws FormatError */
export function onnxTensor(
  source: ByteSource,
  open: (path: string) => ByteSource,
  where: string,
  budget: Budget,
): { tensor: TensorStream } | { passedOver: PassedOver } {
  const all = [...fields(source, where, budget)]
  const last = (number: number) => all.findLast((field) => field.number === number)
  const name = text(last(NAME)?.bytes ?? slice(source, 0, 0), `${where}: name`)
  const here = `${where} '${name}'`
  const shape = all.filter(({ number }) => number === DIMS).flatMap((field) => numbers(field, `${here}: dims`))
  if (shape.length > MAX_RANK || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    malformed(here, 'dims', `at most ${MAX_RANK} integers >= 0`, `[${shape.slice(0, MAX_RANK).join(', ')}]`)
  const kind = last(DATA_TYPE)?.value ?? 0
  const type = FLOATS[kind]
  const passedOver = (why: string) => ({ passedOver: { name, shape, why } })
  if (type === undefined) return passedOver(`its data type is ${OTHERS[kind] || `number ${kind}`}`)
  const outside = last(DATA_LOCATION)?.value === 1
  const bytes = outside
    ? external(
        all.filter(({ number }) => number === EXTERNAL_DATA),
        open,
        here,
        budget,
      )
    : inside(type, last)
  if (bytes === null && itemCount(shape) > 0) return passedOver('its values are stored as integers')
  const wanted = itemCount(shape) * FLOAT_BYTES[type]
  if (bytes !== null && bytes.size !== wanted)
    malformed(here, 'values', `${wanted} bytes, as its shape [${shape.join(', ')}] says`, `${bytes.size}`)
  return { tensor: { name, shape, type, values: () => floats(bytes ?? slice(source, 0, 0), type) } }
}

/** The values of a constant of few numbers, as sizes, axes and factors are; undefined for any other. */
export function fewNumbers(source: ByteSource, where: string, budget: Budget): number[] | undefined {
  const all = [...fields(source, where, budget)]
  const last = (number: number) => all.findLast((field) => field.number === number)
  const shape = all.filter(({ number }) => number === DIMS).flatMap((field) => numbers(field, `${where}: dims`))
  const count = itemCount(shape)
  if (shape.some((size) => size < 0) || !(count <= MOST_FEW)) return undefined
  const type = FLOATS[last(DATA_TYPE)?.value ?? 0]
  const raw = last(RAW_DATA)?.bytes
  if (type !== undefined) {
    const bytes = inside(type, last)
    return bytes?.size === count * FLOAT_BYTES[type] ? [...floats(bytes, type)].flatMap((part) => [...part]) : undefined
  }
  if (last(DATA_TYPE)?.value !== INT64) return undefined
  if (raw === undefined) {
    const packed = all.filter(({ number }) => number === INT64_DATA)
    return packed.flatMap((field) => numbers(field, `${where}: int64_data`))
  }
  if (raw.size !== 8 * count) return undefined
  const bytes = raw.read(0, raw.size)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)))
}

/** Numbers of a constant that is read whole. */
const MOST_FEW = 64
/** int64 of onnx.proto, and the field of its values. */
const INT64 = 7
const INT64_DATA = 7

function inside(type: FloatType, last: (number: number) => Field | undefined): ByteSource | null {
  const typed = type === 'F32' ? last(FLOAT_DATA) : type === 'F64' ? last(DOUBLE_DATA) : undefined
  const field = last(RAW_DATA) ?? typed
  return field?.bytes ?? null
}

/** Entries location, and where they are given offset and length in bytes. */
function external(
  entries: readonly Field[],
  open: (path: string) => ByteSource,
  where: string,
  budget: Budget,
): ByteSource {
  const known = new Map(
    entries.map(({ bytes }) => {
      const [key, value] = [1, 2].map((wanted) => {
        const field = [...fields(bytes, where, budget)].find(({ number }) => number === wanted)
        return field ? text(field.bytes, where) : ''
      })
      return [key, value]
    }),
  )
  const location = known.get('location')
  if (!location) return malformed(where, 'external data', 'a location', 'none')
  const file = open(location)
  const count = (key: string, fallback: number) => {
    const given = known.get(key)
    if (given === undefined) return fallback
    return /^\d{1,15}$/.test(given)
      ? Number(given)
      : malformed(where, `external data ${key}`, 'a count of bytes', `'${given}'`)
  }
  const begin = count('offset', 0)
  const end = begin + count('length', file.size - begin)
  if (begin > end || end > file.size)
    malformed(where, 'external data', `at least ${end} bytes in '${location}'`, `${file.size}`, 'the file is truncated')
  return slice(file, begin, end)
}
