import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type InspectTensor, inspect, type ModelStep } from '../../src/inspect/inspect'
import { inMemory } from '../../src/io/byte-source'
import { readNpz } from '../../src/io/npz'
import { streamOnnx } from '../../src/io/onnx-stream'
import { batchOf, type ChainVectors, expectSignal, valuesOf } from './chain-vectors'

// PyTorch 1.13: scripts/inspect-vectors.py
const FOLDER = 'tests/inspect/fixtures/chain'
const VECTORS: Record<string, ChainVectors> = JSON.parse(readFileSync(`${FOLDER}/vectors.json`, 'utf8'))
const STATES = await readNpz(readFileSync(`${FOLDER}/states.npz`))

function read(model: string): { tensors: InspectTensor[]; steps: readonly ModelStep[] } {
  const none = () => expect.unreachable()
  const { tensors, uses, chain } = streamOnnx(inMemory(readFileSync(`${FOLDER}/${model}.onnx`)), none, model)
  if (!chain || 'broken' in chain) return expect.fail(chain?.broken)
  return {
    tensors: tensors.map((tensor) => {
      const { name, shape } = tensor
      return { name, shape, data: valuesOf(tensor), ...uses!.get(name) }
    }),
    steps: chain.steps,
  }
}

test.each(Object.keys(VECTORS))('signal, cosine and gradient of every layer of %s are those of PyTorch', (model) => {
  const { input } = VECTORS[model]
  const { tensors, steps } = read(model)
  expectSignal(inspect(tensors, { steps, batch: batchOf(input), inputSize: input }), VECTORS[model])
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
  const found = inspect(state('normed'), { ...IMAGES, steps: NORMED })
  expectSignal(found, VECTORS.normed)
  // theory does not follow norms
  expect(found.chain.layers.every(({ predicted }) => predicted === null)).toBe(true)
  expect(found.chain.steps!.slice(0, 5)).toEqual([
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
  [
    NORMED.with(3, { kind: 'pool', pool: 'average', kernel: 5000, pads: new Array(4).fill(5000), stride: 1 }),
    'pool expected at most 67108864 reads of a channel',
  ],
  [NORMED.with(5, { kind: 'pad', pads: [2 ** 22, 0, 0, 0] }), 'at most 16777216 values'],
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
