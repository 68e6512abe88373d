import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { heNormal, initialize } from '../../src/index'
import { readCsv } from '../../src/io/csv'
import { readNpy } from '../../src/io/npy'
import { readSafetensors } from '../../src/io/safetensors'
import { evenkeel, json } from './command'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
})

interface Init {
  shape: number[]
  init: string
  seed: number | string
  wantedStd: number
  std: number
  mean: number
  values?: number[]
}

test('init 3x4 --init he-normal --seed 1 prints sigma = 0.7071 and the 3 x 4 matrix that heNormal gives', () => {
  const { code, stdout } = evenkeel('init', '3x4', '--init', 'he-normal', '--seed', '1')
  expect(code).toBe(0)
  expect(stdout).toContain('wanted sigma = 0.7071\n')
  expect(stdout).toMatch(/found {2}sigma = \d\.\d+, \d\.\d standard errors of 0\.14 away/)
  const matrix = stdout.trim().split('\n').slice(-3)
  const shown = matrix.map((line) => line.trim().split(/\s+/).map(Number))
  const values = heNormal([3, 4], { seed: 1 })
  expect(shown.map((row) => row.length)).toEqual([4, 4, 4])
  for (const [i, value] of shown.flat().entries()) expect(Math.abs(value - values[i])).toBeLessThanOrEqual(0.5e-3)
})

test('init 64x128 prints sigma = 0.125 and finds it within 5 standard errors, sigma/sqrt(2 * 8192)', () => {
  const { stdout, stderr } = evenkeel('init', '64x128', '--init', 'he-normal')
  expect(stdout).toContain('wanted sigma = 0.125\n')
  expect(stderr).toMatch(/8192 values are too many to show: .*--out w\.npy.*--values/)
  const { wantedStd, std, mean } = json<Init>('init', '64x128', '--init', 'he-normal')
  expect(wantedStd).toBe(0.125)
  expect(Math.abs(std - 0.125)).toBeLessThan((5 * 0.125) / Math.sqrt(2 * 8192))
  expect(Math.abs(mean)).toBeLessThan((5 * 0.125) / Math.sqrt(8192))
})

test('init --json has shape, init, seed, wantedStd, std and mean, and the values where asked for', () => {
  const { values, ...rest } = json<Init>('init', '2x3', '--seed', '18446744073709551615', '--values')
  expect(Object.keys(rest)).toEqual(['shape', 'init', 'seed', 'wantedStd', 'std', 'mean'])
  expect(rest).toMatchObject({ shape: [2, 3], init: 'he-normal', seed: '18446744073709551615' })
  expect(values).toEqual(Array.from(heNormal([2, 3], { seed: 2n ** 64n - 1n })))
  expect(json<Init>('init', '2x3')).not.toHaveProperty('values')
})

test('.npy, .csv and .safetensors hold the same bits, those of the library', () => {
  const args = ['init', '5x7', '--init', 'xavier-uniform', '--seed', '3', '--stream', 'fc1.weight']
  const wanted = initialize('xavier-uniform', [5, 7], { seed: 3, stream: 'fc1.weight' })
  const written = (ending: string) => {
    const path = join(folder, `w${ending}`)
    const { code, stderr } = evenkeel(...args, '--out', path)
    expect([code, stderr]).toEqual([0, `The weights are in ${path}.\n`])
    return readFileSync(path)
  }
  expect(readNpy(written('.npy'))).toEqual({ shape: [5, 7], data: wanted })
  const csv = readCsv(written('.csv').toString())
  expect([csv.rows, csv.columns]).toEqual([5, 7])
  expect(Float32Array.from(csv.data)).toEqual(wanted)
  const { tensors } = readSafetensors(written('.safetensors'))
  expect(tensors.get('fc1.weight')).toEqual({ dtype: 'F32', shape: [5, 7], data: wanted })
})

test('--values prints all values on stdout as .csv, and the check on stderr', () => {
  const { stdout, stderr } = evenkeel('init', '30x40', '--values')
  expect(Float32Array.from(readCsv(stdout).data)).toEqual(heNormal([30, 40]))
  expect(stderr).toContain('wanted sigma = 0.2236')
})

test('a convolution takes its layout, and a parameter follows its name: OIHW 8x3x3x3 has fan_in 27', () => {
  expect(json<Init>('init', '8x3x3x3', '--layout', 'OIHW').wantedStd).toBeCloseTo(Math.sqrt(2 / 27), 12)
  expect(json<Init>('init', '10x10', '--init', 'normal:0.02').wantedStd).toBe(0.02)
  expect(evenkeel('init', '8x3x3x3').code).toBe(2)
})

test('an output that cannot be written is refused with exit code 3, a name without a known ending with 2', () => {
  const lost = join(folder, 'no', 'such', 'folder', 'w.npy')
  const { code, stdout, stderr } = evenkeel('init', '3x4', '--out', lost)
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toBe(`error: cannot write ${lost}: no such file or directory\n`)
  expect(evenkeel('init', '3x4', '--out', join(folder, 'w.txt')).code).toBe(2)
  expect(() => statSync(join(folder, 'w.txt'))).toThrow()
})

test('an output that cannot be written is refused before the work: a figure of a network that would take hours', () => {
  const args = [
    'compare',
    '--depth',
    '10000',
    '--width',
    '8192',
    '--svg',
    join(folder, 'no', 'such', 'folder', 'f.svg'),
  ]
  expect(evenkeel(...args).code).toBe(3)
})

test.each(['3x0', '3x-1', '3x4.5', '0', 'x', '3x', '99999999999999999999x2', '100000x100000'])(
  'init %s is refused with exit code 2 and one clear line',
  (shape) => {
    const { code, stdout, stderr } = evenkeel('init', '--', shape)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .*(64x128|at most 2147483648 values).*\n$/)
  },
)
