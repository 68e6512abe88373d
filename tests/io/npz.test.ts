import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../../src/io/crc32'
import { FormatError } from '../../src/io/format-error'
import { readNpy, writeNpy } from '../../src/io/npy'
import { readNpz, writeNpz } from '../../src/io/npz'
import { writeZip } from '../../src/io/zip-writer'
import { bits, fromHex, latin1, mutations, patched, prefixes } from './bytes'

// numpy.savez, savez_compressed and savez into a stream that cannot seek, each of x = arange(2, <f4), by NumPy 2.4.6
const NPY = `934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c
  20277368617065273a2028322c292c207d${'20'.repeat(60)}0a000000000000803f`
const SAVEZ = `504b03042d000000000000002100f3055321ffffffffffffffff05001400782e6e7079
  0100100088000000000000008800000000000000${NPY}
  504b01022d032d000000000000002100f30553218800000088000000050000000000000000000000800100000000782e6e7079
  504b0506000000000100010033000000bf0000000000`
const SAVEZ_COMPRESSED = `504b03042d000000080000002100f3055321ffffffffffffffff05001400782e6e7079
  01001000880000000000000049000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a2aea3a09e965f54529498179f5f
  94920a12774bcc294e058a17672416a402f91a463a9a3a0ab50a14002e063068b00700
  504b01022d032d000000080000002100f30553214900000088000000050000000000000000000000800100000000782e6e7079
  504b05060000000001000100330000008000 00000000`
const SAVEZ_STREAMED = `504b03042d00080000000000210000000000ffffffffffffffff05001400782e6e7079
  0100100000000000000000000000000000000000${NPY}504b0708f305532188000000000000008800000000000000
  504b01022d032d000800000000002100f30553218800000088000000050000000000000000000000800100000000782e6e7079
  504b0506000000000100010033000000d70000000000`

const X = { shape: [2], data: Float32Array.of(0, 1) }

describe('vectors', () => {
  test('crc32 of "123456789" is cbf43926, of nothing 0', () => {
    expect(crc32(latin1('123456789'))).toBe(0xcbf43926)
    expect(crc32(new Uint8Array(0))).toBe(0)
  })

  test.each([
    ['savez', SAVEZ],
    ['savez_compressed', SAVEZ_COMPRESSED],
    ['savez into a stream', SAVEZ_STREAMED],
  ])('readNpz reads what NumPy writes with %s', async (_, hex) => {
    expect([...(await readNpz(fromHex(hex)))]).toEqual([['x', X]])
  })
})

describe('round trips', () => {
  test('readNpz(writeNpz(arrays)) keeps names, order, types, shapes and bits of 100 random archives', async () => {
    const anyArray = fc.oneof(fc.float32Array({ maxLength: 9 }), fc.float64Array({ maxLength: 9 }))
    const anyArchive = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 12 }), anyArray, { maxKeys: 5 })
    await fc.assert(
      fc.asyncProperty(anyArchive, async (archive) => {
        const arrays = Object.entries(archive).map(([name, data]) => [name, { shape: [data.length], data }] as const)
        const read = await readNpz(writeNpz(arrays))
        expect([...read.keys()]).toEqual(arrays.map(([name]) => name))
        for (const [name, { shape, data }] of arrays) {
          expect(read.get(name)?.shape).toEqual(shape)
          expect(read.get(name)?.data.constructor).toBe(data.constructor)
          expect(bits(read.get(name)!.data)).toEqual(bits(data))
        }
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('no arrays make an archive of 22 bytes that reads as none', async () => {
    expect(writeNpz([]).length).toBe(22)
    expect((await readNpz(writeNpz([]))).size).toBe(0)
  })

  test("'__proto__' and 'constructor' are names like any other", async () => {
    const read = await readNpz(
      writeNpz([
        ['__proto__', X],
        ['constructor', X],
      ]),
    )
    expect([...read]).toEqual([
      ['__proto__', X],
      ['constructor', X],
    ])
    expect(({} as Record<string, unknown>).shape).toBeUndefined()
  })

  test('a deflated array of 10^6 zeros, 1000 times smaller than itself, is read', async () => {
    const zeros = writeNpy([1e6], new Float32Array(1e6))
    const file = await deflatedNpz(zeros)
    expect(zeros.length / file.length).toBeGreaterThan(900)
    expect((await readNpz(file)).get('x')?.data.length).toBe(1e6)
  })
})

// offsets in an archive of one file named 'x.npy'
const LOCAL_NAME = 30
const DATA = 35
const central = (bytes: Uint8Array) => bytes.length - 22 - 51
const end = (bytes: Uint8Array) => bytes.length - 22

// the stored archive of one file, made over into a deflated one; `size` and `crc` are what it then declares
async function deflatedNpz(content: Uint8Array<ArrayBuffer>, size = content.length, crc = crc32(content)) {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const packed = new Uint8Array(await new Response(stream).arrayBuffer())
  return declaring(packed, size, crc)
}

function declaring(packed: Uint8Array, size: number, crc: number) {
  const file = writeZip([{ name: 'x.npy', data: packed }], 'test')
  const at = central(file)
  return patched(file, [8, 2, 8], [at + 10, 2, 8], [14, 4, crc], [at + 16, 4, crc], [22, 4, size], [at + 24, 4, size])
}

describe('refusals', () => {
  const file = writeNpz([['x', X]])
  const [c, e] = [central(file), end(file)]
  const two = writeNpz([
    ['a', X],
    ['b', X],
  ])
  const secondCentral = end(two) - 51
  const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 13)

  test.each<[string, Uint8Array, string]>([
    [
      'no bytes',
      new Uint8Array(0),
      'npz: last 22 bytes expected the end record of a zip archive without comment, got none; is it a whole .npz file?',
    ],
    ['a .npy file', writeNpy([1], new Float32Array(1)), 'npz: last 22 bytes expected the end record'],
    ['bytes after the end', new Uint8Array([...file, 0]), 'npz: last 22 bytes expected the end record'],
    [
      'bytes before the start',
      new Uint8Array([0, ...file]),
      `npz: directory expected to end at byte ${e + 1}, got ${e}; the archive is damaged`,
    ],
    ['a comment', patched(file, [e + 20, 2, 1]), 'npz: end record expected no comment, got a comment'],
    ['one part of several', patched(file, [e + 4, 2, 1]), 'npz: archive expected a single part, got a part of several'],
    [
      '60000 files',
      patched(file, [e + 8, 2, 60000], [e + 10, 2, 60000]),
      'npz: archive expected at most 10000 files, got 60000',
    ],
    [
      'a file that is not there',
      patched(file, [e + 8, 2, 2], [e + 10, 2, 2]),
      `npz: file 2 of 2: directory expected a record at byte ${e}, got none; the archive is damaged`,
    ],
    [
      'a file that is not counted',
      patched(file, [e + 8, 2, 0], [e + 10, 2, 0]),
      `npz: directory expected to end at byte ${e}, got ${c}; the archive is damaged`,
    ],
    [
      'a zip64 directory',
      patched(file, [e + 16, 4, 0xffffffff]),
      'npz: archive expected less than 4 GiB, got a zip64 directory; split it',
    ],
    [
      'a zip64 file',
      patched(file, [c + 24, 4, 0xffffffff]),
      'npz: file 1 of 1: size expected less than 4 GiB, got a zip64 record; save each array to a .npy file',
    ],
    [
      'an encrypted file',
      patched(file, [c + 8, 2, 0x0801]),
      'npz: file 1 of 1: flags expected no encryption, got 0x801',
    ],
    [
      'bzip2',
      patched(file, [c + 10, 2, 12]),
      'npz: file 1 of 1: method expected stored (0) or deflated (8), got 12; save with numpy.savez or numpy.savez_compressed',
    ],
    [
      'a name longer than the directory',
      patched(file, [c + 28, 2, 500]),
      `npz: file 1 of 1: directory expected records up to byte ${e}, got ${c + 46 + 500}; the archive is damaged`,
    ],
    [
      'a name that is not UTF-8',
      patched(file, [LOCAL_NAME, 2, 0xffff], [c + 46, 2, 0xffff]),
      'npz: file 1 of 1: name expected UTF-8, got other bytes',
    ],
    [
      'a stored file of another size',
      patched(file, [c + 24, 4, 137]),
      'npz: file 1 of 1: size expected 136, as stored, got 137',
    ],
    [
      'a file beyond the directory',
      patched(file, [c + 42, 4, 0x7fffffff]),
      "npz: file 'x.npy' expected a header at byte 2147483647, got none; the archive is damaged",
    ],
    [
      'data beyond the directory',
      patched(file, [28, 2, 1]),
      `npz: file 'x.npy' expected data before byte ${c}, got byte ${c + 1}; the archive is damaged`,
    ],
    [
      'another name in the directory',
      patched(file, [c + 46, 2, 0x2e79]),
      "npz: file 'y.npy' expected a header equal to its directory record, got another; the archive is damaged",
    ],
    [
      'another CRC in the directory',
      patched(file, [c + 16, 4, 1]),
      "npz: file 'x.npy' expected a header equal to its directory record, got another; the archive is damaged",
    ],
    [
      'two files in one place',
      patched(two, [secondCentral + 42, 4, 0]),
      "npz: file 'b.npy' expected a place of its own from byte 171, got byte 0",
    ],
    [
      'the same name twice',
      patched(two, [171 + LOCAL_NAME, 2, 0x2e61], [secondCentral + 46, 2, 0x2e61]),
      "npz: file names expected each one once, got 'a.npy' twice",
    ],
    [
      'a file that is no array',
      writeZip([{ name: 'readme.txt', data: latin1('hello') }], 'test'),
      "npz: file name expected an ending in .npy, got 'readme.txt'",
    ],
    [
      'an array that is damaged inside',
      writeZip([{ name: 'x.npy', data: latin1('hello') }], 'test'),
      "npz: x.npy: first bytes expected the magic '\\x93NUMPY', got 'hello'; is it a .npy file?",
    ],
    ['data whose CRC is another', patched(file, [DATA + 132, 2, 7]), 'npz: x.npy: CRC-32 expected 215305f3, got'],
    [
      '100 bytes that say they are 103201',
      declaring(new Uint8Array(100), 103201, 0),
      'npz: file 1 of 1: size expected at most 1032 times its 100 packed bytes, got 103201; is it a zip bomb?',
    ],
    [
      '300 KB that say they are 268435457',
      declaring(noise, 268435457, 0),
      'npz: unpacked size expected at most 268435456 bytes, got 268435457; is it a zip bomb?',
    ],
    [
      'data that are no deflate stream',
      declaring(Uint8Array.of(7, 7, 7, 7), 100, 0),
      'npz: x.npy: data expected a deflate stream, got',
    ],
  ])('readNpz refuses %s', async (_, bytes, message) => {
    await expect(readNpz(bytes)).rejects.toThrow(FormatError)
    await expect(readNpz(bytes)).rejects.toThrow(message)
  })

  test('readNpz refuses a deflated file that unpacks to one byte more or less than it declares, or is cut', async () => {
    const content = writeNpy([1000], new Float32Array(1000))
    const n = content.length
    await expect(readNpz(await deflatedNpz(content, n - 1))).rejects.toThrow(
      `npz: x.npy: size expected ${n - 1} bytes, as the archive declares, got more; the archive is damaged`,
    )
    await expect(readNpz(await deflatedNpz(content, n + 1))).rejects.toThrow(
      `npz: x.npy: size expected ${n + 1} bytes, as the archive declares, got ${n}; the archive is damaged`,
    )
    const whole = await deflatedNpz(content)
    const packed = whole.slice(DATA, central(whole) - 1)
    await expect(readNpz(declaring(packed, n, crc32(content)))).rejects.toThrow(FormatError)
  })

  test('readNpz stops a bomb that declares 128 bytes and unpacks to 10^7', async () => {
    await expect(readNpz(await deflatedNpz(new Uint8Array(1e7), 128))).rejects.toThrow(
      'npz: x.npy: size expected 128 bytes, as the archive declares, got more; the archive is damaged',
    )
  })

  test('writeNpz refuses a name that comes twice, and more than 10000 arrays', () => {
    expect(() =>
      writeNpz([
        ['a', X],
        ['a', X],
      ]),
    ).toThrow(new RangeError("writeNpz: names expected each one once, got 'a'"))
    const many = Array.from({ length: 10_001 }, (_, i) => [`${i}`, { shape: [0], data: new Float32Array(0) }] as const)
    expect(() => writeNpz(many)).toThrow('writeNpz: arrays expected at most 10000 and 4 GiB, got 10001 and')
  })

  test('readNpz of what is not bytes is a TypeError', async () => {
    await expect(readNpz('x' as unknown as Uint8Array)).rejects.toThrow(
      new TypeError("readNpz: bytes expected a Uint8Array, got 'x'"),
    )
  })
})

describe('hostile files', () => {
  const judge = async (bytes: Uint8Array) => {
    try {
      const [[name, { shape, data }], ...others] = await readNpz(bytes)
      return others.length === 0 && `${name} ${shape} ${data} ${data.constructor.name}` === 'x 2 0,1 Float32Array'
        ? 'the same'
        : `${name} ${shape} ${data}`
    } catch (error) {
      return error instanceof FormatError ? 'refused' : String(error)
    }
  }

  test.each([
    ['savez', SAVEZ],
    ['savez into a stream', SAVEZ_STREAMED],
    ['savez_compressed', SAVEZ_COMPRESSED],
  ])("each bit of NumPy's %s turned gives the same array or a FormatError, never another array", async (_, hex) => {
    const verdicts = new Set<string>()
    for (const bytes of mutations(fromHex(hex), 'bit')) verdicts.add(await judge(bytes))
    expect(verdicts).toEqual(new Set(['the same', 'refused']))
  })

  test('every proper prefix is refused', async () => {
    for (const prefix of prefixes(fromHex(SAVEZ_COMPRESSED))) expect(await judge(prefix)).toBe('refused')
  })

  test('the array inside is the .npy file itself', () => {
    expect(readNpy(fromHex(NPY))).toEqual(X)
  })
})
