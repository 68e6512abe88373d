import { describe, expect, test } from 'vitest'
import { readCsv } from '../../src/io/csv'
import { firstNonFinite, requireFinite } from '../../src/io/finite'
import { FormatError } from '../../src/io/format-error'

describe('firstNonFinite', () => {
  test.each([
    [[1, 2, 3, 4, 5, 6], 3, undefined],
    [[], 3, undefined],
    [[1, 2, 3, 4, Number.NaN, Number.POSITIVE_INFINITY], 3, { row: 1, column: 1, value: Number.NaN }],
    [[1, 2, Number.NEGATIVE_INFINITY], 3, { row: 0, column: 2, value: Number.NEGATIVE_INFINITY }],
    [[3.4028235e38, -3.4028235e38], 1, undefined],
    [[0, 1e39], 1, { row: 1, column: 0, value: 1e39 }],
  ])('of %j in %d columns is %j', (data, columns, found) => {
    expect(firstNonFinite(data, columns)).toEqual(found)
  })
})

describe('requireFinite', () => {
  test('lets a finite batch pass', () => {
    expect(requireFinite('x.npy', Float32Array.of(1, 2), 2)).toBeUndefined()
  })

  test.each([
    [
      'a,b\n1,2\n3,nan\n',
      "x.csv: row 2, column 2 ('b') expected a finite number in float32's range, got NaN; rows and columns count from 1",
    ],
    [
      '1,2\n-inf,4\n',
      "x.csv: row 2, column 1 expected a finite number in float32's range, got -Infinity; rows and columns count from 1",
    ],
    [
      '1e999',
      "x.csv: row 1, column 1 expected a finite number in float32's range, got Infinity; rows and columns count from 1",
    ],
    [
      '-4e38',
      "x.csv: row 1, column 1 expected a finite number in float32's range, got -4e+38; rows and columns count from 1",
    ],
  ])('refuses the batch %j by row and column', (text, message) => {
    const { data, columns, header } = readCsv(text)
    expect(() => requireFinite('x.csv', data, columns, header)).toThrow(new FormatError(message))
  })
})
