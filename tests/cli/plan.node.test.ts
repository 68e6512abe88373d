import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { drawPlan, drawTensor, moments, type Plan, planned } from '../../src/index'
import { readNpy } from '../../src/io/npy'
import { readNpz } from '../../src/io/npz'
import { readSafetensors } from '../../src/io/safetensors'
import { evenkeel, json } from './command'

const plan: Plan = {
  version: 1,
  seed: 42,
  tensors: [
    { name: 'conv.weight', shape: [8, 3, 3, 3], init: 'delta-orthogonal', layout: 'OIHW' },
    { name: 'fc.weight', shape: [64, 32], init: 'orthogonal', gain: 1.5, dtype: 'bf16' },
    { name: 'fc.half', shape: [5, 7], init: 'he-normal', dtype: 'f16', stream: 'elsewhere' },
    { name: 'out.weight', shape: [3, 4], init: 'xavier-uniform', dtype: 'f64' },
    { name: 'out.bias', shape: [3], init: 'zeros' },
  ],
}
const wide: Plan = { ...plan, tensors: plan.tensors.filter(({ dtype = 'f32' }) => dtype === 'f32' || dtype === 'f64') }

let folder: string
const file = (name: string) => join(folder, name)
const write = (name: string, content: unknown) => {
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content))
  return file(name)
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  write('plan.json', plan)
  write('wide.json', wide)
})

const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

test('--plan writes every tensor to .safetensors in its own dtype, with the bits of drawPlan', () => {
  const { code, stdout, stderr } = evenkeel('init', '--plan', file('plan.json'), '--out', file('m.safetensors'))
  expect([code, stderr]).toEqual([0, `The weights are in ${file('m.safetensors')}.\n`])
  for (const { name } of plan.tensors) expect(stdout).toContain(name)
  const { tensors } = readSafetensors(readFileSync(file('m.safetensors')))
  expect(tensors.size).toBe(5)
  for (const { name, shape, dtype, values } of drawPlan(plan)) {
    const tensor = tensors.get(name)
    expect([tensor?.dtype, tensor?.shape]).toEqual([dtype.toUpperCase(), shape])
    expect(bytes(tensor!.data)).toEqual(bytes(values))
  }
})

test('--tensor draws one tensor alone, the same bits: bf16 to .safetensors, f64 to .npy, both in a .npz', async () => {
  const one = (name: string, out: string) =>
    expect(evenkeel('init', '--plan', file('plan.json'), '--tensor', name, '--out', file(out)).code).toBe(0)
  one('fc.weight', 'fc.safetensors')
  const { tensors } = readSafetensors(readFileSync(file('fc.safetensors')))
  expect([...tensors.keys()]).toEqual(['fc.weight'])
  expect(bytes(tensors.get('fc.weight')!.data)).toEqual(bytes(drawTensor(plan, 'fc.weight')))
  one('out.weight', 'out.npy')
  expect(readNpy(readFileSync(file('out.npy')))).toEqual({ shape: [3, 4], data: drawTensor(plan, 'out.weight') })

  expect(evenkeel('init', '--plan', file('wide.json'), '--out', file('m.npz')).code).toBe(0)
  const arrays = await readNpz(readFileSync(file('m.npz')))
  expect([...arrays.keys()]).toEqual(['conv.weight', 'out.weight', 'out.bias'])
  for (const { name, shape, values } of drawPlan(wide)) expect(arrays.get(name)).toEqual({ shape, data: values })
})

test('one shape goes to .npz under the name of its stream', async () => {
  expect(evenkeel('init', '3x4', '--init', 'orthogonal', '--stream', 'w', '--out', file('w.npz')).code).toBe(0)
  const data = drawTensor({ version: 1, seed: 0, tensors: [{ name: 'w', shape: [3, 4], init: 'orthogonal' }] }, 'w')
  expect([...(await readNpz(readFileSync(file('w.npz'))))]).toEqual([['w', { shape: [3, 4], data }]])
})

test('--json tells of every tensor what is wanted and what is found, of 16-bit ones too; --tensor with --values its values', () => {
  const { seed, tensors } = json<{ seed: number; tensors: Record<string, unknown>[] }>(
    'init',
    '--plan',
    file('plan.json'),
  )
  expect(seed).toBe(42)
  expect(
    tensors.map(({ name, shape, dtype, init, stream, wantedStd }) => [name, shape, dtype, init, stream, wantedStd]),
  ).toEqual(
    planned(plan).map(({ name, shape, dtype, init, stream, stddev }) => [name, shape, dtype, init, stream, stddev]),
  )
  // rounding to bf16 moves a value by 2^-9 of itself at most
  const exact = moments(
    drawTensor({ ...plan, tensors: [{ ...plan.tensors[1], dtype: 'f32' }] }, 'fc.weight') as Float32Array,
  )
  expect(Math.abs((tensors[1].std as number) / exact.std - 1)).toBeLessThan(2 ** -8)
  expect(Math.abs((tensors[1].std as number) / exact.std - 1)).toBeGreaterThan(0)
  const { values, ...rest } = json<Record<string, unknown>>(
    'init',
    '--plan',
    file('plan.json'),
    '--tensor',
    'out.weight',
    '--values',
  )
  expect(Object.keys(rest)).toEqual(['name', 'shape', 'dtype', 'init', 'seed', 'stream', 'wantedStd', 'std', 'mean'])
  expect(values).toEqual(Array.from(drawTensor(plan, 'out.weight') as Float64Array))
})

const weight = { name: 'w', shape: [3, 4], init: 'he-normal' }
const broken: [string, unknown, number, string][] = [
  [
    'a size of 0',
    { ...plan, tensors: [weight, { ...weight, name: 'v', shape: [3, 0] }] },
    2,
    'error: plan: tensors[1]: shape[1] expected an integer >= 1, got 0',
  ],
  ['an unknown init', { ...plan, tensors: [{ ...weight, init: 'he-nomal' }] }, 2, "did you mean 'he-normal'?"],
  ['a slip in a key', { ...plan, tensor: [] }, 2, "got 'tensor'; did you mean 'tensors'?"],
  [
    'a large seed as a number',
    '{"version":1,"seed":18446744073709551615,"tensors":[]}',
    2,
    'error: plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1)',
  ],
  ['another version', { ...plan, version: 2 }, 2, 'error: plan: version expected 1, got 2'],
  ['no object', '[]', 2, 'error: plan: options expected an object, got []'],
  ['a key twice', '{"version":1,"seed":1,"seed":2,"tensors":[]}', 3, "plan expected every key once, got 'seed' twice"],
  ['no JSON', '{"version":1,', 3, 'file expected a plan as JSON in UTF-8'],
]

test.each(broken)('a plan with %s is refused and nothing is written', (what, content, exit, message) => {
  const path = write(`${what}.json`, content)
  const { code, stdout, stderr } = evenkeel('init', '--plan', path, '--out', file('never.safetensors'))
  expect([code, stdout]).toEqual([exit, ''])
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(existsSync(file('never.safetensors'))).toBe(false)
})

const refused: [string[], number, string][] = [
  [['--out', 'm.npz'], 2, "--out expected a .safetensors file for 'fc.weight', which is bf16"],
  [['--out', 'm.npy'], 2, '--out expected a .safetensors or .npz file for 5 tensors'],
  [['--tensor', 'fc.weigth'], 2, "did you mean 'fc.weight'?"],
  [['--seed', '0'], 2, '--plan expected no --seed beside it: the plan has its own'],
  [['3x4'], 2, '--plan expected no shape beside it, got 3x4'],
  [['--values'], 2, '--values expected --tensor beside --plan'],
  [['--out', join('no', 'such', 'm.npz'), '--tensor', 'out.bias'], 3, 'no such file or directory'],
]

test.each(refused)('init --plan plan.json %j is refused with exit code %d', (args, exit, message) => {
  const { code, stdout, stderr } = evenkeel('init', '--plan', file('plan.json'), ...args)
  expect([code, stdout]).toEqual([exit, ''])
  expect(stderr).toContain(message)
})

test('no plan file: exit code 3; no plan for --tensor: 2', () => {
  const { code, stderr } = evenkeel('init', '--plan', file('none.json'))
  expect([code, stderr]).toEqual([3, `error: cannot read ${file('none.json')}: no such file or directory\n`])
  expect(evenkeel('init', '3x4', '--tensor', 'w').code).toBe(2)
})
