import { crc32 } from './crc32'
import { CENTRAL, END, LOCAL, MAX_ENTRIES, ZIP64 } from './zip-records'

/**
 * The bytes of a zip archive of stored files, in the given order, dated 1 January 1980: the same input gives the same bytes.
 * @throws RangeError if there are more than MAX_ENTRIES files or 4 GiB
 */
export function writeZip(files: readonly { name: string; data: Uint8Array }[], where: string): Uint8Array<ArrayBuffer> {
  const named = files.map(({ name, data }) => ({ name: new TextEncoder().encode(name), data }))
  const sum = (bytesOf: (file: (typeof named)[number]) => number) => named.reduce((total, f) => total + bytesOf(f), 0)
  const directory = sum(({ name, data }) => LOCAL.bytes + name.length + data.length)
  const end = directory + sum(({ name }) => CENTRAL.bytes + name.length)
  if (files.length > MAX_ENTRIES || end + END.bytes > ZIP64)
    throw new RangeError(
      `${where}: arrays expected at most ${MAX_ENTRIES} and 4 GiB, got ${files.length} and ${end} bytes`,
    )
  const bytes = new Uint8Array(end + END.bytes)
  const view = new DataView(bytes.buffer)
  let [local, central] = [0, directory]
  for (const { name, data } of named) {
    view.setUint32(local, LOCAL.signature, true)
    view.setUint32(central, CENTRAL.signature, true)
    view.setUint16(central + 4, 20, true)
    view.setUint32(central + 42, local, true)
    // both records hold, in this order: version 2.0, UTF-8 names, method, time and date, CRC, sizes, the name's length
    for (const at of [local + 4, central + 6]) {
      view.setUint16(at, 20, true)
      view.setUint16(at + 2, 0x0800, true)
      view.setUint16(at + 8, (1 << 5) | 1, true)
      view.setUint32(at + 10, crc32(data), true)
      view.setUint32(at + 14, data.length, true)
      view.setUint32(at + 18, data.length, true)
      view.setUint16(at + 22, name.length, true)
    }
    bytes.set(name, local + LOCAL.bytes)
    bytes.set(data, local + LOCAL.bytes + name.length)
    bytes.set(name, central + CENTRAL.bytes)
    local += LOCAL.bytes + name.length + data.length
    central += CENTRAL.bytes + name.length
  }
  view.setUint32(end, END.signature, true)
  view.setUint16(end + 8, files.length, true)
  view.setUint16(end + 10, files.length, true)
  view.setUint32(end + 12, end - directory, true)
  view.setUint32(end + 16, directory, true)
  return bytes
}
