import { show } from '../check'
import { copyBytes } from './bytes'
import { malformed } from './format-error'

/**
 * Inflates raw deflate data to exactly `size` bytes, never holding more; a fresh array.
 * Trap: Node 20 does not notice bytes after the last deflate block, newer engines do; what comes out is the same.
 * @throws FormatError if the data are damaged or give more or fewer bytes
 */
export async function inflateRaw(packed: Uint8Array, size: number, where: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream('deflate-raw')
  const writer = stream.writable.getWriter()
  // damage is reported by the reader too: here it would only be an unhandled rejection
  for (const step of [writer.write(copyBytes(packed)), writer.close()]) step.catch(() => {})
  const reader = stream.readable.getReader()
  const bytes = new Uint8Array(size)
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => damaged(where, cause))
    if (done) break
    if (length + value.length > size) {
      await reader.cancel().catch(() => {})
      malformed(where, 'size', `${size} bytes, as the archive declares`, 'more', 'the archive is damaged')
    }
    bytes.set(value, length)
    length += value.length
  }
  if (length !== size)
    malformed(where, 'size', `${size} bytes, as the archive declares`, `${length}`, 'the archive is damaged')
  return bytes
}

function damaged(where: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  malformed(where, 'data', 'a deflate stream', show(reason), 'the archive is damaged')
}
