import { describe, expect, test } from 'vitest'
import { heNormal } from '../../src/initializers/named'
import { bfloat16Bits, cast, float16Bits } from '../../src/initializers/precision'

/** The value of sign, exponent and fraction fields, straight from IEEE 754, without infinities: bits as an unbounded format. */
function decode(bits: number, exponentBits: number, fractionBits: number): number {
  const bias = 2 ** (exponentBits - 1) - 1
  const sign = bits >>> (exponentBits + fractionBits) ? -1 : 1
  const exponent = (bits >>> fractionBits) & (2 ** exponentBits - 1)
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias))
}

const formats = [
  { name: 'f16', toBits: float16Bits, exponent: 5, fraction: 10, infinity: 0x7c00 },
  { name: 'bf16', toBits: bfloat16Bits, exponent: 8, fraction: 7, infinity: 0x7f80 },
]

describe.each(formats)(
  'oracle: $name, every code against the definition',
  ({ toBits, exponent, fraction, infinity }) => {
    const value = (bits: number) => decode(bits, exponent, fraction)

    test('every finite code is its own nearest, with both signs', () => {
      for (let bits = 0; bits < infinity; bits++) {
        if (toBits(value(bits)) !== bits) expect.fail(`code ${bits} became ${toBits(value(bits))}`)
        if (toBits(-value(bits)) !== (bits | 0x8000)) expect.fail(`code -${bits}`)
      }
    })

    test('halfway goes to the even code, the next f32 on either side to the nearer one, up to and including infinity', () => {
      const word = new Uint32Array(1)
      const real = new Float32Array(word.buffer)
      for (let bits = 0; bits < infinity; bits++) {
        // the code after the greatest finite one stands for 2^16 or 2^128, where infinity begins to be nearer
        real[0] = (value(bits) + value(bits + 1)) / 2
        const even = bits % 2 === 0 ? bits : bits + 1
        if (real[0] !== (value(bits) + value(bits + 1)) / 2) continue
        if (toBits(real[0]) !== even) expect.fail(`halfway above code ${bits} became ${toBits(real[0])}`)
        word[0]++
        if (toBits(real[0]) !== bits + 1) expect.fail(`above halfway of code ${bits} became ${toBits(real[0])}`)
        word[0] -= 2
        if (toBits(real[0]) !== bits) expect.fail(`below halfway of code ${bits} became ${toBits(real[0])}`)
      }
    })

    test('infinities, NaN and both zeros', () => {
      expect(toBits(Number.POSITIVE_INFINITY)).toBe(infinity)
      expect(toBits(Number.NEGATIVE_INFINITY)).toBe(infinity | 0x8000)
      expect(toBits(Number.NaN)).toBe(infinity | (1 << (fraction - 1)))
      expect(toBits(0)).toBe(0)
      expect(toBits(-0)).toBe(0x8000)
    })
  },
)

describe('property: cast', () => {
  const weights = heNormal([33, 65], { seed: 4 })
  test('f64 holds every f32 exactly, f32 is a copy, bf16 is within 2^-8 of each value', () => {
    expect([...(cast(weights, 'f64') as Float64Array)]).toEqual([...weights])
    const copy = cast(weights, 'f32')
    expect(copy).toEqual(weights)
    expect(copy).not.toBe(weights)
    const bits = cast(weights, 'bf16') as Uint16Array
    weights.forEach((value, i) => {
      expect(Math.abs(decode(bits[i], 8, 7) - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8)
    })
  })

  test('f16 has the same bytes whether the engine has Float16Array or not', () => {
    const half = cast(weights, 'f16')
    const bits = new Uint16Array(half.buffer, half.byteOffset, half.length)
    expect([...bits]).toEqual([...weights].map(float16Bits))
    const kind = (globalThis as { Float16Array?: unknown }).Float16Array ? 'Float16Array' : 'Uint16Array'
    expect(half.constructor.name).toBe(kind)
  })

  test('refused: an unknown dtype, values that are no Float32Array', () => {
    expect(() => cast(weights, 'f8' as 'f16')).toThrow(
      "cast: dtype expected one of f16, bf16, f32, f64, got 'f8'; did you mean 'f16'?",
    )
    expect(() => cast([1, 2] as never, 'f16')).toThrow('cast: values expected a Float32Array, got [1, 2]')
  })
})
