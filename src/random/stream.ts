import { wrongKind, wrongValue } from '../check'
import type { Arena } from '../wasm/instance'

/** A seed: an integer 0 .. 2^64 - 1; numbers up to 2^53 - 1, bigints beyond. 0 is a seed like any other. */
export type Seed = number | bigint

/** Which numbers are drawn: a value is a function of (seed, stream, index) alone. */
export interface StreamOptions {
  /** Default 0. */
  seed?: Seed
  /** The stream's name, for example 'layers.3.weight'; default ''. */
  stream?: string
}

const encoder = new TextEncoder()
const MAX_SEED = 2n ** 64n - 1n

/** The seed as a 64-bit word. @throws TypeError, RangeError */
export function seedWord(where: string, seed: unknown = 0): bigint {
  const expected = 'an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1)'
  if (typeof seed === 'bigint') return seed >= 0n && seed <= MAX_SEED ? seed : wrongValue(where, 'seed', expected, seed)
  if (typeof seed !== 'number') return wrongKind(where, 'seed', expected, seed)
  return Number.isSafeInteger(seed) && seed >= 0 ? BigInt(seed) : wrongValue(where, 'seed', expected, seed)
}

/** The 64-bit key of (seed, stream) that the drawing kernels take. @throws TypeError, RangeError */
export function streamKey(where: string, options: StreamOptions, arena: Arena): bigint {
  const seed = seedWord(where, options.seed)
  const stream = options.stream ?? ''
  if (typeof stream !== 'string') wrongKind(where, 'stream', 'a string', stream)
  const name = encoder.encode(stream)
  const ptr = arena.allocate(name.length)
  new Uint8Array(arena.kernels.memory.buffer, ptr, name.length).set(name)
  return arena.kernels.streamKey(ptr, name.length, seed)
}
