import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { exportNetwork } from '../../src/networks/export'
import type { NetworkExperiment } from '../../src/networks/result'
import { denseDocument } from '../../src/networks/short-form'
import { evenkeel, json } from './command'
import { ended, linesOf } from './ended'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
const path = (name: string) => join(folder, name)
const written = (name: string, document: unknown) => {
  writeFileSync(path(name), JSON.stringify(document))
  return path(name)
}
afterAll(() => rmSync(folder, { recursive: true }))

const NETWORK: NetworkDocument = {
  input: [4, 6, 6],
  layers: [
    { kind: 'conv', channels: 8, kernel: 3 },
    { kind: 'activation', name: 'relu' },
    {
      kind: 'residual',
      scale: 0.5,
      layers: [{ kind: 'batchNorm' }, { kind: 'conv', channels: 8, kernel: 3, bias: 0.1 }],
    },
  ],
}
const file = written('net.json', NETWORK)
const RUN = ['propagate', '--network', file, '--batch', '8', '--backward']

test('propagate --network --json measures the layers of the document, beside theory', () => {
  const { layers } = json<NetworkExperiment>(...RUN)
  expect(layers.map((layer) => layer.path)).toEqual([
    ...['layers[0]', 'layers[1]', 'layers[2].layers[0]', 'layers[2].layers[1]', 'layers[2]'],
  ])
  // zero padding of 3 x 3 on 6 x 6: (1 - 2/(3 x 6))^2 of 1, as He and ReLU keep the rest
  expect(layers[1].theory.forward).toBeCloseTo((1 - 2 / 18) ** 2, 6)
})

test.each([
  ['--depth', '3'],
  ['--engine', 'law'],
  ['--bias', '0.1'],
  ['--activation', 'tanh'],
])('%s beside --network is refused, not ignored', (...flags) => {
  const { code, stderr } = evenkeel('propagate', '--network', file, ...flags)
  expect(code).toBe(2)
  expect(stderr).toContain(`--network expected no ${flags[0]}`)
})

test('--jacobian exact and --learning-rate measure what the library does, in numbers, tables, figure and report', () => {
  const small = written('small-square.json', { depth: 3, width: 8, init: 'lecun-normal' })
  const flags = ['--network', small, '--batch', '2', '--seeds', '2', '--backward', '--learning-rate', '0.1']
  const args = ['propagate', ...flags, '--jacobian', 'exact']
  const found = json<NetworkExperiment>(...args, '--svg', path('s.svg'), '--html', path('s.html'))
  const how = { batch: 2, seeds: 2, seed: 0, backward: true, learningRate: 0.1, jacobian: 'exact' } as const
  const { jacobian, layers } = propagateNetwork({ depth: 3, width: 8, init: 'lecun-normal' }, how)
  expect(found.jacobian).toMatchObject(jacobian!)
  expect(found.layers.map(({ ratios }) => ratios)).toEqual(layers.map(({ ratios }) => ratios))
  for (const file of ['s.svg', 's.html'])
    expect(readFileSync(path(file), 'utf8')).toContain('Singular values of the input-output Jacobian')
  const { stdout } = evenkeel(...args)
  for (const words of ['m2/m1²', 'Jacobian: singular values of J']) expect(stdout).toContain(words)
  const plain = evenkeel('propagate', '--depth', '3', '--width', '8', '--jacobian', 'exact', '--svg', path('p.svg'))
  expect(plain.code).toBe(0)
  expect(readFileSync(path('p.svg'), 'utf8')).toContain('Theory for wide layers has m₂/m₁² = 7.0 for he-normal')
})

test('--out keeps a Jacobian too, and takes it from there; without one it is another experiment', () => {
  const out = path('jacobian.jsonl')
  const args = ['propagate', '--network', written('j.json', { depth: 2, width: 5 }), '--out', out, '--json']
  const first = evenkeel(...args, '--jacobian', '3')
  expect(evenkeel(...args, '--jacobian', '3')).toEqual({ ...first, stderr: `1 of 1 seeds are in ${out}.\n` })
  expect(evenkeel(...args).stderr).not.toContain('1 of 1')
})

test('--init where every layer names its own is refused, not ignored; the default of --init is not', () => {
  const named = written('own.json', { input: [4], layers: [{ kind: 'dense', units: 4, init: 'he-normal' }] })
  expect(evenkeel('propagate', '--network', named).code).toBe(0)
  const { code, stderr } = evenkeel('propagate', '--network', named, '--init', 'he-normal')
  expect(code).toBe(2)
  expect(stderr).toContain('--network expected a layer without an init for --init to differ in: all of them name one')
})

test('a file that is no JSON, and one whose network is impossible, are refused with what is wrong', () => {
  const bad = path('bad.json')
  writeFileSync(bad, '{ "input": ')
  expect(evenkeel('propagate', '--network', bad).code).toBe(3)
  writeFileSync(bad, '{ "input": [4], "layers": [{ "kind": "dense", "units": 0 }] }')
  const { code, stderr } = evenkeel('propagate', '--network', bad)
  expect(code).toBe(2)
  expect(stderr).toContain('network.layers[0].units expected an integer in [1, 16777216], got 0')
})

test('a schema named in the file is heard of by editors alone: the numbers are the same', () => {
  const named = written('named.json', { $schema: './network.schema.json', ...NETWORK })
  const { layers, seeds } = json<NetworkExperiment>('propagate', '--network', named, '--batch', '8', '--backward')
  expect({ layers, seeds }).toEqual((({ layers, seeds }) => ({ layers, seeds }))(json<NetworkExperiment>(...RUN)))
})

test('--json prints the very bytes on 1, 2 and 5 threads', () => {
  const [one, ...others] = ['1', '2', '5'].map((workers) =>
    evenkeel(...RUN, '--seeds', '5', '--json', '--workers', workers),
  )
  expect(one.code).toBe(0)
  for (const other of others) expect(other).toEqual(one)
})

describe('--out', () => {
  test('keeps a line for each seed, and a second run takes them from there and prints the very bytes', () => {
    const out = path('net.jsonl')
    const without = evenkeel(...RUN, '--seeds', '4', '--json')
    evenkeel(...RUN, '--seeds', '2', '--json', '--out', out)
    expect(linesOf(out)).toHaveLength(2)
    const rest = evenkeel(...RUN, '--seeds', '4', '--json', '--out', out, '--workers', '2')
    expect(rest).toEqual({ ...without, stderr: `2 of 4 seeds are in ${out}.\n` })
    expect(evenkeel(...RUN, '--seeds', '4', '--json', '--out', out).stdout).toBe(without.stdout)
  })

  test('numbers that JSON lacks come back bit for bit', () => {
    const dead = written('dead.json', { depth: 3, width: 5, init: 'zeros' })
    const vast = written('vast.json', { depth: 9, width: 5, init: 'normal:1e12', bias: 1 })
    for (const network of [dead, vast]) {
      const args = ['propagate', '--network', network, '--backward', '--json', '--no-rescale']
      const out = `${network}l`
      const { stdout, code } = evenkeel(...args)
      expect(code).toBe(0)
      evenkeel(...args, '--out', out)
      expect(evenkeel(...args, '--out', out)).toEqual({ code, stdout, stderr: `1 of 1 seeds are in ${out}.\n` })
    }
  })

  test('another document, batch, initializer, seed or way of scaling is another experiment; a schema is not', () => {
    const out = path('keys.jsonl')
    const known = (network: string, ...flags: string[]) =>
      evenkeel('propagate', '--network', network, '--out', out, '--json', ...flags).stderr.startsWith('1 of 1')
    expect(known(file)).toBe(false)
    expect(known(file)).toBe(true)
    expect(known(written('again.json', { $schema: 'x', ...NETWORK }))).toBe(true)
    const other = written('other.json', { ...NETWORK, input: [4, 6, 7] })
    expect(known(other)).toBe(false)
    for (const flag of ['batch 3', 'init lecun-normal', 'seed 1'])
      expect(known(file, ...`--${flag}`.split(' '))).toBe(false)
    expect(known(file, '--no-rescale')).toBe(false)
    expect(known(file, '--backward')).toBe(false)
  })

  test('Ctrl-C keeps the finished seeds, prints their experiment and exits with 130', async () => {
    const long = written('long.json', { depth: 60, width: 512 })
    const out = path('interrupted.jsonl')
    const args = ['propagate', '--network', long, '--seeds', '100', '--json', '-q', '--workers', '2', '--out', out]
    // with as many lines the first seed is among them, though two threads do not finish in order
    const { how, stdout } = await ended(args, out, 8, 'SIGINT')
    expect(how).toBe(130)
    const { config, seeds } = JSON.parse(stdout) as NetworkExperiment
    expect(seeds).toHaveLength(config.seeds)
    expect(config.seeds).toBeLessThan(100)
    // the experiment has the seeds without a gap
    expect(linesOf(out).length).toBeGreaterThanOrEqual(config.seeds)
  }, 120_000)
})

test('--out of another process’s is refused for a document too, and left as it was', () => {
  const out = path('locked.jsonl')
  const owner = `${process.pid} on ${hostname()}\n`
  writeFileSync(`${out}.lock`, owner)
  const { code, stderr } = evenkeel('propagate', '--network', file, '--out', out)
  expect(code).toBe(3)
  expect(stderr).toContain(`error: cannot write ${out}: process ${process.pid} on ${hostname()} is writing to it`)
  expect(readFileSync(`${out}.lock`, 'utf8')).toBe(owner)
})

test('--csv, --svg and --html are of the experiment that is printed', () => {
  const flags = ['--seeds', '3', '--csv', path('n.csv'), '--svg', path('n.svg'), '--html', path('n.html')]
  const experiment = json<NetworkExperiment>(...RUN, ...flags)
  const [head, ...rows] = readFileSync(path('n.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','))
  expect(rows).toHaveLength(5)
  experiment.layers.forEach(({ path, forward, backward, statistics, theory }, i) => {
    const cell = (name: string) => rows[i][head.indexOf(name)]
    expect(cell('path')).toBe(path)
    expect(Number(cell('forward_second_moment'))).toBe(forward.secondMoment)
    expect(Number(cell('forward_theory'))).toBe(theory.forward)
    expect(Number(cell('forward_seeds_low'))).toBe(statistics.forward.band[0])
    expect(Number(cell('backward_interval_high'))).toBe(statistics.backward!.interval![1])
    expect(cell('weight_grad_norm')).toBe(backward!.weightGradNorm === null ? '' : String(backward!.weightGradNorm))
  })
  const svg = readFileSync(path('n.svg'), 'utf8')
  expect(svg).toMatch(/^<svg /)
  for (const words of ['he-normal keeps the signal even', 'Forward', 'Backward']) expect(svg).toContain(words)
  const html = readFileSync(path('n.html'), 'utf8')
  expect(html).toContain(
    '<title>A network of 2 conv, 1 activation, 1 batchNorm and 1 residual layers on 4 x 6 x 6 values</title>',
  )
  expect(JSON.parse(/<script id="data" type="application\/json">(.*)<\/script>/.exec(html)![1]).runs).toEqual([
    experiment,
  ])
})

test('every seed has its say: t interval, median and band are those of the moments printed', () => {
  const { layers, seeds } = json<NetworkExperiment>(...RUN, '--seeds', '5')
  layers.forEach(({ statistics, forward }, i) => {
    const sorted = seeds.map((seed) => seed.forwardSecondMoment[i]).sort((a, b) => a - b)
    expect(statistics.forward.median).toBe(sorted[2])
    expect(Number.isFinite(statistics.forward.z)).toBe(i < 2)
    // Student's t of 4 degrees of freedom at 97.5 %
    const reach = (2.7764451051977987 * forward.logStd) / Math.sqrt(5)
    expect(statistics.forward.interval![1] / forward.secondMoment).toBeCloseTo(Math.exp(reach), 9)
  })
})

test('work of more than about ten minutes asks for --yes, and more memory than there can be is refused with its size', () => {
  const large = written('large.json', { depth: 100, width: 4096 })
  const { code, stderr } = evenkeel('propagate', '--network', large, '--seeds', '1000')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: this takes about 3e\+14 multiplications and additions, .*; add --yes to run it\n$/)
  const vast = evenkeel('propagate', '--network', large, '--batch', '60000', '--backward', '--yes')
  expect(vast.code).toBe(2)
  expect(vast.stderr).toMatch(
    /network expected at most 4 GiB of values and weights, got \d+\.\d GiB; take a smaller batch/,
  )
})

test('--input sends the batch of a file through; one of another size is refused', () => {
  writeFileSync(path('batch.csv'), '1,2,3\n-1,0,2\n')
  const small = written('small.json', { widths: [3, 4, 2] })
  const { config } = json<NetworkExperiment>('propagate', '--network', small, '--input', path('batch.csv'))
  expect(config).toMatchObject({ batch: 2, input: path('batch.csv') })
  expect(config.inputSecondMoment).toBeCloseTo(19 / 6, 12)
  const { code, stderr } = evenkeel('propagate', '--network', file, '--input', path('batch.csv'))
  expect(code).toBe(2)
  expect(stderr).toContain("input.columns expected 144, the values of the network's input, got 3")
})

test('--no-rescale leaves the signal in float32, where 400 layers at half the variance end in zeros', () => {
  const deep = written('deep.json', { depth: 400, width: 32, init: 'xavier-simple' })
  const zeros = (...flags: string[]) =>
    json<NetworkExperiment>('propagate', '--network', deep, '--batch', '1', ...flags).layers[799].forward.zeroFraction
  expect(zeros()).toBeLessThan(1)
  expect(zeros('--no-rescale')).toBe(1)
})

test('--check exits with 1 where the signal is lost', () => {
  const lost = written('lost.json', { depth: 40, width: 16, init: 'xavier-simple' })
  expect(evenkeel('propagate', '--network', lost, '--check').code).toBe(1)
  expect(evenkeel('propagate', '--network', file, '--check').code).toBe(0)
})

describe('--export', () => {
  test('writes what exportNetwork returns, of a document and of a plain network', () => {
    const [one, two] = [path('one.safetensors'), path('two.safetensors')]
    evenkeel(...RUN, '--seed', '3', '--export', one)
    expect(readFileSync(one).equals(exportNetwork(NETWORK, { batch: 8, seed: 3 }))).toBe(true)
    evenkeel('propagate', '--depth', '3', '--width', '8', '--bias', '0.1', '--init', 'he-uniform', '--export', two)
    const dense = denseDocument('test', { depth: 3, width: 8, bias: 0.1 })
    expect(readFileSync(two).equals(exportNetwork(dense, { init: 'he-uniform' }))).toBe(true)
  })

  test('where the weights are integrated out there are none to write; a path that cannot be written is refused first', () => {
    const { code, stderr } = evenkeel(
      'propagate',
      '--depth',
      '2',
      '--width',
      '80',
      '--engine',
      'law',
      '--export',
      path('x'),
    )
    expect(code).toBe(2)
    expect(stderr).toContain('--export expected --engine weights beside it')
    expect(evenkeel(...RUN, '--export', path('no/such/file')).code).toBe(3)
  })
})

test('the document of the help text runs as it stands', () => {
  const { stdout } = evenkeel('propagate', '--help')
  const from = stdout.indexOf('{ "input"')
  const document = stdout.slice(from, stdout.indexOf(' ] }\n', from) + 4)
  const { verdict, layers } = json<NetworkExperiment>(
    ...['propagate', '--network', written('help.json', JSON.parse(document)), '--batch', '4', '--backward'],
  )
  expect(verdict.code).toBe('stable')
  expect(layers).toHaveLength(2 + 8 * 4 + 1)
})

describe('compare --network', () => {
  const args = ['compare', '--network', file, '--batch', '8', '--backward', '--seeds', '2']

  test('is propagate --network under each initialization of the layers that name none, on any number of threads', () => {
    const compared = evenkeel(...args, '--init', 'he-normal,xavier-simple', '--json', '--workers', '3')
    const { runs } = JSON.parse(compared.stdout) as {
      runs: (Omit<NetworkExperiment, 'schemaVersion'> & { init: string })[]
    }
    for (const { init, ...run } of runs)
      expect({ schemaVersion: 1, ...run }).toEqual(json(...RUN, '--seeds', '2', '--init', init))
    expect(runs.map(({ init }) => init)).toEqual(['he-normal', 'xavier-simple'])
  })

  test('writes every initialization into its table, figure and report, and prints a verdict for each', () => {
    const flags = ['--csv', path('c.csv'), '--svg', path('c.svg'), '--html', path('c.html')]
    const { stdout, code } = evenkeel(...args, '--init', 'he-normal,lecun-normal', ...flags)
    expect(code).toBe(0)
    for (const words of ['he-normal: stable', 'lecun-normal: stable', 'Forward: mean of h² after each layer (theory)'])
      expect(stdout).toContain(words)
    const rows = readFileSync(path('c.csv'), 'utf8').trimEnd().split('\n')
    expect(rows.map((row) => row.split(',')[0])).toEqual([
      ...['init', ...new Array(5).fill('he-normal'), ...new Array(5).fill('lecun-normal')],
    ])
    expect(readFileSync(path('c.svg'), 'utf8')).toContain('he-normal and lecun-normal keep the signal even')
    expect(readFileSync(path('c.html'), 'utf8').match(/<dt>/g)).toHaveLength(2)
  })

  test('is refused where every layer names its own initializer: the runs would be the same', () => {
    const named = written('all-named.json', { input: [4], layers: [{ kind: 'dense', units: 4, init: 'he-normal' }] })
    const { code, stderr } = evenkeel('compare', '--network', named)
    expect(code).toBe(2)
    expect(stderr).toContain('--network expected a layer without an init for --init to differ in')
  })
})
