import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { initialize } from '../../src/initializers/names'
import { cast } from '../../src/initializers/precision'
import { bytesOf } from '../../src/io/bytes'
import { widenBfloat16 } from '../../src/io/float16'
import { writeNpy } from '../../src/io/npy'
import { readNpz, writeNpz } from '../../src/io/npz'
import { readSafetensors, type TensorToWrite, writeSafetensors } from '../../src/io/safetensors'
import { batchOf } from '../inspect/chain-vectors'
import { message, model, node, tensor, whole } from '../io/onnx-bytes'
import { evenkeel, json } from './command'

let folder: string
const at = (name: string) => join(folder, name)

const WIDTHS = [32, 48, 48, 16]

function dense(init: string): TensorToWrite[] {
  return WIDTHS.slice(1).map((outputs, i) => {
    const [name, shape] = [`${i}.weight`, [outputs, WIDTHS[i]]]
    return { name, shape, dtype: 'F32', data: initialize(init, shape, { seed: 1, stream: name }) }
  })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-inspect-'))
  writeFileSync(at('he.safetensors'), writeSafetensors(dense('he-normal')))
  writeFileSync(at('small.safetensors'), writeSafetensors(dense('normal:0.01')))
  writeFileSync(
    at('he.npz'),
    writeNpz(dense('he-normal').map(({ name, shape, data }) => [name, { shape, data: data as Float32Array }])),
  )
  writeFileSync(at('images3.npy'), writeNpy([10, 3, 6, 6], initialize('normal:1', [10, 108])))
  writeFileSync(at('x.npy'), writeNpy([20, 32], initialize('normal:1', [20, 32])))
  // the first unit of the second layer is dead
  const half = dense('he-normal').map(({ name, shape, data }, i) => {
    const bits = cast(data as Float32Array, 'bf16') as Uint16Array
    return { name, shape, dtype: 'BF16' as const, data: i === 1 ? bits.fill(0, 0, 48) : bits }
  })
  writeFileSync(at('half.safetensors'), writeSafetensors(half))
})

afterAll(() => rmSync(folder, { recursive: true }))

interface Result {
  tensors: { name: string; recipe: { names: string[] } | null; faults: string[]; std: number }[]
  chain: {
    inputSize: number[] | null
    steps: string[] | null
    layers: { predicted: { secondMoment: number } | null; measured: { secondMoment: number } | null }[]
  }
  verdict: { code: string; fix: string }
}

/** A name and its values, drawn by He for the layout of its shape. */
function kernel(name: string, shape: number[]): TensorToWrite {
  const layout = shape.length === 4 ? 'OIHW' : 'OI'
  return { name, shape, dtype: 'F32', data: initialize('he-normal', shape, { seed: 1, stream: name, layout }) }
}

describe('a model.onnx', () => {
  test('is read with what its graph says of the weights, the copy that --fix writes too', () => {
    const path = 'tests/inspect/fixtures/onnx/cnn.onnx'
    const found = json<Result>('inspect', path, '--batch', at('images3.npy'))
    expect(found.chain.inputSize).toEqual([3, 6, 6])
    expect(found.verdict.code).toBe('stable')
    const out = ['--fix', 'xavier-normal', '--all', '-o', at('fixed-onnx.safetensors')]
    const { after } = json<{ after: Result }>('inspect', 'tests/inspect/fixtures/onnx/sequence.onnx', ...out)
    expect(after.tensors.find(({ name }) => name.includes('MatMul'))).toMatchObject({
      layout: 'IO',
      recipe: { names: ['xavier-normal'] },
    })
  })

  test('reads external data beside it, and refuses what lies out of its folder: exit code 3', () => {
    const outside = (location: string) =>
      model([
        tensor({
          name: 'w.weight',
          dims: [32, 32],
          values: [...whole(14, 1), ...message(13, [...message(1, 'location'), ...message(2, location)])],
        }),
      ])
    mkdirSync(at('onnx'))
    writeFileSync(at('onnx/m.onnx'), outside('w.bin'))
    writeFileSync(at('onnx/w.bin'), bytesOf(initialize('he-normal', [32, 32])))
    expect(json<Result>('inspect', at('onnx/m.onnx')).tensors[0].recipe?.names).toContain('he-normal')
    writeFileSync(at('secret.bin'), new Uint8Array(4096))
    for (const location of ['../secret.bin', '/etc/hostname', 'none.bin']) {
      writeFileSync(at('onnx/evil.onnx'), outside(location))
      expect(evenkeel('inspect', at('onnx/evil.onnx')).code, location).toBe(3)
    }
    expect(evenkeel('inspect', at('onnx/w.bin')).stderr).toContain('.onnx')
  })
})

describe('a chain of convolutions and a batch of images', () => {
  const samples = initialize('normal:1', [10, 36], { seed: 3 })

  beforeAll(() => {
    const tensors = [
      kernel('conv1.weight', [8, 1, 3, 3]),
      kernel('conv2.weight', [6, 8, 3, 3]),
      kernel('fc.weight', [4, 54]),
    ]
    writeFileSync(at('cnn.safetensors'), writeSafetensors(tensors))
    writeFileSync(at('images.npy'), writeNpy([10, 1, 6, 6], samples))
    writeFileSync(at('flat.npy'), writeNpy([10, 36], samples))
  })

  test('is measured layer by layer, the sizes from the file, from a square or from --input-size, the steps from --stride', () => {
    const steps = ['--stride', 'conv2.weight=2']
    const images = json<Result>('inspect', at('cnn.safetensors'), '--batch', at('images.npy'), ...steps)
    expect(images.chain.inputSize).toEqual([1, 6, 6])
    for (const { measured } of images.chain.layers) expect(measured!.secondMoment).toBeGreaterThan(0.1)
    const flat = ['inspect', at('cnn.safetensors'), '--batch', at('flat.npy'), ...steps]
    expect(json(...flat)).toEqual(images)
    expect(json(...flat, '--input-size', '1x6x6')).toEqual(images)
    expect(evenkeel(...flat).stdout).toContain('measured with samples of 1 x 6 x 6, beside theory')
  })

  test('--rescale lsuv brings every layer to a second moment of 1 before its activation', () => {
    const args = ['--activation', 'linear', '--batch', at('images.npy'), '--stride', 'conv2.weight=2']
    const out = ['--rescale', 'lsuv', '-o', at('cnn-lsuv.safetensors'), '--force']
    const { after } = json<{ after: Result }>('inspect', at('cnn.safetensors'), ...args, ...out)
    for (const { measured } of after.chain.layers) expect(measured!.secondMoment).toBeCloseTo(1, 5)
  })

  test.each([
    [[], /'fc.weight' takes 54 values and gets 6 x 6 x 6; declare stride and padding/],
    [['--stride', 'conv=2'], /--stride expected names of tensors, got 'conv'/],
    [['--stride', '0'], /--stride expected an integer >= 1, got '0'/],
    [['--padding', 'same'], /zero, circular, reflect, none/],
    [['--input-size', '1x5x7', '--stride', 'conv2.weight=2'], /inputSize expected 36 values/],
  ])('%j is bad usage: exit code 2 and a word of what would do', (args, words) => {
    const { code, stderr } = evenkeel('inspect', at('cnn.safetensors'), '--batch', at('images.npy'), ...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(words)
  })
})

describe('a model with norms and pooling', () => {
  const CHAIN = 'tests/inspect/fixtures/chain'
  const samples = batchOf([3, 7, 7])
  const words =
    '0.weight,batch-norm:1,leaky-relu:0.2,max-pool:2/2+1,flatten,6.weight,layer-norm:7:1e-3,gelu,9.weight,relu,12.weight'

  beforeAll(async () => {
    writeFileSync(at('seven.npy'), writeNpy([5, 3, 7, 7], samples.data as Float32Array))
    const states = await readNpz(readFileSync(`${CHAIN}/states.npz`))
    const tensors = [...states]
      .filter(([key, { data }]) => key.startsWith('normed/') && !key.endsWith('tracked') && data.length > 0)
      .map(
        ([key, { shape, data }]): TensorToWrite => ({
          name: key.slice(7),
          shape,
          dtype: 'F32',
          data: data as Float32Array,
        }),
      )
    writeFileSync(at('normed.safetensors'), writeSafetensors(tensors))
  })

  test('as .onnx or model.json is measured in the order of its operators, which is said', () => {
    const { chain } = json<Result>('inspect', `${CHAIN}/normed.onnx`, '--batch', at('seven.npy'))
    const { layers } = JSON.parse(readFileSync(`${CHAIN}/vectors.json`, 'utf8')).normed
    chain.layers.forEach(({ measured, predicted }, l) => {
      expect(Math.abs(measured!.secondMoment / layers[l].secondMoment - 1)).toBeLessThan(1e-5)
      expect(predicted).toBe(null)
    })
    expect(chain.steps!.slice(1, 5)).toEqual([
      'batch-norm 1.weight',
      'leaky-relu:0.2',
      'max-pool 2x2',
      'layer-norm 4.weight',
    ])
    const { stdout } = evenkeel('inspect', `${CHAIN}/normed.onnx`, '--batch', at('seven.npy'))
    expect(stdout).toContain('Signal measured with samples of 3 x 7 x 7, with the norms and pooling of the model')
    expect(stdout).not.toContain('theory')
    const image = batchOf([9, 8, 3])
    writeFileSync(at('image.npy'), writeNpy([5, 9, 8, 3], image.data as Float32Array))
    const tfjs = evenkeel('inspect', `${CHAIN}-tfjs/image.json`, '--batch', at('image.npy'), '--json')
    expect((JSON.parse(tfjs.stdout) as Result).chain.steps!.length).toBe(16)
  })

  test('as .safetensors is measured in the order that --layers says, and refused without it', () => {
    const args = ['inspect', at('normed.safetensors'), '--batch', at('seven.npy')]
    const { chain } = json<Result>(...args, '--layers', words)
    expect(chain.steps!.join()).toBe(
      '0.weight,batch-norm 1.weight,leaky-relu:0.2,max-pool 2,flatten,6.weight,layer-norm 7.weight,gelu,9.weight,relu,12.weight',
    )
    expect(chain.layers.map(({ measured }) => measured!.secondMoment > 0)).toEqual([true, true, true, true])
    expect(evenkeel(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('a chain') })
  })

  test.each([
    ['max-pool:2/2+1', 'rleu', /words such as relu, max-pool:2 or flatten, got 'rleu'/],
    ['batch-norm:1', 'batch-norm:8', /the numbers of a norm, as 8\.weight, got none/],
    ['flatten,', '', /'6.weight' expected a flatten step/],
  ])('%s in its words replaced by %j is bad usage: exit code 2', (from, to, message) => {
    const flags = ['--batch', at('seven.npy'), '--layers', words.replace(from, to)]
    const { code, stderr } = evenkeel('inspect', at('normed.safetensors'), ...flags)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  test('as .safetensors is measured in the order of a --network document, and no other may be named beside it', () => {
    const network = {
      input: [3, 7, 7],
      layers: [
        { kind: 'conv', channels: 8, kernel: 3 },
        { kind: 'batchNorm' },
        { kind: 'activation', name: 'relu' },
        { kind: 'dense', units: 4 },
      ],
    }
    const numbers = (name: string) => ({
      name,
      shape: [8],
      dtype: 'F32' as const,
      data: initialize('uniform:1', [8], { stream: name }).map(Math.abs),
    })
    const norm = ['weight', 'bias', 'running_mean', 'running_var'].map((number) => numbers(`norm1.${number}`))
    const tensors = [kernel('conv1.weight', [8, 3, 3, 3]), ...norm, kernel('fc.weight', [4, 392])]
    writeFileSync(at('net.safetensors'), writeSafetensors(tensors))
    writeFileSync(at('net.json'), JSON.stringify(network))
    const args = ['inspect', at('net.safetensors'), '--batch', at('seven.npy')]
    const { chain } = json<Result>(...args, '--network', at('net.json'))
    expect(chain.steps).toEqual(['conv1.weight', 'batch-norm norm1.weight', 'relu', 'flatten', 'fc.weight'])
    const words = 'conv1.weight,batch-norm:norm1,relu,flatten,fc.weight'
    expect(json<Result>(...args, '--layers', words).chain).toEqual(chain)
    expect(evenkeel(...args, '--network', at('net.json'), '--layers', words).code).toBe(2)
    const onnx = evenkeel('inspect', `${CHAIN}/normed.onnx`, '--network', at('net.json'))
    expect([onnx.code, onnx.stderr]).toEqual([2, expect.stringContaining('does not say its order itself')])
  })

  test('an .onnx whose operators are no chain is refused with a batch, and inspected without', () => {
    const path = at('branch.onnx')
    const nodes = [
      node('Relu', ['x'], ['y']),
      node('Add', ['x', 'y'], ['z']),
      node('MatMul', ['z', 'w.weight'], ['out']),
    ]
    writeFileSync(path, model([tensor({ name: 'w.weight', dims: [32, 4] })], nodes, ['x']))
    expect(evenkeel('inspect', path).code).not.toBe(2)
    const { code, stderr } = evenkeel('inspect', path, '--batch', at('x.npy'))
    expect([code, stderr]).toEqual([2, expect.stringContaining("'Relu' and 'Add' at 'x'; name one with --layers")])
  })
})

describe('evenkeel inspect', () => {
  test('a He model is stable: exit 0, a table of weights, one of the signal, and a verdict', () => {
    const { code, stdout, stderr } = evenkeel('inspect', at('he.safetensors'))
    expect([code, stderr]).toEqual([0, ''])
    for (const text of ['he-normal', 'Signal under relu', '32/48', 'stable']) expect(stdout).toContain(text)
  })

  test('weights of sigma 0.01 vanish: exit 1, and the fix names the layer', () => {
    const { code, stdout } = evenkeel('inspect', at('small.safetensors'), '--json')
    const { verdict } = JSON.parse(stdout) as Result
    expect([code, verdict.code]).toEqual([1, 'forward-vanishing'])
    expect(verdict.fix).toMatch(/Rescale '\d\.weight'.*sigma 0\./)
  })

  test('--json holds every tensor and layer, the same for .safetensors and .npz', () => {
    const result = json<Result>('inspect', at('he.safetensors'))
    expect(result.tensors.map(({ recipe }) => recipe?.names[0])).toEqual(['he-normal', 'he-normal', 'he-normal'])
    expect(json<Result>('inspect', at('he.npz'))).toEqual(result)
  })

  test('--batch adds what is measured', () => {
    const { chain } = json<Result>('inspect', at('he.safetensors'), '--batch', at('x.npy'))
    for (const { measured, predicted } of chain.layers)
      expect(Math.abs(Math.log(measured!.secondMoment / predicted!.secondMoment))).toBeLessThan(
        4 * Math.sqrt(5 / 48 + 5 / 48 + 5 / 16),
      )
  })

  test('--layers names the chain, and an unknown name is refused with the nearest', () => {
    expect(json<Result>('inspect', at('he.safetensors'), '--layers', '0.weight,1.weight').chain.layers.length).toBe(2)
    const { code, stderr } = evenkeel('inspect', at('he.safetensors'), '--layers', '0.weigth')
    expect([code, stderr]).toEqual([2, expect.stringContaining("did you mean '0.weight'")])
  })

  test.each([
    ['missing.safetensors', /no such file/],
    ['x.npy', /one that ends in \.safetensors, \.npz, \.onnx or \.json/],
  ])('a bad file, %s, exits with 3', (name, message) => {
    const { code, stderr } = evenkeel('inspect', at(name))
    expect(code).toBe(3)
    expect(stderr).toMatch(message)
  })

  test("an escape sequence in a tensor's name does not reach the terminal", () => {
    const name = 'a\u001b[2J.weight'
    const data = initialize('zeros', [4, 4])
    writeFileSync(at('escape.safetensors'), writeSafetensors([{ name, shape: [4, 4], dtype: 'F32', data }]))
    const { stdout, stderr } = evenkeel('inspect', at('escape.safetensors'))
    expect(stdout).toContain('a\\u{1b}[2J.weight')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  test('a truncated file exits with 3', () => {
    writeFileSync(at('cut.safetensors'), readFileSync(at('he.safetensors')).subarray(0, 5000))
    expect(evenkeel('inspect', at('cut.safetensors'))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('the file is truncated'),
    })
  })

  test('a TensorFlow.js model: a missing shard and a link out of the folder exit with 3', () => {
    mkdirSync(at('tfjs'))
    const weights = [{ name: 'k/kernel', shape: [2, 2], dtype: 'float32' }]
    writeFileSync(at('tfjs/model.json'), JSON.stringify({ weightsManifest: [{ paths: ['w.bin'], weights }] }))
    expect(evenkeel('inspect', at('tfjs/model.json'))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no such file'),
    })
    writeFileSync(at('secret.bin'), new Uint8Array(16))
    symlinkSync(at('secret.bin'), at('tfjs/w.bin'))
    expect(evenkeel('inspect', at('tfjs/model.json'))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('a link to'),
    })
    rmSync(at('tfjs/w.bin'))
    writeFileSync(at('tfjs/w.bin'), new Uint8Array(16))
    expect(evenkeel('inspect', at('tfjs/model.json'))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('zeros'),
    })
  })
})

describe('evenkeel inspect --fix and --rescale', () => {
  test('--fix draws the accused tensor anew and leaves every other byte', () => {
    const { code, stdout } = evenkeel(
      'inspect',
      at('half.safetensors'),
      '--fix',
      'he-normal',
      '-o',
      at('fixed.safetensors'),
    )
    expect(stdout).toContain('Changed 1 of 3 tensors')
    expect(code).toBe(0)
    const [before, after] = ['half', 'fixed'].map(
      (name) => readSafetensors(readFileSync(at(`${name}.safetensors`))).tensors,
    )
    expect([...after.keys()]).toEqual([...before.keys()])
    for (const [name, { data, dtype }] of after) {
      expect(dtype).toBe('BF16')
      if (name !== '1.weight') expect(data).toEqual(before.get(name)!.data)
    }
    const drawn = initialize('he-normal', [48, 48], { seed: 0, stream: '1.weight' })
    const real = widenBfloat16(after.get('1.weight')!.data as Uint16Array)
    // rounded to 8 significant bits
    for (const [i, x] of real.entries())
      expect(Math.abs(x - drawn[i])).toBeLessThanOrEqual(2 ** -8 * Math.abs(drawn[i]))
  })

  test.each([
    ['analytic', [], 'predicted'],
    ['lsuv', ['--batch', 'x.npy'], 'measured'],
  ] as const)('--rescale %s makes a vanishing model stable, and prints before and after', (how, more, signal) => {
    const flags = more.map((flag) => (flag.endsWith('.npy') ? at(flag) : flag))
    const out = at(`${how}.safetensors`)
    const { code, stdout } = evenkeel('inspect', at('small.safetensors'), '--rescale', how, '-o', out, ...flags)
    expect(code).toBe(0)
    expect(stdout).toMatch(/sigma before[\s\S]*h² before[\s\S]*stable/)
    const { chain } = json<Result>('inspect', out, ...flags)
    const last = chain.layers[2][signal]!.secondMoment
    expect(last).toBeGreaterThan(0.3)
    expect(last).toBeLessThan(1.1)
  })

  test('--fix --all of an .npz writes a .safetensors file of all its arrays', () => {
    const out = at('all.safetensors')
    expect(evenkeel('inspect', at('he.npz'), '--fix', 'he-uniform', '--all', '--seed', '3', '-o', out).code).toBe(0)
    const { tensors } = readSafetensors(readFileSync(out))
    expect(tensors.get('0.weight')!.data).toEqual(initialize('he-uniform', [48, 32], { seed: 3, stream: '0.weight' }))
  })

  test('the input is not overwritten without --force, and is with it', () => {
    writeFileSync(at('mine.safetensors'), readFileSync(at('small.safetensors')))
    const flags = ['inspect', at('mine.safetensors'), '--rescale', 'analytic', '-o', at('mine.safetensors')]
    expect(evenkeel(...flags)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force replaces it') })
    expect(readFileSync(at('mine.safetensors'))).toEqual(readFileSync(at('small.safetensors')))
    expect(evenkeel(...flags, '--force').code).toBe(0)
    expect(readFileSync(at('mine.safetensors'))).toEqual(readFileSync(at('analytic.safetensors')))
    expect(existsSync(at('mine.safetensors.part'))).toBe(false)
  })

  test.each([
    [['--fix', 'he-normal'], /expected -o/],
    [['--fix', 'he-normal', '--rescale', 'analytic', '-o', 'x.safetensors'], /no --rescale beside it/],
    [['--rescale', 'lsuv', '-o', 'x.safetensors'], /--batch beside it/],
    [['-o', 'x.safetensors'], /--fix or --rescale beside it/],
    [['--fix', 'he-normal', '-o', 'x.npz'], /ends in \.safetensors/],
    [['--fix', 'he-normal', '-o', 'x.safetensors'], /an accused weight, got none/],
  ])('%j is refused: exit 2', (flags, message) => {
    const { code, stderr } = evenkeel('inspect', at('he.safetensors'), ...flags)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
