import { show } from '../check'
import { type ByteSource, slice, stretches } from './byte-source'
import { crc32 } from './crc32'
import { malformed } from './format-error'
import { inflated } from './inflate'
import { npyFloats } from './npy'
import { readNpyHeader } from './npy-header'
import { FLOAT_BYTES, type FloatType, type WeightFile, widened } from './tensor-stream'
import { readZipDirectory, type ZipEntry } from './zip-reader'

/** The longest header that readNpyHeader reads, and its own start. */
const HEADER = 10_012

/**
 * The arrays of a .npz file, stored or deflated, their values read a part at a time; arrays that are not of floats are passed over.
 * The directory and every array's header are checked at once, an array's CRC when its last value has been read.
 * @throws FormatError (the promise rejects) if the archive or an array in it is not as it must be
 */
export async function streamNpz(source: ByteSource, where = 'npz'): Promise<WeightFile> {
  const file: WeightFile = { tensors: [], passedOver: [] }
  const names = new Set<string>()
  for (const entry of readZipDirectory(source, where)) {
    const at = `${where}: ${entry.name}`
    if (!entry.name.endsWith('.npy')) malformed(where, 'file name', 'an ending in .npy', show(entry.name))
    const name = entry.name.slice(0, -'.npy'.length)
    if (names.has(name)) malformed(where, 'file names', 'each one once', `${show(entry.name)} twice`)
    names.add(name)
    const { header, dataStart } = readNpyHeader(await start(source, entry, at), at)
    const { shape, descr } = header
    if (!/^[<>]?f/.test(descr)) {
      file.passedOver.push({ name, shape, why: `its dtype is ${show(descr)}` })
      continue
    }
    const { type, littleEndian } = npyFloats(header, entry.size - dataStart, at)
    const values = () => items(checked(source, entry, at), dataStart, type, littleEndian)
    file.tensors.push({ name, shape, type, values })
  }
  return file
}

function unpacked(
  source: ByteSource,
  entry: ZipEntry,
  where: string,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  const packed = slice(source, entry.begin, entry.end)
  return entry.deflated ? inflated(packed, entry.size, where) : stretches(packed)
}

/** The first bytes of an array, enough for its header. */
async function start(source: ByteSource, entry: ZipEntry, where: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(HEADER, entry.size))
  let length = 0
  for await (const part of unpacked(source, entry, where)) {
    bytes.set(part.subarray(0, bytes.length - length), length)
    length += Math.min(part.length, bytes.length - length)
    if (length === bytes.length) break
  }
  return bytes
}

/** All bytes of an array, its CRC checked at their end. */
async function* checked(source: ByteSource, entry: ZipEntry, where: string): AsyncGenerator<Uint8Array> {
  let crc = 0
  for await (const part of unpacked(source, entry, where)) {
    crc = crc32(part, crc)
    yield part
  }
  if (crc !== entry.crc) malformed(where, 'CRC-32', entry.crc.toString(16), crc.toString(16), 'the archive is damaged')
}

/** The floats behind the first `skip` bytes; parts may end within one. */
async function* items(
  parts: AsyncIterable<Uint8Array>,
  skip: number,
  type: FloatType,
  littleEndian: boolean,
): AsyncGenerator<Float32Array | Float64Array> {
  let left = skip
  let rest = new Uint8Array(0)
  for await (const part of parts) {
    const fresh = part.subarray(Math.min(left, part.length))
    left -= part.length - fresh.length
    const bytes = new Uint8Array(rest.length + fresh.length)
    bytes.set(rest)
    bytes.set(fresh, rest.length)
    const whole = bytes.length - (bytes.length % FLOAT_BYTES[type])
    rest = bytes.slice(whole)
    if (whole > 0) yield widened(bytes.subarray(0, whole), type, littleEndian)
  }
}
