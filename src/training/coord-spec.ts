import type { ActivationSpec } from '../activations/activation'
import { finite, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import { recipe } from '../initializers/names'
import { type ActivationKernel, activationKernel } from '../network/activation-kernel'
import type { Seed } from '../random/stream'
import { type DataOptions, type Dataset, dataset, usualLoss } from './dataset'
import { LOSSES, type LossName } from './loss'
import type { OptimizerName, OptimizerSpec } from './optimizer'
import { checkedOptimizer, checkedSeeds } from './spec'

/** How sigmas, multipliers and learning rates follow the width: not beyond the initializer's fans, or by muP. */
export type Parametrization = 'standard' | 'mup'
export const PARAMETRIZATIONS: readonly Parametrization[] = ['standard', 'mup']

/** Networks that differ in their width alone, trained for a few steps on one batch. */
export interface CoordCheckOptions {
  /** Default 'standard'. */
  parametrization?: Parametrization
  /** At least 2, ascending; default 64, 128, ... 2048. */
  widths?: readonly number[]
  /** The width at which muP is the standard parametrization; default the smallest. Only with 'mup'. */
  baseWidth?: number
  /** Layers before the readout, >= 1; default 3. */
  hiddenLayers?: number
  /** Of every layer but the readout; default 'relu'. */
  activation?: ActivationSpec
  /** Name of an initializer; default 'he-normal'. */
  init?: string
  /** Default 'adam'. */
  optimizer?: OptimizerName
  /** Of SGD, in [0, 1); default 0.9. */
  momentum?: number
  /** Learning rate at the base width, > 0; default 0.01. */
  rate?: number
  /** Default what suits the data. */
  loss?: LossName
  /** Default three spirals of 200 points. */
  data?: DataOptions
  /** Samples of the one batch, >= 1; default 64. */
  batch?: number
  /** Times t = 1 .. steps at which sizes are taken, >= 1, an update between each two; default 3. */
  steps?: number
  /** The first seed; default 0. */
  seed?: Seed
  /** How many seeds, >= 2: an interval takes two; default 5. */
  seeds?: number
  /** Called after each network. */
  onProgress?: (progress: { done: number; total: number }) => void
}

export interface CoordSpec {
  parametrization: Parametrization
  widths: number[]
  baseWidth: number
  hiddenLayers: number
  activation: ActivationKernel
  init: string
  optimizer: OptimizerSpec
  rate: number
  loss: LossName
  data: Dataset
  dataKind: DataOptions['kind']
  batch: number
  steps: number
  seeds: bigint[]
}

const KEYS = [
  'parametrization',
  'widths',
  'baseWidth',
  'hiddenLayers',
  'activation',
  'init',
  'optimizer',
  'momentum',
  'rate',
  'loss',
  'data',
  'batch',
  'steps',
  'seed',
  'seeds',
  'onProgress',
] as const satisfies readonly (keyof CoordCheckOptions)[]

const WIDTHS = [64, 128, 256, 512, 1024, 2048]
const MAX_WIDTH = 1 << 14

/** @throws TypeError or RangeError naming the option */
export function coordSpec(where: string, given: CoordCheckOptions): CoordSpec {
  const o = options<CoordCheckOptions>(where, given, KEYS)
  const parametrization = oneOf(where, 'parametrization', withDefault(o.parametrization, 'standard'), PARAMETRIZATIONS)
  if (parametrization === 'standard' && o.baseWidth !== undefined)
    wrongValue(where, 'baseWidth', "none beside parametrization 'standard'", o.baseWidth)
  const widths = checkedWidths(where, withDefault(o.widths, WIDTHS))
  const task = withDefault<DataOptions>(o.data, { kind: 'spirals' })
  const loss = oneOf(where, 'loss', withDefault(o.loss, usualLoss(task)), LOSSES)
  const init = withDefault(o.init, 'he-normal')
  recipe(init, {}, where, 'init')
  const data = dataset(where, task, loss)
  return {
    parametrization,
    widths,
    baseWidth: integer(where, 'baseWidth', withDefault(o.baseWidth, widths[0]), 1, MAX_WIDTH),
    hiddenLayers: integer(where, 'hiddenLayers', withDefault(o.hiddenLayers, 3), 1, 1000),
    activation: activationKernel(where, withDefault(o.activation, 'relu')),
    init,
    optimizer: checkedOptimizer(where, { ...o, optimizer: withDefault(o.optimizer, 'adam') }),
    rate: finite(where, 'rate', withDefault(o.rate, 0.01), 1e-37, 1e37),
    loss,
    data,
    dataKind: task.kind,
    batch: integer(where, 'batch', withDefault(o.batch, Math.min(64, data.rows)), 1, data.rows),
    steps: integer(where, 'steps', withDefault(o.steps, 3), 1, 1000),
    seeds: checkedSeeds(where, { seed: o.seed, seeds: integer(where, 'seeds', withDefault(o.seeds, 5), 2) }),
  }
}

function checkedWidths(where: string, widths: unknown): number[] {
  if (!Array.isArray(widths)) return wrongKind(where, 'widths', 'an array of integers >= 1', widths)
  if (widths.length < 2) wrongValue(where, 'widths.length', 'an integer >= 2: a slope takes two points', widths.length)
  const known = widths.map((width, i) => integer(where, `widths[${i}]`, width, 1, MAX_WIDTH))
  known.forEach((width, i) => {
    if (i > 0 && width <= known[i - 1]) wrongValue(where, `widths[${i}]`, `more than ${known[i - 1]}`, width)
  })
  return known
}
