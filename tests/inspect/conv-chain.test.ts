import { describe, expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { initialize } from '../../src/initializers/names'
import { type InspectOptions, inspect } from '../../src/inspect/inspect'
import { judgedChain } from '../../src/inspect/inspection'
import { measureChain } from '../../src/inspect/measure-chain'
import { modelValues, summarise } from '../../src/inspect/read'
import { plainSteps } from '../../src/inspect/steps'
import type { InspectTensor } from '../../src/inspect/tensor'
import type { Batch } from '../../src/network/spec'
import type { LayerDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'

const ROWS = 9
const batchOf = (columns: number): Batch => ({
  data: initialize('normal:1', [ROWS, columns], { seed: 5, stream: 'batch' }),
  rows: ROWS,
  columns,
})

/** He weights of seed 0 and the streams of a document whose layers with weights stand at 0, 2, 4, ... */
function tensor(layer: number, shape: number[], more: Partial<InspectTensor> = {}): InspectTensor {
  const layout = ['OI', 'OIW', 'OIHW'][shape.length - 2]
  const options = { seed: 0, layout, ...(more.groups ? { groups: more.groups } : {}) }
  const data = initialize('he-normal', shape, { ...options, stream: `layers.${layer}.weight` })
  return { name: `${layer}.weight`, shape, layout, data, ...more }
}

const signals = (tensors: InspectTensor[], options: InspectOptions) =>
  inspect(tensors, options).chain.layers.map(({ measured }) => measured!)

describe.each([
  [
    '2-D, a stride and groups, then dense',
    [3, 8, 8],
    [
      { kind: 'conv', channels: 6, kernel: 3 },
      { kind: 'conv', channels: 8, kernel: 3, stride: 2, groups: 2 },
      { kind: 'dense', units: 5 },
    ],
    [tensor(0, [6, 3, 3, 3]), tensor(2, [8, 3, 3, 3], { stride: 2, groups: 2 }), tensor(4, [5, 128])],
    {},
  ],
  [
    '2-D, not square, no padding',
    [2, 5, 7],
    [
      { kind: 'conv', channels: 4, kernel: [2, 3], padding: 'none' },
      { kind: 'conv', channels: 4, kernel: 3, padding: 'none' },
    ],
    [tensor(0, [4, 2, 2, 3]), tensor(2, [4, 4, 3, 3])],
    { inputSize: [2, 5, 7], padding: 'none' },
  ],
  [
    '1-D, circular',
    [4, 11],
    [
      { kind: 'conv', channels: 6, kernel: 3, padding: 'circular' },
      { kind: 'conv', channels: 3, kernel: 5, padding: 'circular' },
    ],
    [tensor(0, [6, 4, 3]), tensor(2, [3, 6, 5])],
    { padding: 'circular' },
  ],
] as [string, number[], LayerDocument[], InspectTensor[], InspectOptions][])('%s', (_, input, weighted, tensors, o) => {
  const columns = input.reduce((a, b) => a * b, 1)

  test.each(['relu', 'tanh'])(
    'signal and gradient under %s are to the bit those of the network as a document',
    (name) => {
      const layers = weighted.flatMap((layer): LayerDocument[] => [layer, { kind: 'activation', name }])
      const batch = batchOf(columns)
      const whole = propagateNetwork({ input, layers }, { input: batch, rescale: false })
      const found = signals(tensors, { ...o, activation: name, batch })
      const up = whole.layers.filter(({ kind }) => kind === 'activation').map(({ forward }) => forward)
      expect(found.map(({ secondMoment }) => secondMoment)).toEqual(up.map(({ secondMoment }) => secondMoment))
      expect(found.map(({ cosine }) => cosine)).toEqual(up.map(({ cosine }) => cosine))
      // the same probe, at the last layer's z
      const below = propagateNetwork(
        { input, layers: layers.slice(0, -1) },
        { input: batch, rescale: false, backward: true },
      )
      const down = below.layers
        .filter(({ kind }) => kind !== 'activation')
        .map(({ backward }) => backward!.secondMoment)
      // there as exp(ln x), two roundings of the kernels' own ln and exp
      found.forEach(({ gradient }, l) => {
        expect(Math.abs(gradient / down[l] - 1)).toBeLessThan(8 * 2 ** -52 * Math.max(1, Math.abs(Math.log(gradient))))
      })
      expect(inspect(tensors, { ...o, batch }).chain.inputSize).toEqual(input)
    },
  )
})

describe('a right network of convolutions with strides and a flattened layer', () => {
  const draw = (seed: number) =>
    [
      tensor(0, [16, 3, 3, 3]),
      tensor(2, [16, 16, 3, 3], { stride: 2 }),
      tensor(4, [16, 16, 3, 3]),
      tensor(6, [10, 16 * 49]),
    ].map((t) => ({
      ...t,
      data: initialize('he-normal', t.shape, { seed, stream: t.name, layout: t.layout }),
    }))

  test('is stable under 40 seeds: a gradient spread over 49 or 196 positions has not vanished', () => {
    for (let seed = 0; seed < 40; seed++) expect(inspect(draw(seed)).verdict.code).toBe('stable')
  })

  test('has the positions that the flattened layer and the stride say, and with a batch the sizes themselves', () => {
    const { layers } = inspect(draw(1), { batch: batchOf(3 * 14 * 14) }).chain
    expect(layers.map(({ positions }) => positions)).toEqual([196, 49, 49, 1])
    expect(layers.map(({ size }) => size)).toEqual([[16, 14, 14], [16, 7, 7], [16, 7, 7], [10]])
  })
})

/** The same values with the axes in another order, by their letters. */
function stored({ name, shape, layout, data }: InspectTensor, to: string): InspectTensor {
  const from = layout as string
  const size = (letter: string) => shape[from.indexOf(letter)]
  const sizes = [...to].map(size)
  const stride = (letter: string) => shape.slice(from.indexOf(letter) + 1).reduce((a, b) => a * b, 1)
  const out = new Float32Array(data!.length)
  out.forEach((_, i) => {
    let [rest, at] = [i, 0]
    for (const letter of [...to].reverse()) {
      at += (rest % size(letter)) * stride(letter)
      rest = Math.floor(rest / size(letter))
    }
    out[i] = data![at]
  })
  return { name, shape: sizes, layout: to, data: out }
}

test('kernels, samples and a flattened layer with the channels last are the same network', () => {
  const [c, h, w] = [3, 4, 6]
  const tensors = [tensor(0, [5, c, 3, 3]), tensor(2, [7, 5 * h * w])]
  const [conv, dense] = tensors
  const flattened = Float32Array.from(dense.data!)
  for (let o = 0; o < 7; o++)
    for (let p = 0; p < h * w; p++)
      for (let k = 0; k < 5; k++) flattened[(o * h * w + p) * 5 + k] = dense.data![(o * 5 + k) * h * w + p]
  const last = [stored(conv, 'HWIO'), stored({ ...dense, data: flattened }, 'IO')]
  const batch = batchOf(c * h * w)
  const turned = Float32Array.from(batch.data)
  for (let b = 0; b < ROWS; b++)
    for (let p = 0; p < h * w; p++)
      for (let k = 0; k < c; k++) turned[(b * h * w + p) * c + k] = batch.data[(b * c + k) * h * w + p]
  expect(signals(last, { batch: { ...batch, data: turned }, inputSize: [h, w, c] })).toEqual(
    signals(tensors, { batch, inputSize: [c, h, w] }),
  )
})

test("a depthwise kernel as TensorFlow stores it, 'HWIM', is a convolution of as many groups as channels", () => {
  const grouped = tensor(0, [8, 1, 3, 3], { groups: 4 })
  // output channel i * 2 + m
  const depthwise = stored({ ...grouped, shape: [4, 2, 3, 3], layout: 'IMHW' }, 'HWIM')
  const batch = batchOf(4 * 25)
  const turned = Float32Array.from(batch.data)
  for (let b = 0; b < ROWS; b++)
    for (let p = 0; p < 25; p++)
      for (let k = 0; k < 4; k++) turned[(b * 25 + p) * 4 + k] = batch.data[(b * 4 + k) * 25 + p]
  expect(signals([depthwise], { batch: { ...batch, data: turned } })).toEqual(signals([grouped], { batch }))
})

test('lsuv: the pre-activations of convolutions with biases have second moment 1 over the batch after the scaling', () => {
  const bias = (layer: number, channels: number): InspectTensor => ({
    name: `${layer}.bias`,
    shape: [channels],
    data: initialize('normal:0.3', [channels], { seed: 2, stream: `${layer}` }),
  })
  const tensors = [tensor(0, [6, 2, 3, 3]), bias(0, 6), tensor(2, [4, 6, 3, 3]), bias(2, 4)]
  const linear = activation('linear')
  const batch = batchOf(2 * 36)
  const values = modelValues((name) => tensors.find((tensor) => tensor.name === name)!.data!)
  const { chain } = judgedChain(summarise(tensors, 'out-in'), {}, linear)
  const { scales } = measureChain(plainSteps(chain.layers, linear), values, batch, {}, true)
  const scaled = tensors.map((tensor) => {
    const scale = { '0.weight': scales[0], '2.weight': scales[1] }[tensor.name] ?? 1
    return { ...tensor, data: tensor.data!.map((w) => w * scale) }
  })
  // weights rounded once more to f32
  for (const { secondMoment } of signals(scaled, { activation: 'linear', batch }))
    expect(Math.abs(secondMoment - 1)).toBeLessThan(1e-5)
})

test.each([
  [[tensor(0, [4, 3, 3, 3])], { batch: batchOf(3 * 15) }, 'inspect: inputSize expected the sizes of a sample: 3 x 15'],
  [[tensor(0, [4, 3, 3, 3])], { batch: batchOf(16) }, 'inspect: batch.columns expected a multiple of 3'],
  [
    [tensor(0, [4, 3, 3, 3])],
    { batch: batchOf(48), inputSize: [4, 4, 3] },
    "inspect: inputSize expected 3 channels, as '0.weight' reads",
  ],
  [[tensor(0, [4, 3, 3, 3])], { batch: batchOf(48), inputSize: [3, 4] }, 'inspect: inputSize expected 3 sizes'],
  [
    [tensor(0, [4, 3, 3, 3])],
    { batch: batchOf(48), inputSize: [3, 5, 4] },
    'inspect: inputSize expected 48 values, the columns of batch',
  ],
  [[tensor(0, [4, 3, 3, 3])], { inputSize: [3, 4, 4] }, 'inspect: inputSize expected a batch beside it'],
  [[tensor(0, [4, 3, 3, 3])], { batch: batchOf(48), padding: 'same' }, 'inspect: padding expected one of'],
  [[tensor(0, [4, 3, 3, 3], { transposed: true, layout: 'IOHW' })], { batch: batchOf(64) }, 'no transposed'],
  [
    [tensor(0, [4, 3, 3, 3]), tensor(2, [5, 16])],
    { batch: batchOf(48) },
    "inspect: batch expected a chain whose sizes meet: '2.weight' takes 16 values and gets 4 x 4 x 4",
  ],
  [[tensor(0, [5, 4])], { batch: batchOf(4), inputSize: [4] }, "inspect: inputSize expected none: '0.weight' is dense"],
] as [InspectTensor[], InspectOptions, string][])('what does not fit is refused %#', (tensors, options, message) => {
  expect(() => inspect(tensors, options)).toThrow(message)
})
