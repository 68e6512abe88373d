import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { evenkeel, json } from './command'

test('--help leads with examples and names every command and every exit code; so does the help of each command with examples', () => {
  const { code, stdout } = evenkeel('--help')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Examples:\n {2}evenkeel compare/)
  for (const word of [
    'compare',
    'propagate',
    'init',
    'theory',
    'Exit codes: 0 ok, 1 ',
    '2 bad usage',
    '3 a file',
    '4 internal',
  ])
    expect(stdout).toContain(word)
  for (const command of ['compare', 'propagate', 'init', 'theory'])
    expect(evenkeel(command, '--help').stdout).toMatch(new RegExp(`^Examples:\\n {2}evenkeel ${command}`))
})

test('--version prints the version of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(evenkeel('--version').stdout).toBe(`${version}\n`)
})

test.each([
  [['compar'], 'compare'],
  [['compare', '--dept', '3'], '--depth'],
  [['compare', '--init', 'he-nomal,xavier-simple'], "'he-normal'"],
  [['init', '3x4', '--init', 'xavier-simpel'], "'xavier-simple'"],
  [['propagate', '--activation', 'rellu'], "'relu'"],
  [['theory', '--activation', 'gulu'], "'gelu'"],
])('%j is refused with exit code 2 and %s is offered', (args, offered) => {
  const { code, stdout, stderr } = evenkeel(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^error: /)
  expect(stderr).toContain(offered)
  expect(stderr).toMatch(/[Dd]id you mean/)
})

test.each([
  [['propagate', '--depth', '0']],
  [['propagate', '--width', '1.5']],
  [['propagate', '--seeds', 'many']],
  [['propagate', '--seed', '18446744073709551616']],
  [['propagate', '--bias', '-1']],
  [['propagate', 'extra']],
  [['propagate', '--init', 'normal']],
  [['compare', '--init', 'he-normal,he-normal']],
  [['compare', '--init', 'he-normal,normal', '--depth', '10000', '--width', '4096']],
  [['init']],
  [['init', '3x4', '--mode', 'fan_in']],
  [['theory', '--q', '0']],
  [[]],
])('%j is bad usage: exit code 2, words on stderr, nothing on stdout, no stack', (args) => {
  const { code, stdout, stderr } = evenkeel(...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.length).toBeGreaterThan(10)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('theory --table prints Xavier 0.500 0.250 0.125 0.0625, He 0.707 0.354 0.177 0.088 and the ratio 1.414', () => {
  const rows = evenkeel('theory', '--table').stdout.trim().split('\n').slice(2)
  const cells = rows.map((row) => row.trim().split(/\s+/))
  expect(cells.map(([fanIn]) => fanIn)).toEqual(['4', '16', '64', '256'])
  expect(cells.map(([, xavier]) => xavier)).toEqual(['0.500', '0.250', '0.125', '0.0625'])
  expect(cells.map(([, , he]) => Number(he).toFixed(3))).toEqual(['0.707', '0.354', '0.177', '0.088'])
  expect(cells.map(([, , , ratio]) => ratio)).toEqual(['1.414', '1.414', '1.414', '1.414'])
  const { table } = json<{ table: { fanIn: number; ratio: number }[] }>('theory', '--table')
  for (const { ratio } of table) expect(ratio).toBeCloseTo(Math.SQRT2, 15)
})

test('theory --json has the keys of the design in full precision: GELU, gain 1.5335304411955', () => {
  const gelu = json<Record<string, unknown>>('theory', '--activation', 'gelu')
  expect(Object.keys(gelu)).toEqual(
    expect.arrayContaining([
      'activation',
      'mean',
      'secondMoment',
      'derivativeSecondMoment',
      'gain',
      'chi',
      'qSlope',
      'stability',
    ]),
  )
  expect(gelu.gain).toBeCloseTo(1.533530441195535, 12)
  expect(evenkeel('theory', '--activation', 'gelu').stdout).toMatch(/gain\s+1\.5335304412/)
})

test('--quiet silences all talk on stderr, and --json prints one line on stdout', () => {
  const { stdout, stderr } = evenkeel('init', '64x128', '--quiet')
  expect(stdout).toContain('wanted sigma = 0.125')
  expect(stderr).toBe('')
  expect(evenkeel('--json', 'propagate', '--depth', '2', '--width', '4').stdout.split('\n')).toHaveLength(2)
})

test.skipIf(process.platform === 'win32')('a reader that leaves early, as head does, is no error', () => {
  const command = `"${process.execPath}" dist/cli.js init 100x1000 --values --quiet | head -n 1`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout.split(',')).toHaveLength(1000)
})
