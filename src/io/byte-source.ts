import { malformed } from './format-error'

/** Bytes that are read range by range: a file, or what stands for one. */
export interface ByteSource {
  readonly size: number
  /** Bytes [begin, end), 0 <= begin <= end <= size; the caller does not change them, and they may be overwritten by the next call. */
  read(begin: number, end: number): Uint8Array
}

/** Bytes in memory as a source. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (begin, end) => bytes.subarray(begin, end) }
}

/** A stretch of a source as one of its own. */
export function slice(source: ByteSource, begin: number, end: number): ByteSource {
  return { size: end - begin, read: (from, to) => source.read(begin + from, begin + to) }
}

/** Sources one after another as one. */
export function joined(sources: readonly ByteSource[]): ByteSource {
  const size = sources.reduce((sum, source) => sum + source.size, 0)
  return {
    size,
    read(begin, end) {
      const bytes = new Uint8Array(end - begin)
      let start = 0
      for (const source of sources) {
        const [from, to] = [Math.max(begin, start), Math.min(end, start + source.size)]
        if (from < to) bytes.set(source.read(from - start, to - start), from - begin)
        start += source.size
      }
      return bytes
    },
  }
}

/** Bytes in one stretch: a multiple of every item's size. */
const STRETCH = 1 << 20

/** All of a source, a stretch at a time. */
export function* stretches(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.size; at += STRETCH) yield source.read(at, Math.min(source.size, at + STRETCH))
}

/** The first bytes, or a refusal that says how many there are. */
export function firstBytes(source: ByteSource, length: number, where: string): Uint8Array {
  if (source.size < length) malformed(where, 'file', `at least ${length} bytes`, `${source.size}`)
  return source.read(0, length)
}
