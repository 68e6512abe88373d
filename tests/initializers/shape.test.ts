import { describe, expect, test } from 'vitest'
import { zeros } from '../../src/initializers/distributions'
import { heNormal } from '../../src/initializers/named'

describe('refusal: a shape is an array of integers >= 1 with at most 2^31 values', () => {
  const refused: [string, string, unknown][] = [
    ['heNormal: shape[0] expected an integer >= 1, got 0', 'RangeError', [0]],
    ['heNormal: shape[1] expected an integer >= 1, got -4', 'RangeError', [3, -4]],
    ['heNormal: shape[0] expected an integer >= 1, got -0', 'RangeError', [-0, 4]],
    ['heNormal: shape[1] expected an integer >= 1, got 2.5', 'RangeError', [3, 2.5]],
    ['heNormal: shape[1] expected an integer >= 1, got NaN', 'RangeError', [3, Number.NaN]],
    ['heNormal: shape[0] expected an integer >= 1, got Infinity', 'RangeError', [Number.POSITIVE_INFINITY, 3]],
    ["heNormal: shape[0] expected an integer >= 1, got '3'", 'TypeError', ['3', 4]],
    ['heNormal: shape[1] expected an integer >= 1, got 4n', 'TypeError', [3, 4n]],
    ['heNormal: shape expected an array of integers >= 1, got 64', 'TypeError', 64],
    ["heNormal: shape expected an array of integers >= 1, got '64x128'", 'TypeError', '64x128'],
    ['heNormal: shape expected an array of integers >= 1, got undefined', 'TypeError', undefined],
    ['heNormal: shape expected at most 2147483648 values, got [65536, 65536]', 'RangeError', [65536, 65536]],
    ['heNormal: shape expected at most 2147483648 values, got [1e+200, 1e+200]', 'RangeError', [1e200, 1e200]],
  ]
  test.each(refused)('%s (%s)', (message, kind, shape) => {
    let caught: unknown
    try {
      heNormal(shape as number[])
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ name: kind, message })
  })

  test('out must be a Float32Array of the shape’s length: 11 values for [3, 4] are refused', () => {
    expect(() => heNormal([3, 4], { out: new Float32Array(11) })).toThrow('heNormal: out.length expected 12, got 11')
    expect(() => heNormal([3, 4], { out: new Float64Array(12) as never })).toThrow(
      'heNormal: out expected a Float32Array of length 12, got Float64Array of 96 bytes',
    )
  })
})

describe('property', () => {
  test('out is filled and returned, with the bits of a fresh draw, also in the middle of a larger buffer', () => {
    const buffer = new Float32Array(20).fill(7)
    const out = buffer.subarray(4, 16)
    expect(heNormal([3, 4], { seed: 9, out })).toBe(out)
    expect([...out]).toEqual([...heNormal([3, 4], { seed: 9 })])
    expect([...buffer.subarray(0, 4), ...buffer.subarray(16)]).toEqual(new Array(8).fill(7))
  })

  test('the empty shape is one number', () => {
    expect(zeros([])).toEqual(new Float32Array(1))
  })
})
