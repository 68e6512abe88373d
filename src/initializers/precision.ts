import { oneOf, wrongKind } from '../check'

/** Element types of stored weights: IEEE binary16, bfloat16, binary32, binary64. */
export type Dtype = 'f16' | 'bf16' | 'f32' | 'f64'

export const DTYPES = ['f16', 'bf16', 'f32', 'f64'] as const satisfies readonly Dtype[]

/** A typed array, whatever its element type. */
export type Numbers = ArrayLike<number> & ArrayBufferView

const word = new Uint32Array(1)
const real = new Float32Array(word.buffer)

/**
 * The values in another precision: each f32 rounded once, to nearest, ties to even; f64 holds them exactly.
 * f16 is a Float16Array where the engine has one, else the bits in a Uint16Array; bf16 is always the bits. Fresh memory; 'f32' is a copy.
 * @throws TypeError for values that are no Float32Array, RangeError for an unknown dtype
 */
export function cast(values: Float32Array, dtype: Dtype): Numbers {
  if (!(values instanceof Float32Array)) return wrongKind('cast', 'values', 'a Float32Array', values)
  switch (oneOf('cast', 'dtype', dtype, DTYPES)) {
    case 'f64':
      return Float64Array.from(values)
    case 'f32':
      return values.slice()
    case 'bf16':
      return Uint16Array.from(values, bfloat16Bits)
    case 'f16':
      return asFloat16(Uint16Array.from(values, float16Bits))
  }
}

/** Bits of the nearest binary16, ties to even: subnormals kept, from 65520 on infinite, every NaN 0x7e00. */
export function float16Bits(value: number): number {
  real[0] = value
  const sign = (word[0] >>> 16) & 0x8000
  const magnitude = word[0] & 0x7fffffff
  if (magnitude > 0x7f800000) return 0x7e00
  // 0x477ff000 is 65520, halfway from the greatest binary16 to 2^16
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // below 2^-14 the step is 2^-24: adding 1/2, whose own step in f32 is 2^-24, rounds to it, ties to even
  if (magnitude < 0x38800000) {
    word[0] = magnitude
    real[0] += 0.5
    return sign | (word[0] - 0x3f000000)
  }
  return sign | ((roundOff(magnitude, 13) - 0x38000000) >>> 13)
}

/** Bits of the nearest bfloat16, ties to even; every NaN 0x7fc0. */
export function bfloat16Bits(value: number): number {
  real[0] = value
  const bits = word[0]
  return (bits & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : roundOff(bits, 16) >>> 16
}

/** bits rounded to nearest, ties to even, at the given number of low bits, which are left as rubbish. */
function roundOff(bits: number, low: number): number {
  return bits + ((1 << (low - 1)) - 1) + ((bits >>> low) & 1)
}

type Float16Constructor = new (buffer: ArrayBufferLike) => Numbers

function asFloat16(bits: Uint16Array): Numbers {
  const Float16 = (globalThis as { Float16Array?: Float16Constructor }).Float16Array
  return Float16 ? new Float16(bits.buffer) : bits
}
