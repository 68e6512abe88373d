import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { criticalLine, depthBudget, finiteWidth, fixedPoint, jacobian } from '../../src/theory'
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
    '130 interrupted',
  ])
    expect(stdout).toContain(word)
  for (const command of ['compare', 'propagate', 'init', 'theory'])
    expect(evenkeel(command, '--help').stdout).toMatch(new RegExp(`^Examples:\\n {2}evenkeel ${command}`))
})

test('no line of --help is wider than 80 columns', () => {
  for (const line of evenkeel('--help').stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
})

test('help of a command is its --help; an unknown one is named, with exit code 2', () => {
  expect(evenkeel('help', 'race')).toEqual(evenkeel('race', '--help'))
  expect(evenkeel('help').stdout).toBe(evenkeel('--help').stdout)
  expect(evenkeel('help', 'rase')).toEqual({ code: 2, stdout: '', stderr: "error: unknown command 'rase'\n" })
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
  [['propagate', '--svg', 'figure.png']],
  [['compare', '--html', 'report.svg']],
  [['propagate', '--csv', 'layers.json']],
  [['propagate', '--export', 'network.npz']],
  [['race', '--svg', 'losses.pdf']],
  [['coord-check', '--svg', 'sizes.png']],
  [['theory', '--q', '0']],
  [['theory', '--width', '64']],
  [['theory', '--depth', '0']],
  [['theory', '--depth', '1000000000']],
  [['theory', '--table', '--depth', '5']],
  [['theory', '--table', '--activation', 'relu']],
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

test('theory --depth prints the depth budget in words: tanh at (1.5, 0.05) is trainable through 95 layers, 50 within it', () => {
  const flags = ['--activation', 'tanh', '--sigma-w2', '1.5', '--sigma-b2', '0.05', '--width', '256']
  const card = (depth: string) => evenkeel('theory', ...flags, '--depth', depth).stdout.replace(/\s+/g, ' ')
  expect(card('50')).toContain('Depth budget: 50 layers of width 256')
  expect(card('50')).toContain('q* 0.418037200533')
  expect(card('50')).toContain('through about 6 of these, 95 layers: 50 are within it.')
  expect(card('100')).toContain('95 layers: 100 are too many.')
  expect(card('100')).toContain('Gradient: its second moment is multiplied by 0.9386 per layer, 0.0018 over 100.')
})

test('theory says that the gain of GELU is unstable, whatever variances it is asked about', () => {
  const told = (...flags: string[]) => evenkeel('theory', '--activation', 'gelu', ...flags).stdout.replace(/\s+/g, ' ')
  for (const flags of [[], ['--sigma-w2', '2', '--sigma-b2', '0.05', '--depth', '50']])
    expect(told(...flags)).toContain('The gain of gelu is an unstable fixed point')
  expect(evenkeel('theory', '--activation', 'tanh').stdout).not.toContain('unstable')
})

test('theory --json holds fixed point, depth budget, finite width, Jacobian and critical line as evenkeel/theory has them', () => {
  const flags = ['--activation', 'erf', '--sigma-w2', '2', '--sigma-b2', '0.1', '--depth', '10', '--width', '32']
  const found = json<Record<string, unknown>>('theory', ...flags, '--critical-line')
  const asked = { activation: 'erf', sigmaW2: 2, sigmaB2: 0.1 }
  const widths = Array<number>(11).fill(32)
  const { q } = fixedPoint(asked)
  expect(found.fixedPoint).toEqual({ ...fixedPoint(asked) })
  expect(found.depthBudget).toEqual({ ...depthBudget({ ...asked, widths }) })
  expect(found.finiteWidth).toEqual(finiteWidth({ ...asked, widths }))
  expect(found.jacobian).toEqual(jacobian({ activation: 'erf', sigmaW2: 2, depth: 10, q }))
  expect(found.criticalLine).toEqual(criticalLine({ activation: 'erf' }))
})

test('--quiet silences all talk on stderr, and --json prints one line on stdout', () => {
  const { stdout, stderr } = evenkeel('init', '64x128', '--quiet')
  expect(stdout).toContain('wanted sigma = 0.125')
  expect(stderr).toBe('')
  expect(evenkeel('--json', 'propagate', '--depth', '2', '--width', '4').stdout.split('\n')).toHaveLength(2)
})

test.skipIf(process.platform !== 'linux')('a full disk behind stdout is exit code 3 in words, without a stack', () => {
  const command = `"${process.execPath}" dist/cli.js theory > /dev/full`
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([3, 'error: cannot write to stdout: no space left on the device\n'])
})

test.skipIf(process.platform === 'win32')('a reader that leaves early, as head does, is no error', () => {
  const command = `"${process.execPath}" dist/cli.js init 100x1000 --values --quiet | head -n 1`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout.split(',')).toHaveLength(1000)
})
