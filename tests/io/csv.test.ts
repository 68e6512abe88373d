import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCsv, writeCsv } from '../../src/io/csv'
import { formatFloat32 } from '../../src/io/decimal'
import { FormatError } from '../../src/io/format-error'

describe('readCsv', () => {
  const table = { rows: 2, columns: 3, data: Float64Array.of(1, -2.5, 3e-4, 4, 5, 6), header: null }

  test.each([
    ['commas', '1,-2.5,3e-4\n4,5,6\n'],
    ['semicolons', '1;-2.5;3e-4\n4;5;6\n'],
    ['tabs', '1\t-2.5\t3e-4\n4\t5\t6\n'],
    ['CRLF', '1,-2.5,3e-4\r\n4,5,6\r\n'],
    ['CR', '1,-2.5,3e-4\r4,5,6\r'],
    ['no line end at the end', '1,-2.5,3e-4\n4,5,6'],
    ['empty lines at the end', '1,-2.5,3e-4\n4,5,6\n\n \r\n'],
    ['a byte order mark', '\uFEFF1,-2.5,3e-4\n4,5,6\n'],
    ['padding', ' 1 , -2.5,\t3e-4\n4 ,5, 6\n'.replace('\t', ' ')],
    ['quotes', '"1","-2.5",3e-4\n 4,"5" ,"6"\n'],
    ['other spellings of the same numbers', '+1.,-02.50,.3E-3\n4e0,5.0,60e-1\n'],
  ])('reads the same 2 x 3 table with %s', (_, text) => {
    expect(readCsv(text)).toEqual(table)
  })

  test.each([
    ['a,b,c\n1,-2.5,3e-4\n4,5,6\n', ['a', 'b', 'c']],
    ['"x; ""1""" ;b,2;\n1;-2.5;3e-4\n4;5;6\n', ['x; "1"', 'b,2', '']],
    ['__proto__\tb\tb\n1\t-2.5\t3e-4\n4\t5\t6\n', ['__proto__', 'b', 'b']],
  ])('takes a first line without any number for a header: %j', (text, header) => {
    expect(readCsv(text)).toEqual({ ...table, header })
  })

  test.each([
    ['7', 1, 1, [7]],
    ['1\n2\n3\n', 3, 1, [1, 2, 3]],
    [
      '-0,nan,-inf\nInf,NaN,+Infinity',
      2,
      3,
      [-0, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY],
    ],
  ])('reads %j', (text, rows, columns, data) => {
    expect(readCsv(text)).toEqual({ rows, columns, data: Float64Array.from(data), header: null })
  })

  test.each([
    ['', 'csv: table expected at least one row of numbers, got an empty file'],
    ['\uFEFF\r\n \n', 'csv: table expected at least one row of numbers, got an empty file'],
    ['a,b\n', "csv: table expected at least one row of numbers, got only 'a,b'"],
    ['1,2\n3\n', 'csv: row 2 (line 2) expected 2 cells, as in line 1, got 1'],
    ['a,b\n1,2\n3,4,5\n', 'csv: row 2 (line 3) expected 2 cells, as in line 1, got 3'],
    ['1\n\n2\n', "csv: row 2 (line 2), column 1 expected a number, got ''"],
    ['1,2\n\n3,4\n', 'csv: row 2 (line 2) expected 2 cells, as in line 1, got 1'],
    ['a,b\n1,2\n3,x\n', "csv: row 2 (line 3), column 2 ('b') expected a number, got 'x'"],
    ['1,2\n3,\n', "csv: row 2 (line 2), column 2 expected a number, got ''"],
    ['x,2\n3,4\n', "csv: row 1 (line 1), column 1 expected a number, got 'x'; a header line has no numbers"],
    [',\n', "csv: row 1 (line 1), column 1 expected a number, got ''; a header line has no numbers"],
    ['1;2\n1,5;2\n', "csv: row 2 (line 2), column 1 expected a number, got '1,5'; write decimal points"],
    [
      'a b\n1 2\n',
      "csv: row 1 (line 2), column 1 ('a b') expected a number, got '1 2'; separate cells with a comma, a semicolon or a tab",
    ],
    ['1,0x10\n', "csv: row 1 (line 1), column 2 expected a number, got '0x10'; a header line has no numbers"],
    ['1,1_000\n', "csv: row 1 (line 1), column 2 expected a number, got '1_000'; a header line has no numbers"],
    ['1\n"2\n', "csv: line 2: cell 1 expected no quotes, or quotes around all of it, got '\"2'"],
    ['1\n"2"3\n', 'csv: line 2: cell 1 expected no quotes, or quotes around all of it, got \'"2"3\''],
    ['1,2\n1,2"2"\n', 'csv: line 2: cell 2 expected no quotes, or quotes around all of it, got \'2"2"\''],
    ['1\nconstructor\n', "csv: row 2 (line 2), column 1 expected a number, got 'constructor'"],
    ['1\n\x1b[31m\n', "csv: row 2 (line 2), column 1 expected a number, got '\\u{1b}[31m'"],
  ])('refuses %j', (text, message) => {
    expect(() => readCsv(text)).toThrow(new FormatError(message))
  })

  test('begins its errors with the name it was given', () => {
    expect(() => readCsv('', 'batch.csv')).toThrow('batch.csv: table expected')
  })

  test('what is not text is a TypeError', () => {
    expect(() => readCsv(1 as unknown as string)).toThrow(new TypeError('readCsv: text expected a string, got 1'))
  })

  test('a first line of 10^5 cells above 10^5 empty lines is refused without room for 10^10 numbers', () => {
    const text = `${'1,'.repeat(99_999)}1${'\n'.repeat(100_000)}1`
    expect(() => readCsv(text)).toThrow('csv: row 2 (line 2) expected 100000 cells, as in line 1, got 1')
  })

  test('each character of a small table changed to each of 96 others gives a full table or a FormatError', () => {
    const text = 'a,"b"\n1,-2.5\n3e4,"5"\n'
    const others = ['\n', ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))]
    for (let at = 0; at < text.length; at++)
      for (const other of others) {
        try {
          const { rows, columns, data } = readCsv(text.slice(0, at) + other + text.slice(at + 1))
          expect(data.length).toBe(rows * columns)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }
  })

  test('2000 random texts of the CSV alphabet give a full table or a FormatError', () => {
    const piece = fc.constantFrom('1', '-2', '.5', 'e', 'x', ',', ';', '\t', '"', '\n', '\r', ' ', 'nan', '\uFEFF')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          const { rows, columns, data, header } = readCsv(pieces.join(''))
          expect(data.length).toBe(rows * columns)
          expect(header === null || header.length === columns).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }),
      { seed: 4, numRuns: 2000 },
    )
  })
})

describe('writeCsv', () => {
  test.each([
    [[2, 3], Float32Array.of(0.1, -0, 1e-7, 16777216, 1 / 3, 1.5), '0.1,-0,1e-7\n16777216,0.33333334,1.5\n'],
    [[2], Float64Array.of(0.1, 1 / 3), '0.1\n0.3333333333333333\n'],
    [[], Float32Array.of(2), '2\n'],
    [[2, 2, 1], Float32Array.of(1, 2, 3, 4), '1,2\n3,4\n'],
    [[1, 3], Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), 'nan,inf,-inf\n'],
    [[3, 0], new Float32Array(0), ''],
    [[2 ** 40, 0], new Float64Array(0), ''],
  ])('writes shape %j of %j as %j', (shape, data, text) => {
    expect(writeCsv(shape, data)).toBe(text)
  })

  test('readCsv(writeCsv(data)) has the same bits for 1000 random rows of f32 and of f64', () => {
    const sameBits = (data: Float32Array | Float64Array) => {
      const read = readCsv(writeCsv([1, data.length], data)).data
      const narrowed = data instanceof Float32Array ? Float32Array.from(read) : read
      for (let i = 0; i < data.length; i++) expect(narrowed[i]).toBe(data[i])
    }
    fc.assert(fc.property(fc.float32Array({ minLength: 1, maxLength: 8 }), sameBits), { seed: 5, numRuns: 1000 })
    fc.assert(fc.property(fc.float64Array({ minLength: 1, maxLength: 8 }), sameBits), { seed: 6, numRuns: 1000 })
  })

  test('refuses data of another kind, and a shape that does not fit', () => {
    expect(() => writeCsv([1], [1] as unknown as Float32Array)).toThrow(
      new TypeError('writeCsv: data expected a Float32Array or a Float64Array, got [1]'),
    )
    expect(() => writeCsv([2], new Float32Array(3))).toThrow(
      new RangeError('writeCsv: shape expected sizes that multiply to data.length = 3, got [2]'),
    )
  })
})

describe('formatFloat32', () => {
  // the digits of numpy.format_float_scientific(numpy.float32(x), unique=True)
  test.each([
    [2 ** -149, '1e-45'],
    [1.1754943508222875e-38, '1.1754944e-38'],
    [1.1754942106924411e-38, '1.1754942e-38'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [8388608, '8388608'],
    [33554432, '33554432'],
    [9.5e-43, '9.5e-43'],
    [7.0385313e-26, '7.0385313e-26'],
    [7.0385307e-26, '7.0385307e-26'],
    [2.3509887e-38, '2.3509887e-38'],
    [1.3e-5, '0.000013'],
  ])('formatFloat32(fround(%d)) is %s', (x, text) => {
    expect(formatFloat32(Math.fround(x))).toBe(text)
  })

  test('every power of two from 2^-149 to 2^127 and its two neighbours read back as themselves, with no more than 9 digits', () => {
    const words = new Uint32Array(1)
    const value = new Float32Array(words.buffer)
    for (let exponent = 0; exponent < 255; exponent++)
      for (let bit = 0; bit < (exponent === 0 ? 23 : 1); bit++)
        for (const step of [-1, 0, 1]) {
          words[0] = Math.max(0, ((exponent << 23) | (exponent === 0 ? 1 << bit : 0)) + step)
          const text = formatFloat32(value[0])
          expect(Math.fround(Number(text))).toBe(value[0])
          const digits = text.replace(/e.*|\D/g, '').replace(/^0+|0+$/g, '')
          expect(digits.length).toBeLessThanOrEqual(9)
        }
  })

  test('a decimal of 1 to 6 digits keeps its digits: 1000 random ones, read as f32 and written again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -30, max: 30 }), (digits, exponent) => {
        const decimal = Number(`${digits}e${exponent}`)
        expect(Number(formatFloat32(Math.fround(decimal)))).toBe(decimal)
      }),
      { seed: 7, numRuns: 1000 },
    )
  })
})
