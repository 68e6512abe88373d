import { describe, expect, test } from 'vitest'
import { inMemory, joined, stretches } from '../../src/io/byte-source'
import { FormatError } from '../../src/io/format-error'
import { readNpz, writeNpz } from '../../src/io/npz'
import { streamNpz } from '../../src/io/npz-stream'
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors'
import { streamSafetensors } from '../../src/io/safetensors-stream'
import { itemCount } from '../../src/io/shape'
import type { TensorStream, WeightFile } from '../../src/io/tensor-stream'
import { readTfjsManifest } from '../../src/io/tfjs-manifest'
import { streamTfjs } from '../../src/io/tfjs-stream'
import { latin1, mutations, prefixes } from './bytes'

async function valuesOf({ values }: TensorStream): Promise<number[]> {
  const all: number[] = []
  for await (const part of values()) all.push(...part)
  return all
}

async function contents({ tensors }: WeightFile): Promise<[string, number[]][]> {
  const all: [string, number[]][] = []
  for (const tensor of tensors) all.push([tensor.name, await valuesOf(tensor)])
  return all
}

/** Whether reading ends in values that fill their shapes, or in a FormatError. */
async function wholeOrRefused(open: () => WeightFile | Promise<WeightFile>): Promise<boolean> {
  try {
    const file = await open()
    for (const tensor of file.tensors) if ((await valuesOf(tensor)).length !== itemCount(tensor.shape)) return false
    return true
  } catch (error) {
    return error instanceof FormatError
  }
}

const SAFETENSORS = writeSafetensors([
  { name: '__proto__', dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'd', dtype: 'F64', shape: [2], data: Float64Array.of(0.1, -0.2) },
  { name: 'h', dtype: 'F16', shape: [2], data: Uint16Array.of(0x3c00, 0x0001) },
  { name: 'b', dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f80, 0xc000) },
])
const NPZ = writeNpz([
  ['__proto__', { shape: [3], data: Float32Array.of(1, 2, 3) }],
  ['d', { shape: [1, 2], data: Float64Array.of(0.1, -0.2) }],
])

describe('a .safetensors file in streams', () => {
  test('gives the values that are read whole, 16-bit ones widened, under every name', async () => {
    const found = await contents(streamSafetensors(inMemory(SAFETENSORS)))
    const whole = readSafetensors(SAFETENSORS).tensors
    expect(found.map(([name]) => name)).toEqual([...whole.keys()])
    expect(Object.fromEntries(found.slice(2))).toEqual({ b: [1, -2], h: [1, 2 ** -24] })
    expect(found[1]).toEqual(['__proto__', [1, 2, 3, 4, 5, 6]])
    expect(found[0][1]).toEqual([0.1, -0.2])
  })

  test('each bit turned gives tensors that fill their shapes or a FormatError', async () => {
    for (const bytes of mutations(SAFETENSORS.slice(0, 300), 'bit')) {
      const copy = new Uint8Array(SAFETENSORS)
      copy.set(bytes)
      expect(await wholeOrRefused(() => streamSafetensors(inMemory(copy)))).toBe(true)
    }
  })

  test('every shorter file is refused, and so is a longer one', () => {
    for (const bytes of prefixes(SAFETENSORS)) expect(() => streamSafetensors(inMemory(bytes))).toThrow(FormatError)
    expect(() => streamSafetensors(inMemory(new Uint8Array([...SAFETENSORS, 0])))).toThrow('after the last tensor')
  })

  test('tensors of integers are passed over, and said to be', () => {
    const header = '{"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}  '
    const bytes = latin1(`${String.fromCharCode(header.length)}${'\0'.repeat(7)}${header}${'\0'.repeat(8)}`)
    expect(streamSafetensors(inMemory(bytes))).toEqual({
      tensors: [],
      passedOver: [{ name: 'i', shape: [1], why: 'its dtype is I64' }],
    })
  })
})

describe('an .npz file in streams', () => {
  test('gives the values that are read whole', async () => {
    const whole = [...(await readNpz(NPZ))].map(([name, { data }]) => [name, [...data]])
    expect(await contents(await streamNpz(inMemory(NPZ)))).toEqual(whole)
  })

  test('each bit turned gives arrays that fill their shapes or a FormatError', async () => {
    for (const bytes of mutations(NPZ, 'bit')) expect(await wholeOrRefused(() => streamNpz(inMemory(bytes)))).toBe(true)
  })

  test('every shorter archive is refused', async () => {
    for (const bytes of prefixes(NPZ)) await expect(streamNpz(inMemory(bytes))).rejects.toThrow(FormatError)
  })

  test('a value changed in the data is found by the CRC when the last one has been read', async () => {
    const bytes = new Uint8Array(NPZ)
    const at = NPZ.findIndex((_, i) => NPZ[i] === 0x93) + 128
    bytes[at] ^= 1
    const [first] = (await streamNpz(inMemory(bytes))).tensors
    await expect(valuesOf(first)).rejects.toThrow('CRC-32')
  })
})

const MANIFEST = [
  {
    paths: ['a.bin', 'sub/b.bin'],
    weights: [
      { name: 'k', shape: [2, 1], dtype: 'float32' },
      { name: 'q', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'w', shape: [1], dtype: 'float32', quantization: { dtype: 'uint16', scale: 2, min: 1 } },
      { name: 'h', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'n', shape: [1], dtype: 'int32' },
    ],
  },
]
const DATA = new Uint8Array([0, 0, 128, 63, 0, 0, 0, 192, 0, 2, 255, 1, 1, 0, 60, 7, 0, 0, 0])
const SHARDS: Record<string, Uint8Array> = { 'a.bin': DATA.subarray(0, 5), 'sub/b.bin': DATA.subarray(5) }

function model(weightsManifest: unknown): string {
  return JSON.stringify({ format: 'layers-model', weightsManifest })
}

function open(text: string, shards = SHARDS): WeightFile {
  return streamTfjs(readTfjsManifest(text), (path) => inMemory(shards[path]))
}

describe('a TensorFlow.js model in streams', () => {
  test('weights may cross shards; quantized ones are q scale + min; integers are passed over', async () => {
    const file = open(model(MANIFEST))
    expect(await contents(file)).toEqual([
      ['k', [1, -2]],
      ['q', [-1, 0, 126.5]],
      ['w', [1 + 2 * 257]],
      ['h', [1]],
    ])
    expect(file.passedOver).toEqual([{ name: 'n', shape: [1], why: 'its dtype is int32' }])
  })

  test.each([
    '../a.bin',
    '/etc/passwd',
    'sub/../../a.bin',
    'a\\b.bin',
    'C:a.bin',
    'https://x/a.bin',
    '',
    './a.bin',
    'a//b.bin',
  ])('the shard path %j is refused', (path) => {
    expect(() => readTfjsManifest(model([{ paths: [path], weights: [] }]))).toThrow(/shard path expected a plain path/)
  })

  test.each([
    ['no object', '[]', 'model expected an object'],
    ['no JSON', '{', 'file expected JSON'],
    ['a key twice', '{"weightsManifest":[],"weightsManifest":[]}', 'every key once'],
    ['no manifest', '{}', 'weightsManifest expected an array'],
    [
      'a name twice',
      model([{ paths: [], weights: [MANIFEST[0].weights[0], MANIFEST[0].weights[0]] }]),
      'each one once',
    ],
    [
      'a negative size',
      model([{ paths: [], weights: [{ name: 'k', shape: [-1], dtype: 'float32' }] }]),
      'shape expected',
    ],
    [
      'a quantization unheard of',
      model([
        { paths: [], weights: [{ name: 'k', shape: [], dtype: 'float32', quantization: { dtype: '__proto__' } }] },
      ]),
      'quantization dtype',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(() => readTfjsManifest(text)).toThrow(FormatError)
    expect(() => readTfjsManifest(text)).toThrow(message)
  })

  test.each(['string', 'constructor', '__proto__'])(
    'a weight of dtype %s is refused: its bytes cannot be told',
    (dtype) => {
      expect(() => open(model([{ paths: [], weights: [{ name: 'k', shape: [1], dtype }] }]))).toThrow(/dtype expected/)
    },
  )

  test('shards with a byte too few or too many are refused', () => {
    for (const bytes of [DATA.subarray(5, 18), new Uint8Array(15)])
      expect(() => open(model(MANIFEST), { ...SHARDS, 'sub/b.bin': bytes })).toThrow(/bytes, as the manifest says/)
  })

  test('each bit of model.json turned gives weights that fill their shapes or a FormatError', async () => {
    for (const bytes of mutations(latin1(model(MANIFEST)), 'bit')) {
      const text = new TextDecoder('latin1').decode(bytes)
      const shards = new Proxy(SHARDS, { get: (known, path: string) => known[path] ?? new Uint8Array(0) })
      expect(await wholeOrRefused(() => open(text, shards))).toBe(true)
    }
  })
})

test('sources joined read as one, at every pair of ends', () => {
  const source = joined(
    [DATA.subarray(0, 3), DATA.subarray(3, 3), DATA.subarray(3, 10), DATA.subarray(10)].map(inMemory),
  )
  for (let begin = 0; begin <= DATA.length; begin++)
    for (let end = begin; end <= DATA.length; end++)
      expect([...source.read(begin, end)]).toEqual([...DATA.subarray(begin, end)])
  expect([...stretches(source)]).toEqual([DATA])
})
