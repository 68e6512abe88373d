import { show } from '../check'
import { type ByteSource, inMemory } from './byte-source'
import { copyBytes } from './bytes'
import { malformed } from './format-error'
import { CENTRAL, END, LOCAL, MAX_ENTRIES, ZIP64 } from './zip-records'

/** One file of a zip archive, as the archive declares it; its packed bytes are [begin, end) of the archive. */
export type ZipEntry = { name: string; deflated: boolean; crc: number; size: number; begin: number; end: number }

const ENCRYPTED_OR_UNKNOWN = ~0x080e // all flags but the deflate levels (1, 2), sizes that follow (3) and UTF-8 names (11)
const SIZES_FOLLOW = 8
const STORED = 0
const DEFLATED = 8

// what deflate can reach: 258 bytes from 2 bits
const MAX_RATIO = 1032
// in all, an archive may hold 256 MiB, or 100 times its own size where that is more
const FREE_BYTES = 2 ** 28
const MAX_TOTAL_RATIO = 100

/**
 * Reads the directory of a zip archive and checks it against each file's own header, before a byte is inflated; the files in the order of their bytes.
 * Accepted: stored and deflated files, sizes before or after the data, no comment, no prefix, less than 4 GiB.
 * Refused: encryption, overlapping files, more than MAX_ENTRIES files, sizes beyond the caps above.
 * @throws FormatError
 * @see PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4
 */
export function readZip(bytes: Uint8Array, where: string): ZipEntry[] {
  return readZipDirectory(inMemory(bytes), where)
}

/** readZip of an archive that need not be in memory. */
export function readZipDirectory(source: ByteSource, where: string): ZipEntry[] {
  const { count, start, end } = readEnd(source, where)
  const records: Central[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    records.push(readCentral(source, at, end, `${where}: file ${i + 1} of ${count}`))
    at = records[i].next
  }
  if (at !== end) malformed(where, 'directory', `to end at byte ${end}`, `${at}`, 'the archive is damaged')

  const total = records.reduce((sum, file) => sum + file.size, 0)
  const cap = Math.max(FREE_BYTES, MAX_TOTAL_RATIO * source.size)
  if (total > cap) malformed(where, 'unpacked size', `at most ${cap} bytes`, `${total}`, 'is it a zip bomb?')

  let free = 0
  return records
    .sort((a, b) => a.offset - b.offset)
    .map((file) => {
      const what = `file ${show(file.name)}`
      if (file.offset < free) malformed(where, what, `a place of its own from byte ${free}`, `byte ${file.offset}`)
      const { begin, end } = locateData(source, file, start, where)
      free = end
      return { name: file.name, deflated: file.method === DEFLATED, crc: file.crc, size: file.size, begin, end }
    })
}

function copied(source: ByteSource, begin: number, end: number): DataView {
  return new DataView(copyBytes(source.read(begin, end)).buffer)
}

// the end record must be the last 22 bytes, and the directory must end where it begins
function readEnd(source: ByteSource, where: string): { count: number; start: number; end: number } {
  const end = source.size - END.bytes
  const view = end < 0 ? undefined : copied(source, end, source.size)
  if (view === undefined || view.getUint32(0, true) !== END.signature)
    return malformed(
      where,
      'last 22 bytes',
      'the end record of a zip archive without comment',
      'none',
      'is it a whole .npz file?',
    )
  const count = view.getUint16(10, true)
  const size = view.getUint32(12, true)
  const start = view.getUint32(16, true)
  if (count > MAX_ENTRIES) malformed(where, 'archive', `at most ${MAX_ENTRIES} files`, `${count}`)
  if (start === ZIP64 || size === ZIP64) malformed(where, 'archive', 'less than 4 GiB', 'a zip64 directory', 'split it')
  const parts = [view.getUint16(4, true), view.getUint16(6, true), view.getUint16(8, true) - count]
  if (parts.some((part) => part !== 0)) malformed(where, 'archive', 'a single part', 'a part of several')
  if (view.getUint16(20, true) !== 0) malformed(where, 'end record', 'no comment', 'a comment')
  if (start + size !== end)
    malformed(where, 'directory', `to end at byte ${end}`, `${start + size}`, 'the archive is damaged')
  return { count, start, end }
}

type Central = {
  name: string
  flags: number
  method: number
  crc: number
  packedSize: number
  size: number
  offset: number
  next: number
}

function readCentral(source: ByteSource, at: number, end: number, where: string): Central {
  const view = at + CENTRAL.bytes > end ? undefined : copied(source, at, at + CENTRAL.bytes)
  if (view === undefined || view.getUint32(0, true) !== CENTRAL.signature)
    return malformed(where, 'directory', `a record at byte ${at}`, 'none', 'the archive is damaged')
  const flags = view.getUint16(8, true)
  const method = view.getUint16(10, true)
  const packedSize = view.getUint32(20, true)
  const size = view.getUint32(24, true)
  const offset = view.getUint32(42, true)
  const nameEnd = at + CENTRAL.bytes + view.getUint16(28, true)
  const next = nameEnd + view.getUint16(30, true) + view.getUint16(32, true)
  if (next > end) malformed(where, 'directory', `records up to byte ${end}`, `${next}`, 'the archive is damaged')
  if (flags & ENCRYPTED_OR_UNKNOWN) malformed(where, 'flags', 'no encryption', `0x${flags.toString(16)}`)
  if (method !== STORED && method !== DEFLATED)
    malformed(
      where,
      'method',
      'stored (0) or deflated (8)',
      `${method}`,
      'save with numpy.savez or numpy.savez_compressed',
    )
  if (packedSize === ZIP64 || size === ZIP64 || offset === ZIP64)
    malformed(where, 'size', 'less than 4 GiB', 'a zip64 record', 'save each array to a .npy file')
  if (method === STORED && size !== packedSize) malformed(where, 'size', `${packedSize}, as stored`, `${size}`)
  if (size > MAX_RATIO * packedSize)
    malformed(
      where,
      'size',
      `at most ${MAX_RATIO} times its ${packedSize} packed bytes`,
      `${size}`,
      'is it a zip bomb?',
    )
  const name = decodeName(source.read(at + CENTRAL.bytes, nameEnd), where)
  const crc = view.getUint32(16, true)
  return { name, flags, method, crc, packedSize, size, offset, next }
}

function decodeName(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
  } catch {
    return malformed(where, 'name', 'UTF-8', 'other bytes')
  }
}

// where the packed bytes are, once the file's own header is seen to say what the directory says
function locateData(
  source: ByteSource,
  file: Central,
  directory: number,
  where: string,
): { begin: number; end: number } {
  const what = `file ${show(file.name)}`
  const at = file.offset
  const view = at + LOCAL.bytes > directory ? undefined : copied(source, at, at + LOCAL.bytes)
  if (view === undefined || view.getUint32(0, true) !== LOCAL.signature)
    return malformed(where, what, `a header at byte ${at}`, 'none', 'the archive is damaged')
  const nameEnd = at + LOCAL.bytes + view.getUint16(26, true)
  const begin = nameEnd + view.getUint16(28, true)
  const end = begin + file.packedSize
  if (end > directory) malformed(where, what, `data before byte ${directory}`, `byte ${end}`, 'the archive is damaged')
  const [size, packedSize] = localSizes(view, copied(source, nameEnd, begin))
  const agrees = (own: number, wanted: number) => own === wanted || (own === 0 && (file.flags & SIZES_FOLLOW) !== 0)
  if (
    view.getUint16(6, true) !== file.flags ||
    view.getUint16(8, true) !== file.method ||
    decodeName(source.read(at + LOCAL.bytes, nameEnd), `${where}: ${what}`) !== file.name ||
    !agrees(view.getUint32(14, true), file.crc) ||
    !agrees(packedSize, file.packedSize) ||
    !agrees(size, file.size)
  )
    malformed(where, what, 'a header equal to its directory record', 'another', 'the archive is damaged')
  return { begin, end }
}

// NumPy always keeps the sizes in a zip64 field (id 1: size, then packed size) of the local header
function localSizes(view: DataView, extra: DataView): [number, number] {
  const sizes: [number, number] = [view.getUint32(22, true), view.getUint32(18, true)]
  if (sizes[0] !== ZIP64 || sizes[1] !== ZIP64) return sizes
  for (let field = 0; field + 20 <= extra.byteLength; field += 4 + extra.getUint16(field + 2, true))
    if (extra.getUint16(field, true) === 1 && extra.getUint16(field + 2, true) >= 16)
      return [Number(extra.getBigUint64(field + 4, true)), Number(extra.getBigUint64(field + 12, true))]
  return sizes
}
