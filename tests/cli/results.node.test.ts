import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { evenkeel } from './command'
import { ended, linesOf } from './ended'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const SMALL = ['propagate', '--depth', '4', '--width', '12', '--backward', '--json']
// about 2e9 multiplications and additions a seed
const LONG = ['propagate', '--depth', '40', '--width', '512', '--seeds', '24', '--json', '-q']

test('--out keeps a line for each seed and initialization, and a second run takes them from there and prints the very bytes', () => {
  const file = path('compare.jsonl')
  const args = ['compare', ...SMALL.slice(1), '--jacobian', '3', '--learning-rate', '0.1']
  const without = evenkeel(...args, '--seeds', '3')
  evenkeel(...args, '--seeds', '2', '--out', file, '--init', 'xavier-normal,he-normal')
  expect(linesOf(file)).toHaveLength(4)
  const rest = evenkeel(...args, '--seeds', '3', '--out', file, '--workers', '3')
  expect(rest.stdout).toBe(without.stdout)
  expect(rest.stderr).toBe(`4 of 9 seeds are in ${file}.\n`)
  const keys = linesOf(file).map((line) => JSON.parse(line).key)
  expect(new Set(keys).size).toBe(9)
  const all = evenkeel(...args, '--seeds', '3', '--out', file)
  expect(all).toEqual({ ...without, stderr: `9 of 9 seeds are in ${file}.\n` })
})

test.each([
  ['zeros, whose logarithms are -infinite', ['--init', 'zeros']],
  ['signals past float32', ['--init', 'normal:1e12', '--no-rescale', '--activation', 'tanh']],
  ['biased signals past float32', ['--init', 'normal:1e18', '--no-rescale', '--bias', '1']],
  ['singular values and saturation', ['--jacobian', 'exact', '--activation', 'tanh']],
  ['a seed of 64 bits', ['--seed', '18446744073709551612', '--engine', 'law']],
])('%s come back from the file bit for bit', (name, flags) => {
  const args = [...SMALL, '--seeds', '3', ...flags]
  const file = path(`${name}.jsonl`)
  const { stdout, code } = evenkeel(...args)
  expect(code).toBe(0)
  expect(evenkeel(...args, '--out', file).stdout).toBe(stdout)
  expect(evenkeel(...args, '--out', file).stdout).toBe(stdout)
  expect(linesOf(file)).toHaveLength(3)
})

test('a seed of the same network written otherwise is known, one of any other network is not', () => {
  const file = path('keys.jsonl')
  const known = (...flags: string[]) =>
    evenkeel(...SMALL, '--out', file, ...flags).stderr.startsWith('1 of 1 seeds are in ')
  expect(known()).toBe(false)
  expect(known()).toBe(true)
  const widths = ['propagate', '--widths', '12,12,12,12,12', '--backward', '--json', '--out', file]
  expect(evenkeel(...widths).stderr).toMatch(/^1 of 1 seeds/)
  // what only reads a gradient changes no run
  expect(known('--learning-rate', '0.5')).toBe(true)
  for (const other of [
    'seed 1',
    'bias 0.5',
    'batch 8',
    'init lecun-normal',
    'activation tanh',
    'engine law',
    'jacobian 2',
  ])
    expect(known(...`--${other}`.split(' '))).toBe(false)
  expect(known('--no-rescale')).toBe(false)
})

test('another batch under the same name is another experiment', () => {
  const [batch, file] = [path('batch.csv'), path('batch.jsonl')]
  const stderr = (rows: string) => {
    writeFileSync(batch, rows)
    return evenkeel('propagate', '--depth', '2', '--width', '3', '--input', batch, '--json', '--out', file).stderr
  }
  expect(stderr('1,2\n3,4\n')).toBe('')
  expect(stderr('1,2\n3,5\n')).toBe('')
  expect(stderr('1,2\n3,4\n')).toMatch(/^1 of 1/)
})

test('a last line torn at any place is dropped and written again: the file and the output are what they were', () => {
  const file = path('torn.jsonl')
  const args = [...SMALL, '--seeds', '2', '--out', file]
  const { stdout } = evenkeel(...args)
  const whole = readFileSync(file)
  const start = whole.indexOf(10) + 1
  const length = whole.length - start
  for (const kept of [1, 10, 40, Math.round(length / 2), length - 2, length - 1]) {
    writeFileSync(file, whole.subarray(0, start + kept))
    expect(evenkeel(...args)).toEqual({ code: 0, stdout, stderr: `1 of 2 seeds are in ${file}.\n` })
    expect(readFileSync(file).equals(whole)).toBe(true)
  }
})

test('a line that was changed is refused by its number, with exit code 3, and the file stays as it is', () => {
  const file = path('changed.jsonl')
  const args = [...SMALL, '--seeds', '3', '--out', file]
  evenkeel(...args)
  const [first, second, third] = linesOf(file)
  const text = `${first}\n${second.replace('"deadFraction":0', '"deadFraction":1')}\n${third}\n`
  writeFileSync(file, text)
  const { code, stderr, stdout } = evenkeel(...args)
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toBe(
    `error: ${file}: line 2 expected a finished seed with its checksum, as --out writes it, got something else; remove the line, or write to another file\n`,
  )
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test.each(['notes without an end of line', 'notes\n', '{"name":"package"}'])(
  'a file of the user, %j, is left as it is',
  (text) => {
    const file = path('notes.txt')
    writeFileSync(file, text)
    expect(evenkeel(...SMALL, '--out', file).code).toBe(3)
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)

test.each([
  ['no/such/r.jsonl', /cannot write .*r\.jsonl/],
  ['.', /it is a directory/],
])('--out %s is refused before the work, with exit code 3', (name, words) => {
  const { code, stderr } = evenkeel(...SMALL, '--out', path(name))
  expect(code).toBe(3)
  expect(stderr).toMatch(words)
})

test('killed with SIGKILL after 1, 4 and 9 seeds and started again, it prints what a run in one go prints', async () => {
  const file = path('killed.jsonl')
  const args = [...LONG, '--workers', '2', '--out', file]
  for (const count of [1, 4, 9]) {
    expect((await ended(args, file, count, 'SIGKILL')).how).toBe('SIGKILL')
    expect(statSync(file).size).toBeGreaterThan(0)
  }
  const resumed = evenkeel(...args)
  expect(resumed).toEqual(evenkeel(...LONG))
  expect(new Set(linesOf(file).map((line) => JSON.parse(line).key)).size).toBe(24)
}, 120_000)

test('Ctrl-C keeps the finished seeds in the file, on one worker too, and exits with 130', async () => {
  const file = path('interrupted.jsonl')
  const args = [...LONG, '--workers', '1', '--out', file]
  const { how, stdout } = await ended(args, file, 2, 'SIGINT')
  expect(how).toBe(130)
  const { config } = JSON.parse(stdout)
  expect(config.seeds).toBeGreaterThanOrEqual(2)
  expect(config.seeds).toBeLessThan(24)
  expect(linesOf(file)).toHaveLength(config.seeds)
}, 120_000)

test('a second process that would write to the file at work is refused by the first one’s number, and the first comes to its end', async () => {
  const file = path('shared.jsonl')
  const args = [...LONG, '--workers', '2', '--out', file]
  const first = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: 'ignore' })
  const exit = new Promise<number | null>((done) => first.once('close', done))
  while (!(existsSync(file) && linesOf(file).length >= 1)) await new Promise((wake) => setTimeout(wake, 10))
  const second = evenkeel(...args)
  // a link to it is the same file
  symlinkSync(file, path('link.jsonl'))
  const linked = evenkeel(...LONG, '--out', path('link.jsonl'))
  expect(first.exitCode).toBeNull()
  expect([second.code, second.stdout, linked.code]).toEqual([3, '', 3])
  expect(second.stderr).toContain(
    `error: cannot write ${file}: process ${first.pid} on ${hostname()} is writing to it; wait`,
  )
  expect(await exit).toBe(0)
  expect(linesOf(file)).toHaveLength(24)
  expect(existsSync(`${file}.lock`)).toBe(false)
  expect(evenkeel(...args).stderr).toBe('')
}, 120_000)

test('the lock of a dead process is taken over, that of a living one or of another machine is not', () => {
  const file = path('locked.jsonl')
  const run = (owner: string) => {
    writeFileSync(`${file}.lock`, owner)
    return evenkeel(...SMALL, '--out', file)
  }
  // the number of a process that is no more, and will not be again so soon
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  expect(run(`${pid} on ${hostname()}\n`).code).toBe(0)
  expect(existsSync(`${file}.lock`)).toBe(false)
  for (const owner of [`${process.pid} on ${hostname()}\n`, `${pid} on elsewhere\n`, '']) {
    const { code, stderr } = run(owner)
    expect(code).toBe(3)
    expect(stderr).toContain(`remove ${file}.lock`)
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(owner)
  }
})

test('of six processes that start at once on the lock of a dead one, each writes its seeds or is refused, and no line is torn', async () => {
  const file = path('crowd.jsonl')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(`${file}.lock`, `${pid} on ${hostname()}\n`)
  const args = [
    'dist/cli.js',
    'propagate',
    '--depth',
    '4',
    '--width',
    '64',
    '--seeds',
    '40',
    '--json',
    '-q',
    '--out',
    file,
  ]
  const codes = await Promise.all(
    Array.from(
      { length: 6 },
      () =>
        new Promise<number | null>((done) =>
          spawn(process.execPath, args, { stdio: 'ignore' }).once('close', (code) => done(code)),
        ),
    ),
  )
  expect(codes).toContain(0)
  expect(codes.filter((code) => code !== 0 && code !== 3)).toEqual([])
  expect(new Set(linesOf(file).map((line) => JSON.parse(line).key)).size).toBe(40)
  expect(linesOf(file)).toHaveLength(40)
})
