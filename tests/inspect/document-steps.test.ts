import { expect, test } from 'vitest'
import { initialize } from '../../src/initializers/names'
import { documentSteps } from '../../src/inspect/document-steps'
import { type InspectTensor, inspect } from '../../src/inspect/inspect'
import type { LayeredNetwork } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'

const NETWORK: LayeredNetwork = {
  input: [2, 6, 7],
  layers: [
    { kind: 'conv', channels: 4, kernel: [3, 4], stride: 2 },
    { kind: 'batchNorm' },
    { kind: 'activation', name: 'gelu' },
    { kind: 'conv', channels: 6, kernel: 2, padding: 'none', groups: 2 },
    { kind: 'layerNorm' },
    { kind: 'activation', name: 'tanh' },
    { kind: 'dense', units: 5 },
    { kind: 'rmsNorm' },
    { kind: 'dense', units: 3 },
  ],
}
const SHAPES: [number, number[], object][] = [
  [0, [4, 2, 3, 4], { layout: 'OIHW' }],
  [3, [6, 2, 2, 2], { layout: 'OIHW', groups: 2 }],
  [6, [5, 36], {}],
  [8, [3, 5], {}],
]

const TENSORS: InspectTensor[] = SHAPES.map(([layer, shape, how]) => {
  const name = `layers.${layer}.weight`
  return { name, shape, data: initialize('he-normal', shape, { seed: 0, stream: name, ...how }) }
})

test('the steps of a document, its norms of the batch at hand, give the signal of propagateNetwork to the bit', () => {
  const data = initialize('normal:1', [9, 84], { seed: 5, stream: 'batch' })
  const batch = { data, rows: 9, columns: 84 }
  const { layers } = propagateNetwork(NETWORK, { input: batch, rescale: false, backward: true })
  const { steps, uses, input } = documentSteps(NETWORK, TENSORS)
  const tensors = TENSORS.map((tensor) => ({ ...tensor, ...uses.get(tensor.name) }))
  const { chain } = inspect(tensors, { steps, batch, inputSize: input })
  const handed = ['layers[2]', 'layers[5]', 'layers[7]', 'layers[8]'].map(
    (at) => layers.find(({ path }) => path === at)!.forward,
  )
  expect(chain.layers.map(({ measured }) => [measured!.secondMoment, measured!.cosine])).toEqual(
    handed.map(({ secondMoment, cosine }) => [secondMoment, cosine]),
  )
  expect(chain.layers.map(({ size }) => size)).toEqual([[4, 3, 4], [6, 2, 3], [5], [3]])
})

test('weights and norms are taken by the numbers in their names', () => {
  const deep = Array.from({ length: 12 }, (_, i) => ({ name: `net.${i}.weight`, shape: [4, 4] })).reverse()
  const norms = [10, 9].flatMap((i) => ['weight', 'bias'].map((number) => ({ name: `norm${i}.${number}`, shape: [4] })))
  const layers: LayeredNetwork['layers'] = [
    { kind: 'repeat', times: 11, layers: [{ kind: 'dense', units: 4 }] },
    { kind: 'layerNorm' },
    { kind: 'dense', units: 4 },
    { kind: 'layerNorm' },
  ]
  const { steps } = documentSteps({ input: [4], layers }, [...norms, ...deep])
  expect(steps.flatMap((step) => (step.kind === 'weights' ? step.name : []))).toEqual(
    Array.from({ length: 12 }, (_, i) => `net.${i}.weight`),
  )
  expect(steps.flatMap((step) => (step.kind === 'norm' ? [step.scale, step.shift] : []))).toEqual([
    ...['norm9.weight', 'norm9.bias'],
    ...['norm10.weight', 'norm10.bias'],
  ])
})

test.each([
  [{ kind: 'residual', layers: [{ kind: 'activation', name: 'relu' }] }, 'network.layers[1] expected layers one after'],
  [{ kind: 'dense', units: 4 }, 'network.layers expected 1 layers with weights, as the file has, got 2'],
  [{ kind: 'tanh' }, 'network.layers[1].kind expected one of'],
])('a document with %j behind its weight is refused', (layer, words) => {
  const network = { input: [4], layers: [{ kind: 'dense', units: 4 }, layer] } as LayeredNetwork
  expect(() => documentSteps(network, [{ name: 'w.weight', shape: [4, 4] }])).toThrow(words)
})

test('a border other than zeros, and other norms than the file has, are refused', () => {
  const conv = { kind: 'conv', channels: 2, kernel: 3, padding: 'circular' } as const
  const weight = { name: 'c.weight', shape: [2, 2, 3] }
  expect(() => documentSteps({ input: [2, 8], layers: [conv] }, [weight])).toThrow("layers[0].padding expected 'zero'")
  const norm = { name: 'n.weight', shape: [2] }
  const plain = { ...conv, padding: 'zero' } as const
  expect(() => documentSteps({ input: [2, 8], layers: [plain] }, [weight, norm])).toThrow(
    'expected 1 norms, as the file',
  )
})
