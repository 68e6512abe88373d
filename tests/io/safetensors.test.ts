import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../../src/io/format-error'
import { readSafetensors, type TensorToWrite, writeSafetensors } from '../../src/io/safetensors'
import { readSafetensorsHeader, safetensorsHeaderBytes } from '../../src/io/safetensors-header'
import { bits, latin1, mutations, prefixes, toHex } from './bytes'

/** A file with this header text, padded with spaces to a multiple of 8, and these data. */
function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header.padEnd(Math.ceil(header.length / 8) * 8))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

// safetensors.numpy.save of the Python package, 0.8.0
const FLOATS = latin1(
  '@\x01\0\0\0\0\0\0{"__metadata__":{"made by":"\xc3\xa9\\"\\n"},"a":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},' +
    '"0":{"dtype":"F32","shape":[],"data_offsets":[16,20]},"b":{"dtype":"F32","shape":[3],"data_offsets":[20,32]},' +
    '"e":{"dtype":"F32","shape":[0,3],"data_offsets":[32,32]},"h":{"dtype":"F16","shape":[3],"data_offsets":[32,38]}}      ' +
    '\0\0\0\0\0\0\xf0?\0\0\0\0\0\0\0@\0\0\0@\0\0\0\0\0\0\x80?\0\0\0@\0<\0@\0B',
)
const TENSORS: TensorToWrite[] = [
  { name: 'b', dtype: 'F32', shape: [3], data: Float32Array.of(0, 1, 2) },
  { name: 'a', dtype: 'F64', shape: [1, 2], data: Float64Array.of(1, 2) },
  { name: 'h', dtype: 'F16', shape: [3], data: Uint16Array.of(0x3c00, 0x4000, 0x4200) },
  { name: '0', dtype: 'F32', shape: [], data: Float32Array.of(2) },
  { name: 'e', dtype: 'F32', shape: [0, 3], data: new Float32Array(0) },
]
const OTHERS = latin1(
  '(\x02\0\0\0\0\0\0{"z":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},"i":{"dtype":"I64","shape":[2],"data_offsets":[8,24]},' +
    '"c":{"dtype":"C64","shape":[1],"data_offsets":[24,32]},"w":{"dtype":"U32","shape":[1],"data_offsets":[32,36]},' +
    '"k":{"dtype":"I32","shape":[1],"data_offsets":[36,40]},"v":{"dtype":"U16","shape":[1],"data_offsets":[40,42]},' +
    '"s":{"dtype":"I16","shape":[1],"data_offsets":[42,44]},"j":{"dtype":"I8","shape":[1],"data_offsets":[44,45]},' +
    '"u":{"dtype":"U8","shape":[1],"data_offsets":[45,46]},"t":{"dtype":"BOOL","shape":[2],"data_offsets":[46,48]}}     ' +
    '\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x80?\0\0\0@\xff\xff\xff\xff\xfd\xff\xff\xff\xff\xff\xfe\xff\xff\xff\x01\0',
)

describe('vectors: files written by the safetensors package', () => {
  test('writeSafetensors writes the same five tensors and metadata byte for byte', () => {
    expect(toHex(writeSafetensors(TENSORS, new Map([['made by', 'é"\n']])))).toBe(toHex(FLOATS))
  })

  test('writeSafetensors of no tensors is {} and six spaces', () => {
    expect(toHex(writeSafetensors([]))).toBe(toHex(latin1('\x08\0\0\0\0\0\0\0{}      ')))
  })

  test('readSafetensors reads them, in the order of their bytes', () => {
    const { tensors, metadata } = readSafetensors(FLOATS)
    expect([...metadata]).toEqual([['made by', 'é"\n']])
    expect([...tensors.keys()]).toEqual(['a', '0', 'b', 'e', 'h'])
    for (const { name, ...tensor } of TENSORS) expect(tensors.get(name)).toEqual(tensor)
  })

  test('readSafetensors reads integers, truth values and complex numbers as arrays of their own width', () => {
    const { tensors } = readSafetensors(OTHERS)
    expect(Array.from(tensors, ([name, { dtype, data }]) => [name, dtype, data])).toEqual([
      ['z', 'U64', BigUint64Array.of(18446744073709551615n)],
      ['i', 'I64', BigInt64Array.of(0n, 1n)],
      ['c', 'C64', Float32Array.of(1, 2)],
      ['w', 'U32', Uint32Array.of(4294967295)],
      ['k', 'I32', Int32Array.of(-3)],
      ['v', 'U16', Uint16Array.of(65535)],
      ['s', 'I16', Int16Array.of(-2)],
      ['j', 'I8', Int8Array.of(-1)],
      ['u', 'U8', Uint8Array.of(255)],
      ['t', 'BOOL', Uint8Array.of(1, 0)],
    ])
  })
})

describe('the header alone', () => {
  const headerBytes = 8 + 0x140

  test('safetensorsHeaderBytes says from 8 bytes how many readSafetensorsHeader needs, and those are enough', () => {
    expect(safetensorsHeaderBytes(FLOATS.slice(0, 8))).toBe(headerBytes)
    const { tensors, metadata, fileBytes } = readSafetensorsHeader(FLOATS.slice(0, headerBytes))
    expect(fileBytes).toBe(FLOATS.length)
    expect(metadata.size).toBe(1)
    expect(tensors.get('b')).toEqual({ dtype: 'F32', shape: [3], begin: headerBytes + 20, end: headerBytes + 32 })
    expect(bits(FLOATS.slice(headerBytes + 20, headerBytes + 32))).toEqual(bits(Float32Array.of(0, 1, 2)))
  })

  test('a header of 100 bytes may describe a file of 2^40 bytes', () => {
    const header = `{"w":{"dtype":"F32","shape":[${2 ** 38}],"data_offsets":[0,${2 ** 40}]}}`
    const prefix = file(header)
    expect(readSafetensorsHeader(prefix).fileBytes).toBe(prefix.length + 2 ** 40)
    expect(() => readSafetensors(prefix)).toThrow(
      `safetensors: file expected ${prefix.length + 2 ** 40} bytes, as its header says, got ${prefix.length}; the file is truncated`,
    )
  })
})

describe('round trips', () => {
  test('200 random sets of tensors keep names, dtypes, shapes and bits, and every tensor is aligned in the file', () => {
    const anyData = fc.oneof(
      fc.float32Array({ maxLength: 6 }).map((data) => ({ dtype: 'F32' as const, data })),
      fc.float64Array({ maxLength: 6 }).map((data) => ({ dtype: 'F64' as const, data })),
      fc
        .tuple(fc.constantFrom('F16' as const, 'BF16' as const), fc.uint16Array({ maxLength: 6 }))
        .map(([dtype, data]) => ({ dtype, data })),
    )
    const anyTensors = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), anyData), {
      selector: ([name]) => name,
      maxLength: 6,
    })
    fc.assert(
      fc.property(anyTensors, (entries) => {
        const written = entries.map(
          ([name, { dtype, data }]) => ({ name, dtype, shape: [data.length, 1], data }) as TensorToWrite,
        )
        const bytes = writeSafetensors(written)
        const { tensors } = readSafetensors(bytes)
        expect(tensors.size).toBe(written.length)
        for (const { name, dtype, shape, data } of written) {
          const read = tensors.get(name)!
          expect([read.dtype, read.shape, read.data.constructor]).toEqual([dtype, shape, data.constructor])
          expect(bits(read.data)).toEqual(bits(data))
          expect(readSafetensorsHeader(bytes).tensors.get(name)!.begin % data.BYTES_PER_ELEMENT).toBe(0)
        }
      }),
      { seed: 8, numRuns: 200 },
    )
  })

  test("'__proto__', 'constructor', '10' and the empty name are names like any other, in tensors and in metadata", () => {
    const names = ['', '10', '9', '__proto__', 'constructor']
    const metadata = new Map(names.map((name) => [name, name]))
    const written = names.map((name) => ({ name, dtype: 'F32' as const, shape: [1], data: Float32Array.of(1) }))
    const read = readSafetensors(writeSafetensors(written, metadata))
    expect([...read.tensors.keys()]).toEqual(names)
    expect(new Map([...read.metadata].sort())).toEqual(metadata)
    expect(({} as Record<string, unknown>).dtype).toBeUndefined()
  })

  test('readSafetensors gives copies: changing the file afterwards changes no value', () => {
    const bytes = new Uint8Array(FLOATS)
    const { tensors } = readSafetensors(bytes)
    bytes.fill(0)
    expect([...tensors.get('b')!.data]).toEqual([0, 1, 2])
  })
})

describe('refusals', () => {
  const f32 = (shape: string, offsets: string) => `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`
  const data = new Uint8Array(8)

  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'safetensors: file expected at least 8 bytes, got 0'],
    [
      'a header of 2^64 - 1 bytes',
      new Uint8Array(8).fill(255),
      'safetensors: header length expected at most 100000000, got 18446744073709551615; is it a .safetensors file?',
    ],
    [
      'a header of 100000001 bytes',
      latin1('\x01\xe1\xf5\x05\0\0\0\0{}'),
      'safetensors: header length expected at most 100000000, got 100000001; is it a .safetensors file?',
    ],
    ['half a header', file('{}').slice(0, 12), 'safetensors: header expected 8 bytes, got 4; the file is truncated'],
    ['no header', file(''), "safetensors: header expected JSON in UTF-8, got '"],
    ['a header that is no JSON', file('{"a":}'), "safetensors: header expected JSON in UTF-8, got '"],
    [
      'a header that is not UTF-8',
      new Uint8Array([...file('{"..":1}').map((byte) => (byte === 0x2e ? 0xff : byte))]),
      "safetensors: header expected JSON in UTF-8, got '",
    ],
    [
      'a header that begins with a space',
      file(' {}'),
      "safetensors: header expected a JSON object from its first byte on, got ' {}     '",
    ],
    [
      'a header that is a list',
      file('[]'),
      "safetensors: header expected a JSON object from its first byte on, got '[]      '",
    ],
    [
      'a name twice',
      file(`{"a":${f32('[1]', '[0,4]')},"a":${f32('[1]', '[4,8]')}}`, data),
      "safetensors: header expected every key once, got 'a' twice",
    ],
    [
      'a name twice, once in escapes',
      file(`{"a":${f32('[1]', '[0,4]')},"\\u0061":${f32('[1]', '[4,8]')}}`, data),
      "safetensors: header expected every key once, got 'a' twice",
    ],
    [
      'a dtype twice',
      file('{"a":{"dtype":"F32","dtype":"F16","shape":[0],"data_offsets":[0,0]}}'),
      "safetensors: header expected every key once, got 'dtype' twice",
    ],
    [
      'metadata that are no object',
      file('{"__metadata__":[]}'),
      'safetensors: __metadata__ expected an object of strings, got []',
    ],
    [
      'metadata that are no strings',
      file('{"__metadata__":{"a":{}}}'),
      "safetensors: __metadata__ 'a' expected a string, got an object",
    ],
    ['an entry that is null', file('{"a":null}'), "safetensors: tensor 'a': entry expected an object, got null"],
    [
      'no dtype',
      file('{"a":{"shape":[],"data_offsets":[0,4]}}'),
      "safetensors: tensor 'a': dtype expected one of F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, C64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, got undefined",
    ],
    [
      'an unknown dtype',
      file('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,4]}}'),
      "safetensors: tensor 'a': dtype expected one of F64, F32",
    ],
    [
      'a dtype that is an object with a name of its own',
      file('{"a":{"dtype":{"constructor":{"name":{"toString":1}}}}}'),
      'U8, BOOL, got an object',
    ],
    [
      'no shape',
      file('{"a":{"dtype":"F32","data_offsets":[0,4]}}'),
      "safetensors: tensor 'a': shape expected an array of integers in [0, 2^53), got undefined",
    ],
    [
      'a negative size',
      file(`{"a":${f32('[-1]', '[0,4]')}}`),
      "safetensors: tensor 'a': shape expected an array of integers in [0, 2^53), got [-1]",
    ],
    [
      'a fraction',
      file(`{"a":${f32('[0.5]', '[0,2]')}}`),
      "safetensors: tensor 'a': shape expected an array of integers in [0, 2^53), got [0.5]",
    ],
    [
      'a size of 2^53',
      file(`{"a":${f32('[9007199254740992]', '[0,4]')}}`),
      "safetensors: tensor 'a': shape expected an array of integers in [0, 2^53), got [9007199254740992]",
    ],
    [
      'a product beyond 2^53',
      file(`{"a":${f32('[4294967296,4294967296]', '[0,8]')}}`, data),
      "safetensors: tensor 'a': data_offsets expected 73786976294838210000 bytes for shape [4294967296, 4294967296] of F32, got 8",
    ],
    [
      'offsets that run backwards',
      file(`{"a":${f32('[1]', '[4,0]')}}`),
      "safetensors: tensor 'a': data_offsets expected two integers in [0, 2^53), begin <= end, got [4, 0]",
    ],
    [
      'three offsets',
      file(`{"a":${f32('[1]', '[0,4,8]')}}`),
      "safetensors: tensor 'a': data_offsets expected two integers in [0, 2^53), begin <= end, got [0, 4, 8]",
    ],
    [
      'bytes that do not fit the shape',
      file(`{"a":${f32('[3]', '[0,8]')}}`, data),
      "safetensors: tensor 'a': data_offsets expected 12 bytes for shape [3] of F32, got 8",
    ],
    [
      'two tensors in one place',
      file(`{"a":${f32('[2]', '[0,8]')},"b":${f32('[1]', '[4,8]')}}`, data),
      "safetensors: tensor 'b' data_offsets expected to begin at 8, without overlap or hole, got 4",
    ],
    [
      'the same place for two names',
      file(`{"a":${f32('[2]', '[0,8]')},"b":${f32('[2]', '[0,8]')}}`, data),
      "safetensors: tensor 'b' data_offsets expected to begin at 8, without overlap or hole, got 0",
    ],
    [
      'a hole before the first tensor',
      file(`{"a":${f32('[1]', '[4,8]')}}`, data),
      "safetensors: tensor 'a' data_offsets expected to begin at 0, without overlap or hole, got 4",
    ],
    [
      'a missing byte',
      file(`{"a":${f32('[2]', '[0,8]')}}`, data.slice(1)),
      'bytes, as its header says, got 71; the file is truncated',
    ],
    [
      'a byte too many',
      file(`{"a":${f32('[1]', '[0,4]')}}`, data.slice(3)),
      'bytes, as its header says, got 69; there are bytes after the last tensor',
    ],
    ['arrays nested 10^5 deep', file(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), 'safetensors: '],
    [
      'a shape nested 10^5 deep',
      file(`{"a":{"dtype":"F32","shape":${'['.repeat(1e5)}${']'.repeat(1e5)},"data_offsets":[0,0]}}`),
      'safetensors: ',
    ],
  ])('readSafetensors refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(FormatError)
    expect(() => readSafetensors(bytes)).toThrow(message)
  })

  test('the same key in two different objects is no duplicate, nor is a string that looks like one', () => {
    const text = `{"__metadata__":{"a":"b","b":"\\"a\\":{"},"a":${f32('[1]', '[0,4]')},"b":${f32('[1]', '[4,8]')}}`
    expect([...readSafetensors(file(text, data)).tensors.keys()]).toEqual(['a', 'b'])
  })

  test('what is not bytes is a TypeError', () => {
    for (const read of [readSafetensors, readSafetensorsHeader, safetensorsHeaderBytes])
      expect(() => read('x' as unknown as Uint8Array)).toThrow(TypeError)
  })

  const one = (change: object) => [
    { name: 'w', dtype: 'F32', shape: [1], data: Float32Array.of(1), ...change } as TensorToWrite,
  ]
  test.each<[TensorToWrite[], Error]>([
    [
      one({ name: '__metadata__' }),
      new RangeError("writeSafetensors: names expected each one once and none '__metadata__', got '__metadata__'"),
    ],
    [
      [...one({}), ...one({})],
      new RangeError("writeSafetensors: names expected each one once and none '__metadata__', got 'w'"),
    ],
    [one({ name: 1 }), new TypeError('writeSafetensors: name expected a string, got 1')],
    [one({ name: '\ud800' }), new RangeError("writeSafetensors: name expected well-formed Unicode, got '\ud800'")],
    [
      one({ dtype: 'f32' }),
      new RangeError(
        "writeSafetensors: tensor 'w': dtype expected one of F64, F32, BF16, F16, got 'f32'; did you mean 'F32'?",
      ),
    ],
    [
      one({ dtype: 'BF16' }),
      new TypeError("writeSafetensors: tensor 'w': data expected a Uint16Array for BF16, got Float32Array of 4 bytes"),
    ],
    [
      one({ shape: [2] }),
      new RangeError("writeSafetensors: tensor 'w': shape expected sizes that multiply to data.length = 1, got [2]"),
    ],
  ])('writeSafetensors refuses set %#', (tensors, error) => {
    expect(() => writeSafetensors(tensors)).toThrow(error)
  })

  test('writeSafetensors refuses metadata that are no strings', () => {
    expect(() => writeSafetensors([], new Map([['a', 1 as unknown as string]]))).toThrow(
      new TypeError("writeSafetensors: metadata 'a' expected a string, got 1"),
    )
  })
})

describe('hostile files', () => {
  const judge = (bytes: Uint8Array) => {
    try {
      let total = 0
      for (const { dtype, shape, data } of readSafetensors(bytes).tensors.values()) {
        total += data.byteLength
        if (data.length !== shape.reduce((n, d) => n * d, dtype === 'C64' ? 2 : 1)) return `${data.length} for ${shape}`
      }
      return total > bytes.length ? `${total} bytes from ${bytes.length}` : 'read'
    } catch (error) {
      return error instanceof FormatError ? 'refused' : String(error)
    }
  }

  test('each of the 255 other values of each byte of a small file gives tensors that fit the file or a FormatError', () => {
    const small = writeSafetensors(
      [
        { name: 'w', dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, 2) },
        { name: 'h', dtype: 'BF16', shape: [], data: Uint16Array.of(0x3f80) },
      ],
      new Map([['k', 'v']]),
    )
    const verdicts = Array.from(mutations(small, 'value'), judge)
    expect(new Set(verdicts)).toEqual(new Set(['read', 'refused']))
    // all 10 bytes of data may be anything
    expect(verdicts.filter((verdict) => verdict === 'read').length).toBeGreaterThanOrEqual(10 * 255)
  })

  test("each bit of the package's own files turned, and every proper prefix of them, the same, every prefix refused", () => {
    for (const whole of [FLOATS, OTHERS]) {
      expect(new Set(Array.from(mutations(whole, 'bit'), judge))).toEqual(new Set(['read', 'refused']))
      expect(new Set(Array.from(prefixes(whole), judge))).toEqual(new Set(['refused']))
    }
  })

  test("2000 random headers of the format's own pieces give tensors or a FormatError", () => {
    const leaf = fc.constantFrom(
      0,
      4,
      8,
      -1,
      0.5,
      1e300,
      null,
      true,
      'F32',
      'I64',
      'x',
      [],
      [0],
      [1],
      [0, 4],
      [0, 8],
      [4, 8],
      [[0]],
      {},
    )
    const entry = fc.dictionary(fc.constantFrom('dtype', 'shape', 'data_offsets', '__proto__', 'constructor'), leaf)
    const anyName = fc.constantFrom('a', 'b', '__metadata__', '__proto__', 'toString')
    fc.assert(
      fc.property(fc.dictionary(anyName, fc.oneof(entry, leaf)), fc.integer({ min: 0, max: 8 }), (header, size) => {
        expect(judge(file(JSON.stringify(header), new Uint8Array(size)))).toMatch(/^(read|refused)$/)
      }),
      { seed: 9, numRuns: 2000 },
    )
  })
})
