import { finite, integer, options, wrongKind, wrongValue } from '../check'
import { inArena } from '../wasm/instance'
import { type StreamOptions, streamKey } from './stream'

/** The distributions of assembly/sampling/draw.ts. */
export const UNIFORM = 0
export const NORMAL = 1
export const TRUNCATED_NORMAL = 2

/** Values one kernel call draws: short enough that engines switch to optimised code between calls. */
const CHUNK = 65536

export interface NormalOptions extends StreamOptions {
  /** Default 0. */
  mean?: number
  /** Standard deviation >= 0; default 1. */
  stddev?: number
  /** Index in the stream of out[0]; default 0. */
  offset?: number
}

export interface UniformOptions extends StreamOptions {
  /** Default 0. */
  low?: number
  /** Default 1. */
  high?: number
  /** Index in the stream of out[0]; default 0. */
  offset?: number
}

export interface TruncatedNormalOptions extends StreamOptions {
  /** In standard deviations; -Infinity for none. */
  lower: number
  /** In standard deviations; Infinity for none. */
  upper: number
  /** Default 0. */
  shift?: number
  /** >= 0; default 1. */
  scale?: number
  /** Index in the stream of out[0]; default 0. */
  offset?: number
}

/**
 * Fills `out` with normals, out[i] = mean + stddev z, z value offset + i of the stream; |z| <= 6.66.
 * Returns `out`. Box-Muller, version box-muller-1: Box & Muller 1958.
 * @throws TypeError or RangeError naming the option
 */
export function fillNormal(out: Float32Array, given: NormalOptions = {}): Float32Array {
  const where = 'fillNormal'
  const { mean = 0, stddev = 1 } = options<NormalOptions>(where, given, ['seed', 'stream', 'mean', 'stddev', 'offset'])
  return fill(where, out, given, NORMAL, [finite(where, 'mean', mean), finite(where, 'stddev', stddev, 0)])
}

/**
 * Fills `out` with uniforms on [low, high], out[i] = low + (high - low) u, u value offset + i of the stream, 24 bits.
 * Returns `out`.
 * @throws TypeError or RangeError naming the option
 */
export function fillUniform(out: Float32Array, given: UniformOptions = {}): Float32Array {
  const where = 'fillUniform'
  const { low = 0, high = 1 } = options<UniformOptions>(where, given, ['seed', 'stream', 'low', 'high', 'offset'])
  finite(where, 'low', low)
  return fill(where, out, given, UNIFORM, [low, finite(where, 'high', high, low)])
}

/**
 * Fills `out` with shift + scale x, x standard normals restricted to [lower, upper] (lower < upper, either may be infinite), by
 * inversion, version truncated-normal-1: out[i] comes from word offset + i of the stream. Returns `out`.
 * @throws TypeError or RangeError naming the option
 */
export function fillTruncatedNormal(out: Float32Array, given: TruncatedNormalOptions): Float32Array {
  const where = 'fillTruncatedNormal'
  const known = ['seed', 'stream', 'lower', 'upper', 'shift', 'scale', 'offset']
  const { lower, upper, shift = 0, scale = 1 } = options<TruncatedNormalOptions>(where, given, known)
  if (!(lower < upper)) wrongValue(where, 'upper', `a number > lower = ${lower}`, upper)
  const law = [lower, upper, finite(where, 'shift', shift), finite(where, 'scale', scale, 0)]
  return fill(where, out, given, TRUNCATED_NORMAL, law)
}

function fill(
  where: string,
  out: Float32Array,
  given: StreamOptions & { offset?: number },
  distribution: number,
  [a, b, c = 0, d = 0]: readonly number[],
): Float32Array {
  if (!(out instanceof Float32Array)) wrongKind(where, 'out', 'a Float32Array', out)
  const offset = integer(where, 'offset', given.offset ?? 0, 0)
  return inArena((arena) => {
    const key = streamKey(where, given, arena)
    const ptr = arena.allocate(4 * Math.min(out.length, CHUNK))
    for (let at = 0; at < out.length; at += CHUNK) {
      const len = Math.min(CHUNK, out.length - at)
      arena.kernels.draw(ptr, BigInt(offset + at), len, key, distribution, a, b, c, d)
      out.set(arena.f32(ptr, len), at)
    }
    return out
  })
}
