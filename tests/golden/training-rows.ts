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
  { name: 'lsuv after gelu', values: scaledLayers, hash: '90266cdc049d2947' },
]
