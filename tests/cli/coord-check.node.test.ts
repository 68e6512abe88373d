import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CoordCheck } from '../../src/training/coord-result'
import { evenkeel, json } from './command'

const SMALL = ['--widths', '32,128,512', '--seeds', '3', '--steps', '2']

test('--json has a run for each parametrization and a row for each step and layer', () => {
  const { runs } = json<{ runs: CoordCheck[] }>('coord-check', ...SMALL)
  expect(runs.map(({ config }) => config.parametrization)).toEqual(['standard', 'mup'])
  for (const { rows } of runs)
    expect(rows.map(({ step, role }) => `${step} ${role}`)).toEqual(
      [1, 2].flatMap((step) => [`${step} input`, `${step} hidden`, `${step} hidden`, `${step} readout`]),
    )
})

test('tables, a picture and a verdict for each, nothing on stderr; --check is 1 for standard and 0 for muP', () => {
  const { code, stdout, stderr } = evenkeel('coord-check', ...SMALL)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/standard: slope of log2 mean \|z\|.*\n\s+layer\s+t = 1\s+expected\s+t = 2\s+expected\n/)
  expect(stdout).toMatch(/readout\s+-0\.\d\d ± 0\.\d\d\s+-0\.5/)
  expect(stdout).toMatch(/standard: After 1 step[\s\S]*Take muP[\s\S]*mup: Every layer keeps its size/)
  for (const line of stdout.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80)
  expect(evenkeel('coord-check', ...SMALL, '--check', '--parametrization', 'standard').code).toBe(1)
  expect(evenkeel('coord-check', ...SMALL, '--check', '--parametrization', 'mup').code).toBe(0)
})

test('--svg draws the first and the last step of each parametrization, a series for each layer', () => {
  const figure = join(mkdtempSync(join(tmpdir(), 'evenkeel-')), 'coord.svg')
  expect(evenkeel('coord-check', ...SMALL, '--svg', figure).code).toBe(0)
  const svg = readFileSync(figure, 'utf8')
  expect(svg.split('<g class="panel"').length - 1).toBe(4)
  for (const text of ['standard, t = 1', 'mup, t = 2', 'hidden 2', 'slope 0.0']) expect(svg).toContain(text)
})

test.each([
  [['--widths', '64'], /a slope takes two points/],
  [['--parametrization', 'mpu'], /mup/],
  [['--rate', '0'], /rate expected/],
  [['--optimizer', 'adam', '--momentum', '0.9'], /momentum expected none beside optimizer 'adam'/],
  [['--base-width', '64', '--parametrization', 'standard'], /base-width/],
])('coord-check %j is bad usage: exit code 2', (args, words) => {
  const { code, stdout, stderr } = evenkeel('coord-check', ...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(words)
})
