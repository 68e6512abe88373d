import { initialize } from '../../src/initializers/names'
import { type InspectTensor, inspect, type ModelStep } from '../../src/inspect/inspect'
import { measure } from '../../src/network/measure'
import type { NetworkOptions } from '../../src/network/spec'
import { fillNormal, fillTruncatedNormal, fillUniform } from '../../src/random/draw'
import { initializerRows } from './initializer-rows'
import { networkRows } from './network-rows'
import { type GoldenRow, withoutAbsent } from './row'
import { trainingRows } from './training-rows'

/** Three blocks of a stream and a ragged end. */
const LEN = 3 * 4096 + 17
const SEEDED = { seed: 42, stream: 'golden' }
const fresh = () => new Float32Array(LEN)

const streamRows: GoldenRow[] = [
  { name: 'uniform', values: () => fillUniform(fresh(), SEEDED), hash: '1a27e8510aad2ce5' },
  { name: 'normal: box-muller-1', values: () => fillNormal(fresh(), SEEDED), hash: 'a9bf2eea0349a661' },
  {
    name: 'normal of seed 2^64 - 1, stream ü/λ, mean 0.3, stddev 0.02',
    values: () => fillNormal(fresh(), { seed: 2n ** 64n - 1n, stream: 'ü/λ', mean: 0.3, stddev: 0.02 }),
    hash: '80bc00e245481cd5',
  },
]

const truncatedRows: GoldenRow[] = (
  [
    [-2, 2, '5833835dcfecb6ea'],
    [-1, 3, 'b01f6c3b5223c843'],
    [2, 3, '7c4d885ad67fce83'],
    [-3, -2, 'a7fe8f95f4406a28'],
    [10, 11, '0eafeabc0cf270db'],
    [40, Number.POSITIVE_INFINITY, 'bc64f294922c67e6'],
    [1, 1 + 1e-9, '03b1136f574c0f18'],
  ] as const
).map(([lower, upper, hash]) => ({
  name: `truncated-normal-1 on [${lower}, ${upper}]`,
  values: () => fillTruncatedNormal(fresh(), { ...SEEDED, lower, upper }),
  hash,
}))

const WIDTHS = [33, 300, 64, 270, 270, 270, 270, 5]

/** Every number that an experiment measures, forward and backward. */
function measured(options: NetworkOptions): Uint8Array {
  const measurement = measure('golden', {
    widths: WIDTHS,
    batch: 11,
    seed: 5,
    seeds: 2,
    backward: true,
    ...options,
  })
  // the name of the engine is no measured number
  const { engine: _, ...config } = measurement.config
  const { layers, seeds } = measurement
  return new TextEncoder().encode(JSON.stringify({ config, layers, seeds }, withoutAbsent))
}

const experimentRows: GoldenRow[] = (
  [
    ['he-normal', 'relu', 0, 'f624e9390297a276'],
    ['xavier-uniform', 'leaky-relu:0.2', 0, '74df4fba10756cba'],
    ['lecun-normal', 'linear', 0.3, 'f7e13cee12aa03f7'],
  ] as const
).map(([init, activation, bias, hash]) => ({
  name: `experiment ${init}, ${activation}, bias ${bias}, widths ${WIDTHS.join(' -> ')}, batch 11, 2 seeds, forward and backward`,
  values: () => measured({ init, activation, bias }),
  hash,
}))

const saturationRows: GoldenRow[] = (
  [
    ['tanh', 'weights', '51043ec8aef2520a'],
    ['sigmoid', 'law', 'ae2d9f6052a76afb'],
    ['relu6', 'weights', '9ffe59c93239ea88'],
  ] as const
).map(([activation, engine, hash]) => ({
  name: `experiment of saturating units, ${activation}, engine ${engine}, bias 1, widths ${WIDTHS.join(' -> ')}, batch 11, 2 seeds`,
  values: () => measured({ init: 'normal:0.3', activation, engine, bias: 1 }),
  hash,
}))

/** 5 inputs for 11 samples: the first layer's inputs depend on each other. */
const lawRows: GoldenRow[] = (
  [
    ['he-normal', 'relu', 0, WIDTHS, 'd2308feb382b4564'],
    ['lecun-normal', 'linear', 0.3, WIDTHS, '064415d2f9ffc2f6'],
    ['he-normal', 'relu', 0, [5, 40, 300, 7], '92b00837563c9b90'],
  ] as const
).map(([init, activation, bias, widths, hash]) => ({
  name: `experiment with weights integrated out, ${init}, ${activation}, bias ${bias}, widths ${widths.join(' -> ')}, batch 11, 2 seeds, forward and backward`,
  values: () => measured({ init, activation, bias, widths: [...widths], engine: 'law' }),
  hash,
}))

/** What inspect() measures of a chain: mean, sigma, and the signals of a batch of 11 forward and back. */
function inspected(
  activation: string,
  shapes: readonly (readonly number[])[],
  columns: number,
  steps?: readonly ModelStep[],
): Uint8Array {
  const tensors: InspectTensor[] = shapes.map((shape, i) => ({
    ...{ name: `${i}.weight`, shape },
    data: initialize('he-normal', shape, {
      ...{ seed: 5, stream: `${i}.weight` },
      ...(shape.length === 4 ? { layout: 'OIHW' } : {}),
    }),
  }))
  const data = initialize('normal:1', [11, columns], { seed: 6 })
  const vector = (name: string) => ({
    name,
    shape: [9],
    data: initialize('uniform:1.5', [9], { stream: name }).map(Math.abs),
  })
  const norms = steps === undefined ? [] : ['scale', 'shift', 'mean', 'variance'].map(vector)
  const batch = { data, rows: 11, columns }
  const options = steps === undefined ? { activation, batch } : { activation, batch, steps }
  const { tensors: found, chain } = inspect([...tensors, ...norms], options)
  const numbers = [found.map(({ mean, std }) => [mean, std]), chain.input, chain.layers.map(({ measured }) => measured)]
  return new TextEncoder().encode(JSON.stringify(numbers))
}

const DENSE = [
  [300, 33],
  [64, 300],
  [5, 64],
]
const IMAGES = [
  [9, 2, 3, 3],
  [10, 9, 3, 3],
  [7, 360],
]

/** Convolutions between norms and pooling, what is left of 6 x 6 flattened. */
const POOLED: readonly ModelStep[] = [
  { kind: 'weights', name: '0.weight' },
  { kind: 'norm', norm: 'batch', scale: 'scale', shift: 'shift', mean: 'mean', variance: 'variance' },
  { kind: 'activation', name: 'gelu' },
  { kind: 'pool', pool: 'max', kernel: 3, stride: 2, pads: 'same-upper' },
  { kind: 'norm', norm: 'layer', over: 'channels', scale: 'scale', shift: 'shift' },
  { kind: 'weights', name: '1.weight' },
  { kind: 'pool', pool: 'average', kernel: 2, stride: 1, pads: [1, 0, 0, 1], countPads: true },
  { kind: 'norm', norm: 'rms', epsilon: 1e-3 },
  { kind: 'activation', name: 'gelu' },
  { kind: 'flatten' },
  { kind: 'norm', norm: 'batch' },
  { kind: 'weights', name: '2.weight' },
]

const inspectRows: GoldenRow[] = (
  [
    ['three he-normal layers under relu', 'relu', DENSE, 33, '09f8c84c9ec0f321'],
    ['three he-normal layers under tanh', 'tanh', DENSE, 33, '0e1cf7cd3b1eb227'],
    ['two convolutions of 6 x 6 and a dense layer under gelu', 'gelu', IMAGES, 72, 'c1b4038636c18722'],
    [
      'two convolutions of 6 x 6 between norms and pooling, and a dense layer',
      ...([
        'gelu',
        [
          [9, 2, 3, 3],
          [10, 9, 3, 3],
          [7, 90],
        ],
        72,
        '56fd5569df86ada2',
        POOLED,
      ] as const),
    ],
  ] as const
).map(([what, activation, shapes, columns, hash, steps]) => ({
  name: `inspect of ${what}, batch 11`,
  values: () => inspected(activation, shapes, columns, steps),
  hash,
}))

const jacobianRow: GoldenRow = {
  name: `probes of the Jacobian, he-normal, relu, widths ${WIDTHS.join(' -> ')}, 11 probes, 2 seeds`,
  values: () => {
    const { jacobian } = measure('golden', { widths: WIDTHS, batch: 2, seed: 5, seeds: 2, jacobian: { probes: 11 } })
    return new TextEncoder().encode(JSON.stringify(jacobian))
  },
  hash: 'f67aa3aea0532635',
}

const spectrumRow: GoldenRow = {
  name: `singular values of the Jacobian, he-normal, gelu, widths ${WIDTHS.join(' -> ')}, 2 seeds`,
  values: () => {
    const { jacobian, spectra } = measure('golden', {
      widths: WIDTHS,
      activation: 'gelu',
      seed: 5,
      seeds: 2,
      jacobian: 'exact',
    })
    return new TextEncoder().encode(JSON.stringify([jacobian, spectra]))
  },
  hash: '87a3c4d5464e549e',
}

/** A changed row is a "Value-breaking" entry of CHANGELOG.md and a new version tag. */
export const goldenRows: readonly GoldenRow[] = [
  ...streamRows,
  ...truncatedRows,
  ...initializerRows,
  ...experimentRows,
  ...saturationRows,
  ...lawRows,
  ...networkRows,
  jacobianRow,
  spectrumRow,
  ...trainingRows,
  ...inspectRows,
]
