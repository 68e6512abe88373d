import { show, wrongKind, wrongValue } from '../check'
import { crc32 } from './crc32'
import { malformed } from './format-error'
import { inflateRaw } from './inflate'
import { type NpyArray, readNpy, writeNpy } from './npy'
import { readZip, type ZipEntry } from './zip-reader'
import { writeZip } from './zip-writer'

/**
 * Reads the arrays of a .npz file (a zip archive of .npy files, stored or deflated) by name, without '.npy', in the archive's order.
 * Fresh arrays. Every CRC is checked; nothing is unpacked before the whole directory has been; see `readZip` for the caps.
 * @throws FormatError (the promise rejects) if the archive or any array in it is not as it must be
 */
export async function readNpz(bytes: Uint8Array, where = 'npz'): Promise<Map<string, NpyArray>> {
  if (!(bytes instanceof Uint8Array)) wrongKind('readNpz', 'bytes', 'a Uint8Array', bytes)
  const arrays = new Map<string, NpyArray>()
  for (const entry of readZip(bytes, where)) {
    if (!entry.name.endsWith('.npy')) malformed(where, 'file name', 'an ending in .npy', show(entry.name))
    const name = entry.name.slice(0, -'.npy'.length)
    if (arrays.has(name)) malformed(where, 'file names', 'each one once', `${show(entry.name)} twice`)
    arrays.set(name, readNpy(await unpack(bytes, entry, `${where}: ${entry.name}`), `${where}: ${entry.name}`))
  }
  return arrays
}

async function unpack(archive: Uint8Array, entry: ZipEntry, where: string): Promise<Uint8Array> {
  const packed = archive.subarray(entry.begin, entry.end)
  const bytes = entry.deflated ? await inflateRaw(packed, entry.size, where) : packed
  const crc = crc32(bytes)
  if (crc !== entry.crc) malformed(where, 'CRC-32', entry.crc.toString(16), crc.toString(16), 'the archive is damaged')
  return bytes
}

/**
 * The bytes of an uncompressed .npz file that numpy.load reads: the arrays in the given order, the same bytes for the same arrays.
 * @throws TypeError or RangeError if a name comes twice, a shape does not fit its data, or the archive would pass 4 GiB
 */
export function writeNpz(
  arrays: Iterable<readonly [name: string, array: { shape: readonly number[]; data: Float32Array | Float64Array }]>,
): Uint8Array<ArrayBuffer> {
  const files = new Map<string, Uint8Array>()
  for (const [name, { shape, data }] of arrays) {
    if (files.has(name)) wrongValue('writeNpz', 'names', 'each one once', name)
    files.set(name, writeNpy(shape, data))
  }
  return writeZip(
    Array.from(files, ([name, data]) => ({ name: `${name}.npy`, data })),
    'writeNpz',
  )
}
