import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../src/io/format-error'
import { readNpy, readNpyIntegers, writeNpy } from '../../src/io/npy'
import { bits, latin1, mutations, prefixes, toHex } from './bytes'

// headers and data as NumPy 2.4.6 writes them: numpy.lib.format.write_array of the array in the first column
const dict = (descr: string, order: string, shape: string) =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`
const v1 = (header: string, data: string) => latin1(`\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n${data}`)
const TWO = '\x00\x00\x80\x3f\x00\x00\x00\x40'

describe('vectors: files written by NumPy', () => {
  test.each([
    [
      'arange(6, <f4) 2 x 3',
      v1(dict('<f4', 'False', '(2, 3)'), '\0\0\0\0\0\0\x80?\0\0\0@\0\0@@\0\0\x80@\0\0\xa0@'),
      [2, 3],
      Float32Array.of(0, 1, 2, 3, 4, 5),
    ],
    ['array(-2.5, <f8)', v1(dict('<f8', 'False', '()'), '\0\0\0\0\0\0\x04\xc0'), [], Float64Array.of(-2.5)],
    ['array([1, -2], >f4)', v1(dict('>f4', 'False', '(2,)'), '\x3f\x80\0\0\xc0\0\0\0'), [2], Float32Array.of(1, -2)],
    ['array([1.5], >f8)', v1(dict('>f8', 'False', '(1,)'), '\x3f\xf8\0\0\0\0\0\0'), [1], Float64Array.of(1.5)],
    [
      'array([1, -2, 0.33325195, 65504], <f2)',
      v1(dict('<f2', 'False', '(4,)'), '\0\x3c\0\xc0U5\xff{'),
      [4],
      Float32Array.of(1, -2, 0.333251953125, 65504),
    ],
    ['zeros((0, 3), <f4)', v1(dict('<f4', 'False', '(0, 3)'), ''), [0, 3], Float32Array.of()],
    [
      'version 2.0',
      latin1(`\x93NUMPY\x02\0t\0\0\0${dict('<f4', 'False', '(2,)').padEnd(115)}\n${TWO}`),
      [2],
      Float32Array.of(1, 2),
    ],
    [
      'version 3.0',
      latin1(`\x93NUMPY\x03\0t\0\0\0${dict('<f4', 'False', '(2,)').padEnd(115)}\n${TWO}`),
      [2],
      Float32Array.of(1, 2),
    ],
  ])('readNpy gives %s', (_, bytes, shape, data) => {
    expect(readNpy(bytes)).toEqual({ shape, data })
  })

  test.each([
    ['array([2, -1], <i8)', v1(dict('<i8', 'False', '(2,)'), `\x02${'\0'.repeat(7)}${'\xff'.repeat(8)}`), [2, -1]],
    [
      'array([258, 4294967295], >u4)',
      v1(dict('>u4', 'False', '(2,)'), '\0\0\x01\x02\xff\xff\xff\xff'),
      [258, 2 ** 32 - 1],
    ],
    ['array([-2, 1], <i2)', v1(dict('<i2', 'False', '(2,)'), '\xfe\xff\x01\0'), [-2, 1]],
    ['array([-1, 127], |i1)', v1(dict('|i1', 'False', '(2,)'), '\xff\x7f'), [-1, 127]],
    ['array([255, 0], |u1)', v1(dict('|u1', 'False', '(2,)'), '\xff\0'), [255, 0]],
    ['array([True, False])', v1(dict('|b1', 'False', '(2,)'), '\x01\0'), [1, 0]],
  ])('readNpyIntegers gives %s, which readNpy refuses', (_, bytes, values) => {
    expect(readNpyIntegers(bytes, 'y.npy')).toEqual({ shape: [2], data: Float64Array.from(values) })
    expect(() => readNpy(bytes)).toThrow(FormatError)
    expect(() => readNpyIntegers(bytes.subarray(0, -1), 'y.npy')).toThrow(
      /y\.npy: data expected \d+ bytes for shape \(2,\)/,
    )
  })

  test('readNpyIntegers leaves floats to readNpy', () => {
    expect(readNpyIntegers(v1(dict('<f4', 'False', '(2,)'), TWO), 'y.npy')).toBeUndefined()
  })

  test.each([
    ['Python 2 long integers', "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,)}"],
    ['another order, double quotes and no trailing commas', '{"shape":(2,),"fortran_order":False,"descr":"<f4"}'],
    ['a tuple with a trailing comma', "{'shape': (1, 2,), 'descr': '<f4', 'fortran_order': False}"],
  ])('readNpy reads headers of other writers: %s', (_, header) => {
    expect([...readNpy(v1(header, TWO)).data]).toEqual([1, 2])
  })

  test.each([
    [
      [2, 3],
      Float32Array.of(0, 1, 2, 3, 4, 5),
      v1(dict('<f4', 'False', '(2, 3)'), '\0\0\0\0\0\0\x80?\0\0\0@\0\0@@\0\0\x80@\0\0\xa0@'),
    ],
    [[], Float64Array.of(-2.5), v1(dict('<f8', 'False', '()'), '\0\0\0\0\0\0\x04\xc0')],
    [[2], Float32Array.of(1, 2), v1(dict('<f4', 'False', '(2,)'), TWO)],
    [[0, 3], new Float32Array(0), v1(dict('<f4', 'False', '(0, 3)'), '')],
  ])('writeNpy of shape %j is byte for byte what NumPy saves', (shape, data, bytes) => {
    expect(toHex(writeNpy(shape, data))).toBe(toHex(bytes))
  })
})

describe('round trips', () => {
  const anyShape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 })
  const product = (shape: number[]) => shape.reduce((n, d) => n * d, 1)

  test('readNpy(writeNpy(shape, data)) keeps shape, type and every bit for 300 random shapes of rank 0 to 5, sizes 0 to 5', () => {
    const anyArray = anyShape.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.oneof(
          fc.float32Array({ minLength: product(shape), maxLength: product(shape) }),
          fc.float64Array({ minLength: product(shape), maxLength: product(shape) }),
        ),
      ),
    )
    fc.assert(
      fc.property(anyArray, ([shape, data]) => {
        const bytes = writeNpy(shape, data)
        const read = readNpy(bytes)
        expect(read.shape).toEqual(shape)
        expect(read.data.constructor).toBe(data.constructor)
        expect(bits(read.data)).toEqual(bits(data))
        expect((bytes.length - data.byteLength) % 64).toBe(0)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('a view into the middle of a larger buffer is read and written as the view alone', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3)
    const bytes = writeNpy([2], data)
    const inside = new Uint8Array(bytes.length + 3)
    inside.set(bytes, 3)
    expect([...readNpy(inside.subarray(3)).data]).toEqual([1, 2])
  })

  test('readNpy gives a copy: changing the file afterwards changes no value', () => {
    const bytes = writeNpy([1], Float32Array.of(1))
    const { data } = readNpy(bytes)
    bytes.fill(0)
    expect(data[0]).toBe(1)
  })
})

describe('refusals', () => {
  const f4 = (shape: string, data = TWO) => v1(dict('<f4', 'False', shape), data)
  const good = f4('(2,)')
  const withDescr = (descr: string) => v1(dict(descr, 'False', '(2,)'), TWO)

  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), "npy: first bytes expected the magic '\\x93NUMPY', got ''; is it a .npy file?"],
    [
      'a zip archive',
      latin1('PK\x03\x04....'),
      "npy: first bytes expected the magic '\\x93NUMPY', got 'PK\\u{3}\\u{4}..'; is it a .npy file?",
    ],
    ['the magic alone', good.slice(0, 7), 'npy: version expected 1.0, 2.0 or 3.0, got the end of the file'],
    ['version 4.0', latin1('\x93NUMPY\x04\0v\0'), 'npy: version expected 1.0, 2.0 or 3.0, got 4.0'],
    ['version 1.1', latin1('\x93NUMPY\x01\x01v\0'), 'npy: version expected 1.0, 2.0 or 3.0, got 1.1'],
    ['half a header length', good.slice(0, 9), 'npy: header length expected 2 bytes, got 1; the file is truncated'],
    [
      'a header of 4 GiB',
      latin1('\x93NUMPY\x02\0\xff\xff\xff\xff{'),
      'npy: header length expected at most 10000, got 4294967295; save a plain array, not a structured one',
    ],
    ['half a header', good.slice(0, 60), 'npy: header expected 118 bytes, got 50; the file is truncated'],
    [
      'Fortran order',
      v1(dict('<f4', 'True', '(2,)'), TWO),
      'npy: fortran_order expected False, got True; save with numpy.ascontiguousarray',
    ],
    [
      'Python objects',
      withDescr('|O'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '|O' (Python objects); save with array.astype(numpy.float32)",
    ],
    [
      'integers',
      withDescr('<i8'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '<i8' (integers); save with array.astype(numpy.float32)",
    ],
    [
      'unsigned integers',
      withDescr('|u1'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '|u1' (integers); save with array.astype(numpy.float32)",
    ],
    [
      'booleans',
      withDescr('|b1'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '|b1' (booleans or integers); save with array.astype(numpy.float32)",
    ],
    [
      'complex numbers',
      withDescr('<c8'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '<c8' (complex numbers); save with array.real.astype(numpy.float32)",
    ],
    [
      'text',
      withDescr('<U2'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '<U2' (text); save with array.astype(numpy.float32)",
    ],
    [
      'bytes',
      withDescr('|S2'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '|S2' (bytes); save with array.astype(numpy.float32)",
    ],
    [
      'dates',
      withDescr('<M8[s]'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '<M8[s]' (dates); save with array.astype(numpy.float32)",
    ],
    [
      'long doubles',
      withDescr('<f16'),
      "npy: descr expected '<f2', '<f4' or '<f8', got '<f16'; save with array.astype(numpy.float32)",
    ],
    [
      'no dtype',
      withDescr(''),
      "npy: descr expected '<f2', '<f4' or '<f8', got ''; save with array.astype(numpy.float32)",
    ],
    [
      'a structured array',
      v1("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", TWO),
      "npy: descr expected '<f2', '<f4' or '<f8', got '[('a', '<f4')]' (a structured array); save with array.astype(numpy.float32)",
    ],
    [
      'truncated data',
      f4('(2,)', TWO.slice(0, 7)),
      "npy: data expected 8 bytes for shape (2,) of '<f4', got 7; the file is truncated",
    ],
    [
      'trailing bytes',
      f4('(2,)', `${TWO}\n`),
      "npy: data expected 8 bytes for shape (2,) of '<f4', got 9; there are bytes after the array",
    ],
    [
      'a shape that needs 2^62 bytes',
      f4('(1152921504606846976,)'),
      'npy: shape[0] expected an integer in [0, 2^53), got 1152921504606846976',
    ],
    [
      'a product beyond 2^53',
      f4('(4294967296, 4294967296)'),
      "npy: data expected 73786976294838210000 bytes for shape (4294967296, 4294967296) of '<f4', got 8; the file is truncated",
    ],
    ['a negative size', f4('(-1, -2)'), 'npy: shape[0] expected an integer in [0, 2^53), got -1'],
    ['minus zero', f4('(2, -0)'), 'npy: shape[1] expected an integer in [0, 2^53), got -0'],
    ['a shape that is a number', f4('(2)'), 'npy: shape expected a tuple such as (3,), got (2)'],
    ['a shape that is text', f4("'2'"), "npy: shape expected a tuple such as (3,), got '2'"],
    ['a shape of floats', f4('(2.0,)'), 'npy: shape expected a tuple of integers such as (3, 4), got (2.0,)'],
    ['a shape with a gap', f4('(1,,2)'), 'npy: shape expected a tuple of integers such as (3, 4), got (1,,2)'],
    ['a shape of commas', f4('(,)'), 'npy: shape expected a tuple of integers such as (3, 4), got (,)'],
    [
      'an order that is text',
      v1(dict('<f4', "'x'", '(2,)'), TWO),
      "npy: fortran_order expected True or False, got 'x'",
    ],
    [
      'no shape',
      v1("{'descr': '<f4', 'fortran_order': False, }", TWO),
      "npy: header expected each of descr, fortran_order, shape once, got none of 'shape'",
    ],
    [
      'a key too many',
      v1(dict('<f4', 'False', '(2,)').replace('}', "'x': True}"), TWO),
      "npy: header expected each of descr, fortran_order, shape once, got 'x'",
    ],
    [
      'a key twice',
      v1(dict('<f4', 'False', '(2,)').replace('}', "'shape': (2,)}"), TWO),
      "npy: header expected each of descr, fortran_order, shape once, got 'shape' twice",
    ],
    [
      'no dict',
      v1('[]', TWO),
      "npy: header expected a dict such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, got '[]'",
    ],
    [
      'code in the header',
      v1("{'descr': __import__('os'), }", TWO),
      "npy: header expected a dict such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, got '{'descr': __import__('os'), }'",
    ],
    ['text after the dict', v1(`${dict('<f4', 'False', '(2,)')} x`, TWO), 'npy: header expected a dict such as'],
  ])('readNpy refuses %s', (_, bytes, message) => {
    expect(() => readNpy(bytes)).toThrow(FormatError)
    expect(() => readNpy(bytes)).toThrow(message)
  })

  test('readNpy refuses 65 dimensions and reads 64', () => {
    const deep = (rank: number) => {
      const header = dict('<f4', 'False', `(${'1,'.repeat(rank)})`).padEnd(245)
      return latin1(`\x93NUMPY\x01\0${String.fromCharCode(246)}\0${header}\n\0\0\0\0`)
    }
    expect(readNpy(deep(64)).shape).toEqual(new Array(64).fill(1))
    expect(() => readNpy(deep(65))).toThrow('npy: shape expected at most 64 dimensions, got 65')
  })

  test('readNpy(bytes, name) begins its errors with the name, and a control character in it reaches no terminal', () => {
    expect(() => readNpy(latin1('x'), 'w\x1b[2J.npy')).toThrow('w\\u{1b}[2J.npy: first bytes expected')
  })

  test('what is not bytes at all is a TypeError', () => {
    expect(() => readNpy('x' as unknown as Uint8Array)).toThrow(
      new TypeError("readNpy: bytes expected a Uint8Array, got 'x'"),
    )
    expect(() => writeNpy([1], [1] as unknown as Float32Array)).toThrow(
      new TypeError('writeNpy: data expected a Float32Array or a Float64Array, got [1]'),
    )
    expect(() => writeNpy(4 as unknown as number[], new Float32Array(4))).toThrow(
      new TypeError('writeNpy: shape expected an array of integers >= 0, got 4'),
    )
  })

  test.each<[number[], string]>([
    [[3], 'writeNpy: shape expected sizes that multiply to data.length = 4, got [3]'],
    [[-4], 'writeNpy: shape[0] expected an integer >= 0, got -4'],
    [[2, 2.5], 'writeNpy: shape[1] expected an integer >= 0, got 2.5'],
    [[2 ** 53], 'writeNpy: shape[0] expected an integer >= 0, got 9007199254740992'],
    [[], 'writeNpy: shape expected sizes that multiply to data.length = 4, got []'],
    [new Array(65).fill(1), 'writeNpy: shape expected at most 64 dimensions, got 65'],
  ])('writeNpy refuses the shape %j for 4 values', (shape, message) => {
    expect(() => writeNpy(shape, new Float32Array(4))).toThrow(new RangeError(message))
  })
})

describe('hostile files', () => {
  const file = v1(dict('<f4', 'False', '(2, 2)'), `${TWO}${TWO}`)
  const judge = (bytes: Uint8Array) => {
    try {
      const { shape, data } = readNpy(bytes)
      if (data.length !== shape.reduce((n, d) => n * d, 1)) return `${data.length} values for shape ${shape}`
      return data.byteLength > 2 * bytes.length ? `${data.byteLength} bytes from ${bytes.length}` : 'read'
    } catch (error) {
      return error instanceof FormatError ? 'refused' : String(error)
    }
  }

  test('each of the 255 other values of each of 144 bytes gives an array of its own shape or a FormatError', () => {
    const verdicts = Array.from(mutations(file, 'value'), judge)
    expect(new Set(verdicts)).toEqual(new Set(['read', 'refused']))
    // all 16 bytes of data may be anything
    expect(verdicts.filter((verdict) => verdict === 'read').length).toBeGreaterThanOrEqual(16 * 255)
  })

  test('every proper prefix is refused', () => {
    for (const prefix of prefixes(file)) expect(judge(prefix)).toBe('refused')
  })

  test('2000 random headers of the dict alphabet give an array or a FormatError', () => {
    const piece = fc.constantFrom(
      "'descr'",
      "'shape'",
      "'fortran_order'",
      ':',
      ',',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      "'<f4'",
      'True',
      'False',
      '2',
      '-1',
      '9e9',
      "'",
      '"',
      ' ',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(judge(v1(`{${pieces.join('')}`.slice(0, 117), TWO))).toMatch(/^(read|refused)$/)
      }),
      { seed: 2, numRuns: 2000 },
    )
  })

  test('a header of 10000 bytes made to be read again and again is refused', () => {
    const length = String.fromCharCode(10000 & 255, 10000 >> 8)
    for (const filler of [
      `{'descr':${'[] '.repeat(3000)}`,
      `{'descr':${'['.repeat(9000)}`,
      `{${' '.repeat(9000)}`,
      `{'${'a'.repeat(9000)}`,
    ])
      expect(judge(latin1(`\x93NUMPY\x01\0${length}${filler.padEnd(10000)}`))).toBe('refused')
  })
})
