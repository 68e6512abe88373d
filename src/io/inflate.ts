import { show } from '../check'
import { type ByteSource, inMemory, stretches } from './byte-source'
import { copyBytes } from './bytes'
import { malformed } from './format-error'

/**
 * Inflates raw deflate data to exactly `size` bytes, never holding more; a fresh array.
 * @throws FormatError if the data are damaged or give more or fewer bytes
 */
export async function inflateRaw(packed: Uint8Array, size: number, where: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  let length = 0
  for await (const part of inflated(inMemory(packed), size, where)) {
    bytes.set(part, length)
    length += part.length
  }
  return bytes
}

/**
 * Inflates raw deflate data to exactly `size` bytes, a part at a time, reading no faster than the parts are taken.
 * Trap: Node 20 does not notice bytes after the last deflate block, newer engines do; what comes out is the same.
 * @throws FormatError if the data are damaged or give more or fewer bytes
 */
export async function* inflated(packed: ByteSource, size: number, where: string): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream('deflate-raw')
  const reader = stream.readable.getReader()
  // damage is reported by the reader too: here it would only be an unhandled rejection
  feed(stream.writable.getWriter(), packed).catch(() => {})
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => damaged(where, cause))
      if (done) break
      length += value.length
      if (length > size)
        malformed(where, 'size', `${size} bytes, as the archive declares`, 'more', 'the archive is damaged')
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  if (length !== size)
    malformed(where, 'size', `${size} bytes, as the archive declares`, `${length}`, 'the archive is damaged')
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, packed: ByteSource): Promise<void> {
  for (const bytes of stretches(packed)) await writer.write(copyBytes(bytes))
  await writer.close()
}

function damaged(where: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  malformed(where, 'data', 'a deflate stream', show(reason), 'the archive is damaged')
}
