import { lsuv } from '../../src/training/lsuv-network'
import { race } from '../../src/training/race'
import type { RaceOptions } from '../../src/training/spec'
import type { GoldenRow } from './row'

const SMALL: RaceOptions = { depth: 6, width: 16, steps: 40, batch: 20, rates: [0.01, 0.1], seeds: 2 }

/** Every loss, accuracy and second moment of a race. */
function raced(options: RaceOptions): Float64Array {
  const { runs } = race({ ...SMALL, data: { kind: 'spirals', samples: 40 }, ...options })
  return Float64Array.from(
    runs.flatMap(({ signalBefore, gradientBefore, rates }) => [
      ...signalBefore.map(Number),
      ...gradientBefore.map(Number),
      ...rates.flatMap(({ accuracy, losses, signalAfter, gradientAfter }) => [
        accuracy,
        ...losses.map(Number),
        ...(signalAfter ?? []).map(Number),
        ...(gradientAfter ?? []).map(Number),
      ]),
    ]),
  )
}

/** 40 images of 2 x 6 x 5, by arithmetic alone, of three classes. */
const images: RaceOptions['data'] = {
  kind: 'own',
  features: { data: Float32Array.from({ length: 2400 }, (_, i) => ((i * 37) % 101) / 50 - 1), rows: 40, columns: 60 },
  targets: { data: Float32Array.from({ length: 40 }, (_, i) => (i * 7) % 3), rows: 40, columns: 1 },
}
const DOCUMENT: RaceOptions = { data: images, depth: undefined, width: undefined, steps: 15 }
const relu = { kind: 'activation', name: 'relu' } as const

function scaledLayers(): Float64Array {
  const data = Float32Array.from({ length: 40 }, (_, i) => ((i * 37) % 41) / 8 - 2)
  const input = { data, rows: 10, columns: 4 }
  const { weights } = lsuv({ widths: [4, 17, 9], input, activation: 'gelu', at: 'post-activation', seed: 3 })
  return Float64Array.from(weights.flatMap((w) => [...w]))
}

/** Loss curves and signals of training, and weights scaled on data. */
export const trainingRows: readonly GoldenRow[] = [
  {
    name: 'race of he-normal and xavier-simple, SGD with momentum, cross-entropy',
    values: () => raced({}),
    hash: '93f89208778d2d2d',
  },
  {
    name: 'race by Adam, gelu, mean square on a teacher',
    values: () => raced({ optimizer: 'adam', activation: 'gelu', data: { kind: 'teacher-student', samples: 50 } }),
    hash: '157b131e0add0c49',
  },
  {
    name: 'race of lsuv, lsuv-post and residual networks with fixed and trained scales',
    values: () =>
      raced({ inits: ['lsuv', 'lsuv-post:he-normal', 'residual', 'residual-scaled', 'fixup', 'skip-init'] }),
    hash: '15b97f5704a662ea',
  },
  {
    name: 'race of a document: 2-D convolutions with bias, stride and groups, and LSUV on them',
    values: () =>
      raced({
        ...DOCUMENT,
        network: {
          input: [2, 6, 5],
          layers: [
            { kind: 'conv', channels: 4, kernel: 3, bias: 0.1 },
            relu,
            { kind: 'conv', channels: 6, kernel: 3, stride: 2, groups: 2, padding: 'reflect' },
            relu,
            { kind: 'dense', units: 3 },
          ],
        },
        inits: ['he-normal', 'lsuv'],
      }),
    hash: '6afd5d600f719929',
  },
  {
    name: 'race of a document by Adam: residual branch with each norm, tanh',
    values: () =>
      raced({
        ...DOCUMENT,
        network: {
          input: [2, 6, 5],
          layers: [
            { kind: 'conv', channels: 3, kernel: 2, padding: 'circular' },
            { kind: 'batchNorm' },
            {
              kind: 'residual',
              scale: 0.5,
              layers: [
                { kind: 'layerNorm' },
                { kind: 'conv', channels: 3, kernel: 3 },
                { kind: 'activation', name: 'tanh' },
              ],
            },
            { kind: 'rmsNorm' },
            { kind: 'dense', units: 3, bias: 0.2 },
          ],
        },
        optimizer: 'adam',
      }),
    hash: '591994bcf1c8c06a',
  },
  {
    name: 'race of a document with residual convolutions: residual-scaled, fixup and skip-init',
    values: () =>
      raced({
        ...DOCUMENT,
        network: {
          input: [2, 6, 5],
          layers: [
            { kind: 'conv', channels: 4, kernel: 3 },
            relu,
            {
              kind: 'repeat',
              times: 2,
              layers: [
                {
                  kind: 'residual',
                  layers: [{ kind: 'conv', channels: 4, kernel: 3 }, relu, { kind: 'conv', channels: 4, kernel: 3 }],
                },
              ],
            },
            { kind: 'dense', units: 3 },
          ],
        },
        inits: ['residual-scaled', 'fixup', 'skip-init:xavier-normal'],
      }),
    hash: 'cba6c192925e635b',
  },
  { name: 'lsuv after gelu', values: scaledLayers, hash: '90266cdc049d2947' },
]
