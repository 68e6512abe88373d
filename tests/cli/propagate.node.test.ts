import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type Experiment, propagate } from '../../src/index'
import { writeNpy } from '../../src/io/npy'
import { evenkeel, json } from './command'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
})

/** A file of the temporary folder with this content; its path. */
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const SIZE = ['--depth', '4', '--width', '16']

test('propagate --json has the keys of the design and the numbers of the library, every layer and every seed', () => {
  const args = [
    '--init',
    'he-normal',
    '--activation',
    'relu',
    '--batch',
    '5',
    '--seed',
    '1',
    '--seeds',
    '3',
    '--backward',
  ]
  const found = json<Experiment>('propagate', ...SIZE, ...args)
  expect(Object.keys(found)).toEqual(['schemaVersion', 'config', 'layers', 'seeds', 'verdict'])
  expect(Object.keys(found.layers[0])).toEqual(
    expect.arrayContaining(['layer', 'fanIn', 'fanOut', 'forward', 'backward', 'theory']),
  )
  expect(Object.keys(found.layers[0].forward)).toEqual(
    expect.arrayContaining(['secondMoment', 'logStd', 'mean', 'std', 'zeroFraction', 'deadFraction', 'cosine']),
  )
  expect(Object.keys(found.layers[0].backward!)).toEqual(expect.arrayContaining(['secondMoment', 'weightGradNorm']))
  expect(Object.keys(found.verdict)).toEqual(['code', 'text', 'fix'])
  expect(found.seeds.map(({ seed, forwardSecondMoment }) => [seed, forwardSecondMoment.length])).toEqual([
    [1, 4],
    [2, 4],
    [3, 4],
  ])
  const library = propagate({ depth: 4, width: 16, init: 'he-normal', batch: 5, seed: 1, seeds: 3, backward: true })
  expect(found).toEqual(JSON.parse(JSON.stringify(library)))
})

test("a .csv of 3 samples of 2 features is the batch: the first width is the file's, its second moment 91/6", () => {
  const path = file('batch.csv', 'a,b\n1,2\n3,4\n5,6\n')
  const { config } = json<Experiment>('propagate', ...SIZE, '--input', path)
  expect([config.widths, config.batch, config.input]).toEqual([[2, 16, 16, 16, 16], 3, path])
  expect(config.inputSecondMoment).toBeCloseTo(91 / 6, 10)
})

test('the same batch as .npy of f4 and f8 and as .csv gives the same experiment', () => {
  const values = [1, 2, 3, 4, 5, 6]
  const paths = [
    file('f4.npy', writeNpy([3, 2], Float32Array.from(values))),
    file('f8.npy', writeNpy([3, 2], Float64Array.from(values))),
    file('same.csv', '1,2\n3,4\n5,6\n'),
  ]
  const [first, ...others] = paths.map((path) => json<Experiment>('propagate', ...SIZE, '--input', path).layers)
  for (const layers of others) expect(layers).toEqual(first)
})

/** A .npy file with this header and that many bytes of data. */
function npy(header: string, bytes: number): Uint8Array {
  const text = `${header.padEnd(117)}\n`
  const content = new Uint8Array(10 + text.length + bytes)
  content.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0])
  content.set(new TextEncoder().encode(text), 10)
  return content
}

const header = (descr: string, fortran = 'False', shape = '(2, 2)') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`

const CASES: [name: string, content: string | Uint8Array, message: RegExp][] = [
  [
    'int.npy',
    npy(header('<i4'), 16),
    /expected '<f2', '<f4' or '<f8', got '<i4' \(integers\); save with array\.astype/,
  ],
  ['object.npy', npy(header('|O'), 16), /got '\|O' \(Python objects\)/],
  [
    'fortran.npy',
    npy(header('<f4', 'True'), 16),
    /fortran_order expected False, got True; save with numpy\.ascontiguousarray/,
  ],
  ['truncated.npy', npy(header('<f4'), 15), /expected 16 bytes .* got 15; the file is truncated/],
  ['garbage.npy', 'not numpy at all', /garbage\.npy/],
  [
    'vector.npy',
    writeNpy([3], Float32Array.of(1, 2, 3)),
    /expected two axes, samples x features, got \(3,\); .*reshape\(1, -1\)/,
  ],
  ['cube.npy', writeNpy([1, 1, 1], Float32Array.of(1)), /got \(1, 1, 1\); save array\.reshape\(len\(array\), -1\)/],
  ['empty.npy', writeNpy([0, 3], new Float32Array(0)), /expected at least one sample/],
  [
    'nan.npy',
    writeNpy([2, 2], Float32Array.of(1, 2, Number.NaN, 4)),
    /row 2, column 1 expected a finite number.* got NaN/,
  ],
  [
    'huge.npy',
    writeNpy([1, 2], Float64Array.of(1, 1e39)),
    /row 1, column 2 expected a finite number in float32's range, got 1e\+39/,
  ],
  ['ragged.csv', '1,2\n3\n', /row 2 \(line 2\) expected 2 cells.*got 1/],
  ['words.csv', '1,2\n3,four\n', /row 2 \(line 2\), column 2 expected a number, got 'four'/],
  ['nan.csv', 'a,b\n1,2\n3,nan\n', /row 2, column 2 \('b'\) expected a finite number.*got NaN/],
  ['empty.csv', '', /expected at least one row of numbers, got an empty file/],
  ['batch.xlsx', 'PK', /expected one that ends in \.npy or \.csv, got '\.xlsx'/],
]

test.each(CASES)(
  '%s is refused with exit code 3, its name, the reason and nothing on stdout',
  (name, content, message) => {
    const { code, stdout, stderr } = evenkeel('propagate', ...SIZE, '--input', file(name, content))
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(message)
    expect(stderr).toContain(name)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  },
)

test('a missing file, and a directory, are refused with exit code 3', () => {
  const missing = evenkeel('propagate', ...SIZE, '--input', join(folder, 'nothing.npy'))
  expect([missing.code, missing.stderr]).toEqual([
    3,
    `error: cannot read ${join(folder, 'nothing.npy')}: no such file or directory\n`,
  ])
  const directory = evenkeel('propagate', ...SIZE, '--input', `${folder}/../${folder.split('/').at(-1)}.csv`)
  expect(directory.code).toBe(3)
})

test('--input beside --batch, --widths beside --depth, and widths that are not those of the file are bad usage', () => {
  const path = file('two.csv', '1,2\n3,4\n')
  for (const args of [
    ['--input', path, '--batch', '2'],
    ['--widths', '4,4', '--depth', '2'],
    ['--widths', '3,4', '--input', path],
  ]) {
    const { code, stderr } = evenkeel('propagate', ...args)
    expect(code, args.join(' ')).toBe(2)
    expect(stderr).toMatch(/^error: --(input|widths) expected .+\n$/)
  }
})

test('a batch beyond what WebAssembly can address is refused before the work, with its size', () => {
  // 2^20 samples x 4096 features x 4 bytes, drawn and packed, and two layers' worth to take turns
  const { code, stdout, stderr } = evenkeel(
    'propagate',
    '--depth',
    '1',
    '--width',
    '4096',
    '--batch',
    '1048576',
    '--yes',
  )
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toBe(
    'error: the batch takes 64.0 GiB of at most 4 of memory from layer to layer; take a smaller --batch or --width\n',
  )
})

test.each(['1', '2'])(
  'weights beyond what WebAssembly can address are a clear error on %s workers, exit code 4, and no stack',
  (workers) => {
    const network = ['--init', 'orthogonal', '--depth', '1', '--width', '40000', '--batch', '1', '--seeds', '2']
    const { code, stdout, stderr } = evenkeel('propagate', ...network, '--yes', '--workers', workers)
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(/^error: .*memory.*\n$/)
  },
)
