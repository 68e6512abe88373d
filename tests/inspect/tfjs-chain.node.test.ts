import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type InspectOptions, inspect } from '../../src/inspect/inspect'
import { inMemory } from '../../src/io/byte-source'
import { readTfjsManifest } from '../../src/io/tfjs-manifest'
import { streamTfjs } from '../../src/io/tfjs-stream'
import { type TfjsTopology, tfjsTopology } from '../../src/io/tfjs-topology'
import { batchOf, type ChainVectors, expectSignal, valuesOf } from './chain-vectors'

// TensorFlow.js 4.22: scripts/inspect-tfjs-vectors.js
const FOLDER = 'tests/inspect/fixtures/chain-tfjs'
const VECTORS: Record<string, ChainVectors> = JSON.parse(readFileSync(`${FOLDER}/vectors.json`, 'utf8'))

function measured(model: string, options: InspectOptions = {}) {
  const text = readFileSync(`${FOLDER}/${model}.json`, 'utf8')
  const { tensors } = streamTfjs(readTfjsManifest(text), (path) => inMemory(readFileSync(`${FOLDER}/${path}`)))
  const { chain, uses } = tfjsTopology(text, new Set(tensors.map(({ name }) => name)))
  if (!chain || 'broken' in chain) return expect.fail(chain?.broken)
  const { input } = VECTORS[model]
  return inspect(
    tensors.map((tensor) => {
      const { name, shape } = tensor
      return { name, shape, data: valuesOf(tensor), ...uses!.get(name) }
    }),
    { steps: chain.steps, batch: batchOf(input), inputSize: input, convention: 'in-out', ...options },
  )
}

// its own f32 kernels and f32 means add their rounding to ours
test.each(Object.keys(VECTORS))(
  'signal, cosine and gradient of every layer of %s are those of TensorFlow.js',
  (model) => {
    expectSignal(measured(model), VECTORS[model])
  },
)

test('the topology says the steps, and strides, borders and dilation of each kernel', () => {
  const { uses } = topologyOf('image')
  expect(Object.fromEntries([...uses!].map(([name, use]) => [name.split('_').slice(-2).join('_'), use]))).toMatchObject(
    {
      'conv2d_Conv2D1/kernel': { role: 'conv', layout: 'HWIO', stride: [2, 2], pads: 'same-upper' },
    },
  )
  expect(measured('image').chain.steps!.map((step) => step.split(' ')[0])).toEqual([
    'conv2d_Conv2D1/kernel',
    'batch-norm',
    'leaky-relu:0.2',
    'separable_conv2d_SeparableConv2D1/depthwise_kernel',
    'separable_conv2d_SeparableConv2D1/pointwise_kernel',
    'layer-norm',
    'silu',
    'average-pool',
    'pad',
    'max-pool',
    'flatten',
    'batch-norm',
    'dense_Dense1/kernel',
    'layer-norm',
    'elu:1',
    'dense_Dense2/kernel',
  ])
})

function topologyOf(model: string): TfjsTopology {
  const text = readFileSync(`${FOLDER}/${model}.json`, 'utf8')
  const groups = readTfjsManifest(text)
  return tfjsTopology(text, new Set(groups.flatMap(({ weights }) => weights.map(({ name }) => name))))
}

const dense = (name: string, more: object = {}) => ({ class_name: 'Dense', config: { name, units: 3, ...more } })
const topology = (modelTopology: unknown) =>
  tfjsTopology(JSON.stringify({ modelTopology }), new Set(['a/kernel', 'a/bias', 'b/kernel', 'b/bias']))
const sequential = (...layers: object[]) => topology({ class_name: 'Sequential', config: { name: 's', layers } })

test('a functional model whose layers each take what the one before gives is a chain, and so is one within another', () => {
  const at = (name: string, from: string[]) => ({ name, inbound_nodes: [from.map((layer) => [layer, 0, 0, {}])] })
  const input = { class_name: 'InputLayer', name: 'x', config: { name: 'x' }, inbound_nodes: [] }
  const functional = (b: string[]) =>
    topology({
      model_config: {
        class_name: 'Functional',
        config: { layers: [input, { ...dense('a'), ...at('a', ['x']) }, { ...dense('b'), ...at('b', b) }] },
      },
    })
  const steps = ['a', 'b'].map((name) => ({ kind: 'weights', name: `${name}/kernel`, bias: `${name}/bias` }))
  expect(functional(['a']).chain).toEqual({ steps })
  expect(functional(['x']).chain).toEqual({ broken: "its layer 'b' takes other than what the one before gives" })
  expect(functional(['a', 'x']).chain).toEqual({ broken: "its layer 'b' takes other than what the one before gives" })
  const inner = { class_name: 'Sequential', config: { name: 'i', layers: [dense('a')] } }
  expect(sequential(inner, dense('b')).chain).toEqual({ steps })
})

test.each([
  [[{ class_name: 'LSTM', config: { name: 'l' } }, dense('a')], "its layer 'l', a LSTM, is not known"],
  [[dense('a', { activation: 'cubic' }), dense('b')], "its layer 'a', a Dense, is not known"],
  [[dense('c'), dense('b')], "its layer 'c', a Dense, is not known"],
  [[{ class_name: '__proto__', config: null }, dense('a')], 'a __proto__, is not known'],
  [[null, 3, dense('a')], "its layer 'undefined', a undefined, is not known"],
  [[{ class_name: 'Flatten', config: { name: 'f' } }], 'its layers take no weight'],
] as [object[], string][])('layers that are not known before the last weight make no chain %#', (layers, words) => {
  const { chain } = sequential(...layers)
  expect(chain && 'broken' in chain && chain.broken).toContain(words)
})

test.each([[undefined], [null], ['x'], [[]], [{ node: [] }]])('a topology %j says nothing', (value) => {
  expect(topology(value)).toEqual({})
})

test('models within models without end are no chain', () => {
  let model: object = dense('a')
  for (let i = 0; i < 500; i++) model = { class_name: 'Sequential', config: { name: 's', layers: [model] } }
  expect(topology(model).chain).toEqual({ broken: 'its layers are not listed' })
})
