import { expect, test } from 'vitest'
import { widenFloat16 } from '../../src/io/float16'

// https://en.wikipedia.org/wiki/Half-precision_floating-point_format, examples
test.each([
  [0x0000, 0],
  [0x0001, 2 ** -24],
  [0x03ff, 2 ** -14 - 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x3bff, 0.99951171875],
  [0x3c00, 1],
  [0x3c01, 1.0009765625],
  [0x7bff, 65504],
  [0x7c00, Number.POSITIVE_INFINITY],
  [0x8000, -0],
  [0x8001, -(2 ** -24)],
  [0xc000, -2],
  [0xfc00, Number.NEGATIVE_INFINITY],
  [0x7e00, Number.NaN],
])('widenFloat16(0x%x) is %d', (bits, value) => {
  expect(widenFloat16(Uint16Array.of(bits))[0]).toBe(value)
})

test('widenFloat16 of all 65536 patterns: +-(fraction / 1024 + 1) 2^(exponent - 15), subnormals and specials as IEEE 754 has them', () => {
  const values = widenFloat16(Uint16Array.from({ length: 65536 }, (_, i) => i))
  const wanted = Float32Array.from({ length: 65536 }, (_, i) => {
    const [sign, exponent, fraction] = [i >> 15 ? -1 : 1, (i >> 10) & 31, (i & 1023) / 1024]
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
    return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15))
  })
  expect(values).toEqual(wanted)
})
