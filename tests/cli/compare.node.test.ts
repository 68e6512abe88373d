import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Experiment } from '../../src/index'
import { evenkeel, json, run } from './command'

type Runs = { schemaVersion: number; runs: (Omit<Experiment, 'schemaVersion'> & { init: string })[] }

const SIZE = ['--depth', '30', '--width', '128', '--seeds', '4', '--seed', '7', '--backward']

describe('He against simple Xavier: 30 ReLU layers of width 128, 4 seeds', () => {
  let he: Runs['runs'][number]
  let xavier: Runs['runs'][number]
  beforeAll(() => {
    const { schemaVersion, runs } = json<Runs>('compare', '--init', 'he-normal,xavier-simple', ...SIZE)
    expect(schemaVersion).toBe(1)
    expect(runs.map(({ init }) => init)).toEqual(['he-normal', 'xavier-simple'])
    ;[he, xavier] = runs
  })

  test('He stays inside the band of theory at every layer, forward and backward', () => {
    // 95 % of single seeds; the geometric mean of 4 lies closer, and 4 standard errors of one seed are far outside
    for (const { layer, forward, backward, theory } of he.layers) {
      expect(theory.forward.secondMoment, `layer ${layer}`).toBeCloseTo(1, 6)
      expect(forward.secondMoment).toBeGreaterThan(theory.forward.band[0])
      expect(forward.secondMoment).toBeLessThan(theory.forward.band[1])
      expect(backward!.secondMoment).toBeGreaterThanOrEqual(theory.backward.band[0])
      expect(backward!.secondMoment).toBeLessThanOrEqual(theory.backward.band[1])
    }
  })

  test('the same seeds make the ratio He/Xavier 2^l at layer l going forward, and 2^(30 - l) coming back, to rounding', () => {
    for (const [i, { layer, forward, backward }] of he.layers.entries()) {
      const other = xavier.layers[i]
      // forward: float32 weights and sums, 2^-24 each, at random over at most 30 layers
      expect(forward.secondMoment / other.forward.secondMoment / 2 ** layer).toBeCloseTo(1, 5)
      // backward: a rounding that flips the sign of one z moves about 1 of 128 x 64 parts, 1.2e-4
      expect(backward!.secondMoment / other.backward!.secondMoment / 2 ** (30 - layer)).toBeCloseTo(1, 3)
    }
  })

  test('theory of Xavier is 2^-l, and half of the units are 0 in every layer of both', () => {
    for (const { layer, theory } of xavier.layers) expect(theory.forward.secondMoment * 2 ** layer).toBeCloseTo(1, 6)
    // 4 seeds x 128 units, each on for all or none of the batch at worst: 0.5/sqrt(512) = 0.022
    for (const { forward } of [...he.layers, ...xavier.layers])
      expect(Math.abs(forward.zeroFraction - 0.5)).toBeLessThan(5 * 0.0221)
  })

  test('the verdicts are stable and vanishing, the latter with variance 1/fanIn as the cause and 1.414 as the fix', () => {
    expect(he.verdict).toMatchObject({ code: 'stable', fix: '' })
    expect(xavier.verdict.code).toBe('vanishing')
    expect(xavier.verdict.text).toContain('halves in every layer')
    expect(xavier.verdict.text).toContain('variance 1/fanIn and ReLU zeroes half the units')
    expect(xavier.verdict.fix).toContain('1.414')
  })

  test('a run is what propagate prints, with init before it and the version outside', () => {
    const { schemaVersion, ...alone } = json<Experiment>('propagate', '--init', 'he-normal', ...SIZE)
    expect(schemaVersion).toBe(1)
    const { init, ...one } = he
    expect(one).toEqual(alone)
    expect(init).toBe('he-normal')
  })
})

test('the table has measured and theory of each layer, the picture a symbol for each init, and no line passes 80 columns', () => {
  const { code, stdout, stderr } = evenkeel('compare', '--depth', '20', '--width', '64', '--backward')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/layer\s+he-normal\s+xavier-normal\s+xavier-simple/)
  expect(stdout).toMatch(/\n +10 .*\(1\.00\).*\(9\.77e-4\).*\(9\.77e-4\)/)
  expect(stdout).toContain('● he-normal   ■ xavier-normal   ▲ xavier-simple')
  for (const heading of ['Forward', 'Backward', 'Share of activations that are 0'])
    expect(stdout).toMatch(new RegExp(`^${heading}`, 'm'))
  for (const line of stdout.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80)
  expect(stdout).not.toContain('\u001b')
})

test('--svg writes a standalone figure, the same bytes every time, and says so on stderr alone', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'evenkeel-')), 'figure.svg')
  const args = ['compare', '--depth', '6', '--width', '32', '--backward', '--svg', path]
  const { code, stdout, stderr } = evenkeel(...args)
  expect([code, stderr]).toEqual([0, `The figure is in ${path}.\n`])
  expect(stdout).not.toContain(path)
  const first = readFileSync(path, 'utf8')
  expect(first).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(first.split('<g class="panel"').length - 1).toBe(2)
  evenkeel(...args, '--quiet')
  expect(readFileSync(path, 'utf8')).toBe(first)
})

test('--check turns a lost signal into exit code 1, and leaves 0 for He; without it the code is 0', () => {
  const size = ['--depth', '20', '--width', '64']
  expect(evenkeel('compare', '--init', 'he-normal,xavier-simple', ...size, '--check').code).toBe(1)
  expect(evenkeel('compare', '--init', 'he-normal', ...size, '--check').code).toBe(0)
  expect(evenkeel('compare', '--init', 'xavier-simple', ...size).code).toBe(0)
  expect(evenkeel('propagate', '--init', 'xavier-simple', ...size, '--check', '--json').code).toBe(1)
})

test('no colour escapes reach a pipe, with or without NO_COLOR and --no-color', () => {
  const args = ['compare', '--depth', '3', '--width', '16']
  for (const result of [run(args, {}), run(args, { NO_COLOR: '1' }), run([...args, '--no-color'], {})])
    expect(result.stdout).not.toContain('\u001b')
})
