import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { raceOnThreads } from '../../src/cli/race-workers'
import { initialize } from '../../src/initializers/names'
import { writeNpy } from '../../src/io/npy'
import { race } from '../../src/training/race'
import type { Race } from '../../src/training/result'
import type { RaceOptions } from '../../src/training/spec'
import { evenkeel, json } from './command'

const SMALL = ['--depth', '3', '--width', '16', '--steps', '40', '--rates', '1e-2,1e-1']

test('--json has one run for each initialization and one loss a step, and the same numbers on 1 thread and on 3', () => {
  const alone = json<Race>('race', ...SMALL, '--threads', '1')
  expect(alone.schemaVersion).toBe(1)
  expect(alone.preset).toBeNull()
  expect(alone.runs.map(({ init }) => init)).toEqual(['he-normal', 'xavier-simple'])
  for (const { rates } of alone.runs) {
    expect(rates.map(({ lr }) => lr)).toEqual([0.01, 0.1])
    for (const { losses } of rates) expect(losses).toHaveLength(40)
  }
  expect(json<Race>('race', ...SMALL, '--threads', '3')).toEqual(alone)
})

test('the tables name every rate and initialization, the verdict stands last, nothing is on stderr and no line passes 80 columns', () => {
  const { code, stdout, stderr } = evenkeel('race', ...SMALL, '--threads', '1')
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/init\s+window\s+decades\s+best accuracy\s+at rate\s+steps to loss 0\.1\n\s*he-normal /)
  expect(stdout).toMatch(/rate\s+he-normal\s+xavier-simple\n\s*0.01 .*\n\s*0.1 /)
  expect(stdout).toMatch(/he-normal trains at [\s\S]*best accuracy[\s\S]*\.\n$/)
  for (const line of stdout.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80)
})

test('LSUV and residual networks race beside initializers: signal and gradient before and after, and what LSUV did, layer by layer', () => {
  const args = ['--depth', '4', '--width', '16', '--steps', '40', '--rates', '1e-2', '--threads', '1']
  const inits = ['--init', 'lsuv,fixup:xavier-normal']
  const { stdout } = evenkeel('race', ...args, ...inits)
  expect(stdout).toMatch(/Signal: mean of h².*\n\s*layer\s+lsuv\s+after\s+fixup:xavier-normal\s+after\n/)
  expect(stdout).toMatch(/Gradient: mean of \(dL\/dz\)²/)
  expect(stdout).toMatch(/What lsuv did to the layers of the first seed\n.*\n(\s+\d .* reached\n){4}/)
  const [lsuv, fixup] = json<Race>('race', ...args, ...inits).runs
  expect(lsuv.lsuv!.map(({ status }) => status)).toEqual(['reached', 'reached', 'reached', 'reached'])
  expect(fixup.lsuv).toBeNull()
  // the readout is 0 at first: only it has a gradient
  expect(fixup.gradientBefore.map((g) => g! > 0)).toEqual([false, false, false, true])
  expect(fixup.rates[0].gradientAfter!.every((g) => g! > 0)).toBe(true)
})

test('--network trains the layers of a file: the tables name them by their places, the JSON has the document, on 1 thread as on 2', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'evenkeel-')), 'net.json')
  const hidden = [{ kind: 'layerNorm' }, { kind: 'dense', units: 8 }]
  const network = {
    input: [2],
    layers: [
      { kind: 'dense', units: 8 },
      { kind: 'residual', layers: hidden },
      { kind: 'activation', name: 'relu' },
      { kind: 'dense', units: 3 },
    ],
  }
  writeFileSync(path, JSON.stringify(network))
  const args = ['race', '--network', path, '--rates', '1e-1', '--steps', '30', '--init', 'he-normal,lsuv']
  const found = json<Race>(...args, '--threads', '1')
  expect(found).toEqual(race({ network, rates: [0.1], steps: 30, inits: ['he-normal', 'lsuv'] } as RaceOptions))
  expect(found.config.network).toEqual(network)
  expect(json<Race>(...args, '--threads', '2')).toEqual(found)
  const { stdout } = evenkeel(...args, '--threads', '1')
  expect(stdout).toMatch(/^6 layers of a network of your own, on spirals/)
  expect(stdout).toMatch(/Gradient: mean of \(dL\/dh\)²/)
  for (const name of ['0 dense', '1.0 layerNorm', '1.1 dense', '1 residual', '2 activation', '3 dense'])
    expect(stdout).toMatch(new RegExp(`\\n\\s*${name} .*\\d`))
})

test('--network with residual convolutions races depth scaling beside initializers, to the JSON and the figure', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const [net, images, labels, svg] = ['residual.json', 'r.npy', 'r-labels.csv', 'r.svg'].map((name) =>
    join(folder, name),
  )
  const branch = [
    { kind: 'conv', channels: 3, kernel: 3 },
    { kind: 'activation', name: 'relu' },
    { kind: 'conv', channels: 3, kernel: 3 },
  ]
  const network = {
    input: [1, 6, 6],
    layers: [
      { kind: 'conv', channels: 3, kernel: 3 },
      { kind: 'residual', layers: branch },
      { kind: 'dense', units: 2 },
    ],
  }
  writeFileSync(net, JSON.stringify(network))
  const data = initialize('normal:1', [16, 36])
  writeFileSync(images, writeNpy([16, 1, 6, 6], data))
  writeFileSync(labels, Array.from({ length: 16 }, (_, i) => i % 2).join('\n'))
  const inits = ['he-normal', 'residual-scaled', 'fixup', 'skip-init', 'lsuv']
  const args = [
    'race',
    '--network',
    net,
    '--input',
    images,
    '--targets',
    labels,
    '--init',
    inits.join(),
    '--rates',
    '1e-2,1e-1',
  ]
  const found = json<Race>(...args, '--steps', '5', '--threads', '2', '--svg', svg)
  const own = {
    features: { data, rows: 16, columns: 36 },
    targets: { data: Float64Array.from({ length: 16 }, (_, i) => i % 2), rows: 16, columns: 1 },
  }
  const options = { network, data: { kind: 'own', ...own }, inits, rates: [0.01, 0.1], steps: 5 } as RaceOptions
  expect(found).toEqual(JSON.parse(JSON.stringify(race(options))))
  for (const init of inits) expect(readFileSync(svg, 'utf8')).toContain(init)
})

test('--network takes images as a .npy of four axes of its own sizes, and refuses others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const [net, images, turned, labels] = ['net.json', 'x.npy', 't.npy', 'y.npy'].map((name) => join(folder, name))
  const layers = [
    { kind: 'conv', channels: 4, kernel: 3 },
    { kind: 'activation', name: 'relu' },
    { kind: 'dense', units: 2 },
  ]
  writeFileSync(net, JSON.stringify({ input: [1, 4, 5], layers }))
  const data = Float32Array.from({ length: 200 }, (_, i) => ((i * 37) % 101) / 50 - 1)
  writeFileSync(images, writeNpy([10, 1, 4, 5], data))
  writeFileSync(turned, writeNpy([10, 4, 5, 1], data))
  writeFileSync(
    labels,
    writeNpy(
      [10],
      Float32Array.from({ length: 10 }, (_, i) => i % 2),
    ),
  )
  const args = ['race', '--network', net, '--targets', labels, '--rates', '1e-2', '--steps', '5', '--threads', '1']
  const { config } = json<Race>(...args, '--input', images)
  expect([config.samples, config.widths]).toEqual([10, [20, 80, 80, 2]])
  const { code, stderr } = evenkeel(...args, '--input', turned)
  expect([code, stderr]).toEqual([
    2,
    'error: --input expected samples of 1 x 4 x 5, as the network has it, got 4 x 5 x 1\n',
  ])
})

test('--input and --targets train on .npy and .csv files of one line between two classes; --svg draws a panel for each init', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const [x, y, figure] = ['x.npy', 'y.npy', 'losses.svg'].map((name) => join(folder, name))
  const side = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1))
  writeFileSync(x, writeNpy([40, 1], side))
  writeFileSync(
    y,
    writeNpy(
      [40],
      side.map((s) => (s > 0 ? 1 : 0)),
    ),
  )
  const args = ['--input', x, '--targets', y, '--threads', '1', '--svg', figure]
  const found = json<Race>('race', ...SMALL, ...args)
  expect(found.config).toMatchObject({ widths: [1, 16, 16, 2], data: 'own', samples: 40 })
  expect(found.runs.map(({ bestAccuracy }) => bestAccuracy)).toEqual([1, 1])
  expect(readFileSync(figure, 'utf8').split('<g class="panel"').length - 1).toBe(2)
  // as numpy.save writes labels, which are '<i8' by default: the header of floats of that size, renamed
  const integers = writeNpy([40], new Float64Array(BigInt64Array.from(side, (s) => (s > 0 ? 1n : 0n)).buffer))
  integers.set(new TextEncoder().encode('<i8'), Buffer.from(integers).indexOf('<f8'))
  writeFileSync(y, integers)
  expect(json<Race>('race', ...SMALL, ...args)).toEqual(found)
  const csv = join(folder, 'y.csv')
  writeFileSync(csv, `label\n${[...side].map((s) => (s > 0 ? 1 : 0)).join('\n')}\n`)
  expect(json<Race>('race', ...SMALL, '--input', x, '--targets', csv, '--threads', '1')).toEqual(found)
})

const hasScript = spawnSync('script', ['--version']).status === 0

test.skipIf(!hasScript)(
  'on a terminal the progress line names the network in training, its rate and its loss, within 80 columns',
  async () => {
    const args = 'race --depth 30 --width 64 --steps 1000000 --rates 1e-3 --init xavier-simple --threads 1'
    // a race of hours, for its first progress line
    const child = spawn('script', ['-qec', `stty cols 80; exec node dist/cli.js ${args}`, '/dev/null'])
    let seen = ''
    const line = await new Promise<string | undefined>((resolve) => {
      child.stdout.on('data', (text) => {
        seen += text
        const found = /Training [█░]+ \d+ %, [\d.]+ (s|min|h) left, xavier-simple at 0\.001: loss [\d.]+/.exec(seen)
        if (found) resolve(found[0])
      })
      child.on('exit', () => resolve(undefined))
    })
    child.kill()
    expect(line?.length).toBeLessThanOrEqual(80)
  },
)

test.each([
  [['--preset', 'he2015-30', '--steps', '10'], /steps expected none beside preset 'he2015-30'/],
  [['--preset', 'he2015'], /he2015-22/],
  [['--input', 'x.npy'], /--input and --targets expected each other/],
  [['--rates', '0'], /Expected numbers > 0/],
  [['--init', 'he-nomal'], /he-normal/],
  [['--init', 'normal'], /normal:STD/],
  [['--init', 'fixpu'], /fixup/],
  [['--init', 'fixup', '--depth', '5'], /an even one >= 4/],
  [['--activation', 'rellu'], /relu/],
])('race %j is bad usage: exit code 2 and a word of what would do', (args, words) => {
  const { code, stdout, stderr } = evenkeel('race', ...args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(words)
})

test('a thread that dies is replaced and its network trained once more: the race is that of race(), and every network is heard of', async () => {
  process.env.EVENKEEL_DIED = join(mkdtempSync(join(tmpdir(), 'evenkeel-')), 'died')
  const options = { depth: 3, width: 16, steps: 40, rates: [1e-2, 1e-1], seeds: 2 }
  const heard: number[] = []
  const filename = pathToFileURL(resolve('tests/cli/dying-race-task.js')).href
  const found = await raceOnThreads(options, { threads: 2, filename, report: (share) => heard.push(share) })
  expect(found).toEqual({ race: race(options), trained: 8, total: 8 })
  expect(heard.at(-1)).toBe(1)
})

test.each(['1', '2'])(
  'interrupted by Ctrl-C on %s threads, race says how many networks were trained and exits with 130',
  async (threads) => {
    // a race of hours
    const args = ['--depth', '30', '--width', '64', '--steps', '1000000', '--rates', '1e-3,1e-2', '--threads', threads]
    const child = spawn(process.execPath, ['dist/cli.js', 'race', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const text = { out: '', err: '' }
    child.stdout.on('data', (data) => {
      text.out += data
    })
    child.stderr.on('data', (data) => {
      text.err += data
    })
    // the first line of progress, after five seconds; a second Ctrl-C would end it at once
    child.stderr.once('data', () => child.kill('SIGINT'))
    const code = await new Promise((done) => child.once('close', (code, by) => done(code ?? by)))
    expect({ code, out: text.out }).toEqual({ code: 130, out: '' })
    expect(text.err).toMatch(/^Interrupted: 0 of 4 networks were trained\.$/m)
  },
)
