import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type InspectTensor, inspect, type ModelStep } from '../../src/inspect/inspect'
import type { LayerSignal } from '../../src/inspect/predict-chain'
import { inMemory } from '../../src/io/byte-source'
import { readNpz } from '../../src/io/npz'
import { streamOnnx } from '../../src/io/onnx-stream'
import type { Batch } from '../../src/network/spec'

// PyTorch 1.13: scripts/inspect-vectors.py
const FOLDER = 'tests/inspect/fixtures/chain'
const VECTORS: Record<string, { input: number[]; layers: LayerSignal[] }> = JSON.parse(
  readFileSync(`${FOLDER}/vectors.json`, 'utf8'),
)
const STATES = await readNpz(readFileSync(`${FOLDER}/states.npz`))

function batchOf(input: readonly number[]): Batch {
  const [rows, columns] = [5, input.reduce((a, b) => a * b, 1)]
  const value = (_: unknown, i: number) => 3.4 * (((i * 7919) % 1009) / 1009 - 0.5)
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, value) }
}

function read(model: string): { tensors: InspectTensor[]; steps: readonly ModelStep[] } {
  const none = () => expect.unreachable()
  const { tensors, uses, chain } = streamOnnx(inMemory(readFileSync(`${FOLDER}/${model}.onnx`)), none, model)
  if (!chain || 'broken' in chain) return expect.fail(chain?.broken)
  return {
    tensors: tensors.map(({ name, shape, values }) => {
      const data = Float32Array.from([...(values() as Iterable<Float32Array>)].flatMap((part) => [...part]))
      return { name, shape, data, ...uses!.get(name) }
    }),
    steps: chain.steps,
  }
}

/** Rounding of f32 products and sums over at most 128 terms, in a dozen steps: 2^-24 each on the way, some of it in the mean. */
const TOLERANCE = 1e-5

describe.each(Object.keys(VECTORS))('%s', (model) => {
  const { input, layers } = VECTORS[model]

  test('signal, cosine and gradient of every layer are those of PyTorch', () => {
    const { tensors, steps } = read(model)
    const { chain } = inspect(tensors, { steps, batch: batchOf(input), inputSize: input })
    expect(chain.layers.length).toBe(layers.length)
    chain.layers.forEach(({ measured }, l) => {
      for (const key of ['secondMoment', 'gradient', 'cosine'] as const)
        expect(Math.abs(measured![key]! / layers[l][key]! - 1), `${key} of layer ${l + 1}`).toBeLessThan(TOLERANCE)
    })
  })
})

/** Tensors of a state_dict, by their names there. */
function state(model: string): InspectTensor[] {
  return [...STATES]
    .filter(([key, { data }]) => key.startsWith(`${model}/`) && !key.endsWith('tracked') && data.length > 0)
    .map(([key, { shape, data }]) => {
      const name = key.slice(model.length + 1)
      return { name, shape, data }
    })
}

const norm = (kind: 'batch' | 'layer', layer: number, epsilon = 1e-5): ModelStep => ({
  ...{ kind: 'norm', norm: kind, scale: `${layer}.weight`, shift: `${layer}.bias`, epsilon },
  ...(kind === 'batch' ? { mean: `${layer}.running_mean`, variance: `${layer}.running_var` } : {}),
})
const NORMED: ModelStep[] = [
  { kind: 'weights', name: '0.weight' },
  norm('batch', 1),
  { kind: 'activation', name: 'leaky-relu:0.2' },
  { kind: 'pool', pool: 'max', kernel: 2, ceil: true },
  norm('layer', 4),
  { kind: 'flatten' },
  { kind: 'weights', name: '6.weight' },
  norm('layer', 7, 1e-3),
  { kind: 'activation', name: 'gelu' },
  { kind: 'weights', name: '9.weight' },
  { kind: 'activation', name: 'relu' },
  norm('batch', 11, 1e-2),
  { kind: 'weights', name: '12.weight' },
]
const IMAGES = { batch: batchOf([3, 7, 7]), inputSize: [3, 7, 7] }

test('a state_dict with the steps of its model is measured as PyTorch has it', () => {
  const { chain } = inspect(state('normed'), { ...IMAGES, steps: NORMED })
  chain.layers.forEach(({ measured, predicted }, l) => {
    expect(predicted).toBe(null)
    for (const key of ['secondMoment', 'gradient', 'cosine'] as const)
      expect(Math.abs(measured![key]! / VECTORS.normed.layers[l][key]! - 1)).toBeLessThan(TOLERANCE)
  })
  expect(chain.steps!.slice(0, 5)).toEqual([
    '0.weight',
    'batch-norm 1.weight',
    'leaky-relu:0.2',
    'max-pool 2',
    'layer-norm 4.weight',
  ])
})

test.each([
  [NORMED.with(3, { kind: 'pool', pool: 'max', kernel: 2 }), "'6.weight' takes 128 values and gets 8 x 3 x 3"],
  [NORMED.filter(({ kind }) => kind !== 'flatten'), "'6.weight' expected a flatten step between channels"],
  [NORMED.with(4, { kind: 'norm', norm: 'layer', axes: 1 }), 'layer-norm expected all 3 axes of a sample, got 1'],
  [NORMED.with(1, { ...norm('batch', 1), scale: '6.bias' } as ModelStep), "'6.bias' expected 8 values"],
  [
    NORMED.with(0, { kind: 'weights', name: 'x' }),
    "steps[0] expected one of 0.weight, 6.weight, 9.weight, 12.weight, got 'x'",
  ],
  [NORMED.with(2, { kind: 'activation', name: 'rule' }), "did you mean 'relu'"],
  [NORMED.with(3, { kind: 'pool', pool: 'max', kernel: 9 }), 'pool expected a window of at most 7, got 9'],
  [NORMED.with(3, { kind: 'pool', pool: 'max', kernel: 2, pads: [1] }), 'pool.pads expected an integer >= 0, or 4'],
  [NORMED.with(5, { kind: 'pad', pads: [2 ** 24, 0, 0, 0] }), 'at most 16777216 values'],
  [NORMED.with(8, { kind: 'pool', pool: 'max', kernel: 2 }), 'pool expected channels of a line or an image before it'],
  [NORMED.with(1, { kind: 'norm', norm: 'batch', variance: '1.running_var' }), 'steps[1].variance expected a mean'],
  [NORMED.slice(1, 3), 'steps expected a step with weights'],
] as [ModelStep[], string][])('steps that do not fit are refused %#', (steps, message) => {
  expect(() => inspect(state('normed'), { ...IMAGES, steps })).toThrow(message)
})

test('an activation that is declared stands for those of the steps, and no layers may be named beside them', () => {
  const tensors = state('normed')
  const given = NORMED.map((step): ModelStep => (step.kind === 'activation' ? { ...step, name: 'tanh' } : step))
  const signals = (o: Parameters<typeof inspect>[1]) => inspect(tensors, { ...IMAGES, ...o }).chain.layers
  expect(signals({ steps: NORMED, activation: 'tanh' })).toEqual(signals({ steps: given }))
  expect(() => inspect(tensors, { steps: NORMED, layers: ['0.weight'] })).toThrow('layers expected none beside steps')
})
