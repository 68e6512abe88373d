import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { evenkeel } from './command'

const NETWORK = ['--depth', '9', '--width', '40', '--seeds', '7', '--backward', '--json', '-q']

test.each(['propagate', 'compare'])('%s --json prints the very bytes on 1, 2, 3 and 7 threads', (command) => {
  const [one, ...others] = ['1', '2', '3', '7'].map((workers) => evenkeel(command, ...NETWORK, '--workers', workers))
  expect(one.code).toBe(0)
  for (const other of others) expect(other).toEqual(one)
})

test('what is refused on one thread is refused in the same words on two', () => {
  const [one, two] = ['1', '2'].map((workers) =>
    evenkeel('propagate', '--init', 'normal', '--seeds', '3', '--workers', workers),
  )
  expect(two).toEqual(one)
  expect(one.code).toBe(2)
})

test('work of more than about ten minutes asks for --yes, with its size and time in words', () => {
  const { code, stderr } = evenkeel('propagate', '--depth', '100', '--width', '4096', '--seeds', '1000')
  expect(code).toBe(2)
  // 100 x 4096^2 weights, each 2 x 64 operations and the 50 of its drawing, 1000 times: 3.0e14, at 4e10 a second 2.1 h
  expect(stderr).toBe(
    'error: this takes about 3e+14 multiplications and additions, 2.1 h or so on one thread; add --yes to run it\n',
  )
})

// 4 bytes x 1024 units x 256 samples, of the input and 10000 layers; tanh's gradient also needs what went into it
test.each([
  ['relu', '9.8'],
  ['tanh', '19.5'],
])(
  'a backward pass through %s that would keep more than 4 GiB is refused before it starts, with its size',
  (activation, size) => {
    const network = ['--depth', '10000', '--width', '1024', '--batch', '256', '--activation', activation]
    const { code, stderr } = evenkeel('propagate', ...network, '--backward', '--yes')
    expect(code).toBe(2)
    expect(stderr).toBe(
      `error: --backward keeps every layer's activations, here ${size} GiB of at most 4; take a smaller --batch, --width or --depth\n`,
    )
  },
)

test('interrupted by Ctrl-C, propagate prints the seeds that were finished, says how many, and exits with 130', async () => {
  const args = [
    'dist/cli.js',
    'propagate',
    '--depth',
    '60',
    '--width',
    '512',
    '--seeds',
    '5000',
    '--workers',
    '2',
    '--json',
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (data) => {
    text.out += data
  })
  child.stderr.on('data', (data) => {
    text.err += data
  })
  // long enough for some seeds, far too short for 5000
  await new Promise((wake) => setTimeout(wake, 4000))
  child.kill('SIGINT')
  const code = await new Promise((done) => child.once('exit', done))
  expect(code).toBe(130)
  expect(text.err).toMatch(/^Interrupted: \d+ of 5000 seeds were finished\.$/m)
  const { config, seeds } = JSON.parse(text.out)
  expect(config.seeds).toBeGreaterThan(0)
  expect(seeds).toHaveLength(config.seeds)
  // the same numbers as an experiment of that many seeds
  const whole = evenkeel('propagate', '--depth', '60', '--width', '512', '--seeds', '1', '--json')
  expect(seeds[0]).toEqual(JSON.parse(whole.stdout).seeds[0])
})
