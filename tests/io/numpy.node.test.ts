import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv, writeCsv } from '../../src/io/csv'
import { formatFloat32 } from '../../src/io/decimal'
import { widenFloat16 } from '../../src/io/float16'
import { readNpy, writeNpy } from '../../src/io/npy'
import { readNpz, writeNpz } from '../../src/io/npz'
import { readSafetensors, type TensorToWrite, writeSafetensors } from '../../src/io/safetensors'
import { toHex } from './bytes'

/** What a line of Python prints, or undefined if there is no python3 or it fails. */
function ask(line: string): string | undefined {
  try {
    return execFileSync('python3', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

const numpy = ask('import numpy; print(numpy.__version__)')
const safetensors = numpy && ask('import safetensors.numpy; print(safetensors.__version__)')
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-io-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a script in the folder and returns the JSON that it prints. */
function python(script: string): unknown {
  return JSON.parse(execFileSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 24 }))
}

/** Whole numbers, then fractions and the specials: no two alike, so that a permutation shows. */
function values(length: number): number[] {
  return Array.from({ length }, (_, i) => [i, -0, 1 / (i + 1), Number.NaN, Number.NEGATIVE_INFINITY, 1e-40 * i][i % 6])
}

const SHAPES = [[], [0], [1], [7], [2, 3], [0, 3], [3, 0], [2, 3, 4], [1, 1, 5, 1]]
const ARRAYS = SHAPES.flatMap((shape) => {
  const length = shape.reduce((n, d) => n * d, 1)
  return [
    { shape, data: Float32Array.from(values(length)) },
    { shape, data: Float64Array.from(values(length)) },
  ]
})
const hexOf = (data: ArrayBufferView) => toHex(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
const described = ({ shape, data }: { shape: readonly number[]; data: Float32Array | Float64Array }) => [
  data instanceof Float32Array ? '<f4' : '<f8',
  shape,
  hexOf(data),
]

const DESCRIBE = `
import json, numpy as np
def described(a): return [a.dtype.str, list(a.shape), np.ascontiguousarray(a).tobytes().hex()]
`

describe.skipIf(!numpy)(numpy ? `NumPy ${numpy}` : 'NumPy NOT FOUND: python3 -m pip install numpy to run these', () => {
  test('numpy.load reads our .npy of 9 shapes in f4 and f8, and numpy.save from 2.0 on writes the very same bytes', () => {
    for (const [i, { shape, data }] of ARRAYS.entries()) writeFileSync(join(folder, `${i}.npy`), writeNpy(shape, data))
    const read = python(`${DESCRIBE}
import io
def check(name):
    array = np.load(name)
    again = io.BytesIO()
    np.save(again, array)
    return described(array) + [int(np.__version__.split('.')[0]) < 2 or again.getvalue() == open(name, 'rb').read()]
print(json.dumps([check(f'{i}.npy') for i in range(${ARRAYS.length})]))`)
    expect(read).toEqual(ARRAYS.map((array) => [...described(array), true]))
  })

  test('readNpy reads what numpy.save writes: f2, f4 and f8 of either byte order, and slices of larger arrays', () => {
    const wanted = python(`${DESCRIBE}
base = np.arange(24, dtype='f8').reshape(2, 3, 4) / 7
arrays = [base.astype(t) for t in ('<f2', '>f2', '<f4', '>f4', '<f8', '>f8')] + [base[:, ::2, 1:], base.transpose(2, 0, 1).copy(), base[0, 0, 0]]
for i, a in enumerate(arrays): np.save(f'from{i}.npy', np.ascontiguousarray(a) if a.ndim else a)
print(json.dumps([described(a.astype('<f8' if a.dtype.itemsize == 8 else '<f4')) for a in arrays]))`) as unknown[]
    // a Buffer, whose slice is a view and whose memory is a pool's
    expect(wanted.map((_, i) => described(readNpy(readFileSync(join(folder, `from${i}.npy`)))))).toEqual(wanted)
  })

  test('all 65536 half floats have the values that NumPy gives them', () => {
    const hex = python(`${DESCRIBE}
print(json.dumps(np.arange(65536, dtype='u2').view('f2').astype('f4').tobytes().hex()))`) as string
    const wanted = new Float32Array(new Uint8Array(Buffer.from(hex, 'hex')).buffer)
    expect(widenFloat16(Uint16Array.from({ length: 65536 }, (_, i) => i))).toEqual(wanted)
  })

  test('numpy.load reads our .npz, names and all', () => {
    const names = ['fc1.weight', 'é', '__proto__', 'a/b', '']
    writeFileSync(join(folder, 'ours.npz'), writeNpz(names.map((name, i) => [name, ARRAYS[6 + i]])))
    const read = python(`${DESCRIBE}
import zipfile
assert zipfile.ZipFile('ours.npz').testzip() is None
with np.load('ours.npz') as archive: print(json.dumps([[name, described(archive[name])] for name in archive.files]))`)
    expect(read).toEqual(names.map((name, i) => [name, described(ARRAYS[6 + i])]))
  })

  test.each(['savez', 'savez_compressed'])(
    'readNpz reads what numpy.%s writes, into a file and into a pipe',
    async (save) => {
      const wanted = python(`${DESCRIBE}
import io
arrays = {'w': np.arange(600, dtype='f4').reshape(20, 30) / 7, 'é': np.zeros((100, 100)), 'empty': np.zeros((0, 2), 'f4')}
class Pipe(io.RawIOBase):
    def __init__(self, file): self.file = file
    def writable(self): return True
    def seekable(self): return False
    def write(self, data): return self.file.write(data)
np.${save}('file.npz', **arrays)
with open('pipe.npz', 'wb') as file: np.${save}(Pipe(file), **arrays)
print(json.dumps([[name, described(a)] for name, a in arrays.items()]))`)
      for (const name of ['file.npz', 'pipe.npz']) {
        const read = await readNpz(readFileSync(join(folder, name)))
        expect(Array.from(read, ([key, array]) => [key, described(array)])).toEqual(wanted)
      }
    },
  )

  test('numpy.loadtxt and ours read the same bits from our .csv of 60 f4 and from the .csv of numpy.savetxt', () => {
    const data = Float32Array.from({ length: 60 }, (_, i) => Math.fround((i - 30) / 7) * 10 ** ((i % 15) - 7))
    writeFileSync(join(folder, 'ours.csv'), writeCsv([10, 6], data))
    const read = python(`${DESCRIBE}
array = np.loadtxt('ours.csv', delimiter=',', dtype='f4')
np.savetxt('theirs.csv', array, delimiter=',', header='a,b,c,d,e,f', comments='')
print(json.dumps(described(array)))`)
    expect(read).toEqual(described({ shape: [10, 6], data }))
    const theirs = readCsv(readFileSync(join(folder, 'theirs.csv'), 'utf8'))
    expect(theirs.header).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(Float32Array.from(theirs.data)).toEqual(data)
  })

  test('formatFloat32 has as few digits as NumPy needs for 20000 random f32 and all powers of two but 2^-96, 2^87 and 2^90', () => {
    const words = new Uint32Array(20_000)
    for (let i = 0, word = 1; i < words.length; i++) {
      word = (Math.imul(word, 1664525) + 1013904223) >>> 0
      words[i] = i < 254 ? (i + 1) << 23 : word % 0x7f800000
    }
    const ours = Array.from(new Float32Array(words.buffer), formatFloat32)
    writeFileSync(join(folder, 'words.json'), JSON.stringify([[...words], ours]))
    const longer = python(`${DESCRIBE}
words, ours = json.load(open('words.json'))
values = np.array(words, 'u4').view('f4')
assert (np.array([np.float32(text) for text in ours]) == values).all()
digits = lambda text: len(text.lower().split('e')[0].replace('.', '').strip('0'))
theirs = [np.format_float_scientific(x, unique=True) for x in values]
print(json.dumps([float(np.log2(x)) for x, a, b in zip(values, ours, theirs) if digits(a) != digits(b)]))`)
    expect(longer).toEqual([-96, 87, 90])
  })
})

describe.skipIf(!safetensors)(
  safetensors
    ? `safetensors ${safetensors}`
    : 'safetensors NOT FOUND: python3 -m pip install safetensors numpy to run these',
  () => {
    const tensors: TensorToWrite[] = [
      { name: 'layers.3.weight', dtype: 'F32', shape: [2, 3], data: Float32Array.from(values(6)) },
      { name: 'é"\n', dtype: 'F64', shape: [], data: Float64Array.of(1 / 3) },
      { name: '__proto__', dtype: 'F16', shape: [3, 1], data: Uint16Array.of(0x3c00, 0x7c00, 1) },
      { name: '10', dtype: 'F32', shape: [0, 2], data: new Float32Array(0) },
    ]

    test('safetensors.numpy reads our file of four tensors, and writes the very same bytes', () => {
      writeFileSync(join(folder, 'ours.safetensors'), writeSafetensors(tensors, new Map([['seed', '42']])))
      const read = python(`${DESCRIBE}
import safetensors, safetensors.numpy
data = open('ours.safetensors', 'rb').read()
arrays = safetensors.numpy.load(data)
with safetensors.safe_open('ours.safetensors', 'np') as file: metadata = file.metadata()
same = safetensors.numpy.save(arrays, metadata=metadata) == data
print(json.dumps([metadata, same, {name: described(array) for name, array in arrays.items()}]))`) as unknown[]
      const types: Record<string, string> = { F32: '<f4', F64: '<f8', F16: '<f2' }
      const wanted = tensors.map(({ name, dtype, shape, data }) => [name, [types[dtype], shape, hexOf(data)]])
      expect(read.slice(0, 2)).toEqual([{ seed: '42' }, true])
      expect(new Map(Object.entries(read[2] as object))).toEqual(new Map(wanted as [string, unknown][]))
    })

    test('readSafetensors reads what safetensors.numpy writes, 11 dtypes', () => {
      const wanted = python(`${DESCRIBE}
import safetensors.numpy
types = ['f8', 'f4', 'f2', 'c8', 'i8', 'i4', 'i2', 'i1', 'u8', 'u4', '?']
arrays = {t: (np.arange(6) % 5).reshape(2, 3).astype(t) for t in types}
safetensors.numpy.save_file(arrays, 'theirs.safetensors')
print(json.dumps({t: described(a)[1:] for t, a in arrays.items()}))`) as object
      const { tensors } = readSafetensors(readFileSync(join(folder, 'theirs.safetensors')))
      const read = Array.from(tensors, ([name, { shape, data }]) => [name, [shape, hexOf(data)]] as const)
      expect(new Map<string, unknown>(read)).toEqual(new Map(Object.entries(wanted)))
    })
  },
)
