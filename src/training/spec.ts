import type { ActivationSpec } from '../activations/activation'
import { finite, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import type { NetworkDocument } from '../networks/document'
import { type Seed, seedWord } from '../random/stream'
import { type DataOptions, type Dataset, dataset, usualLoss } from './dataset'
import { LOSSES, type LossName } from './loss'
import { OPTIMIZERS, type OptimizerName, type OptimizerSpec } from './optimizer'
import { type Subject, subject } from './subject'

/** Deep dense networks to train under several initializers, over a sweep of learning rates. */
export interface RaceOptions {
  /** Settles all but inits, seed and seeds: He et al. 2015, figures 2 and 3, on a toy; see presets. */
  preset?: RacePreset
  /**
   * Layers from a document in place of depth, width and activation: its input has as many values as the data has columns, its output one
   * for each class, and the initializers are those of the layers that name none. Batch norm goes by the batch at hand, when accuracy is
   * taken too.
   */
  network?: NetworkDocument
  /** Layers, >= 2, the linear last one among them; default 30. */
  depth?: number
  /** Units of each layer but the last, >= 1; default 128. */
  width?: number
  /** Of every layer but the last; default 'relu'. */
  activation?: ActivationSpec
  /**
   * Names of initializers, or of methodNames; default 'he-normal' and 'xavier-simple'. With network 'lsuv', and for one with residual layers
   * 'residual-scaled' (their scales 1/sqrt of how many there are), 'fixup' and 'skip-init' (scales that are trained).
   */
  inits?: readonly string[]
  /** Learning rates > 0; default 1e-4, 3e-4, ... 1e-1. */
  rates?: readonly number[]
  /** Default 'sgd'. */
  optimizer?: OptimizerName
  /** Of SGD, in [0, 1); default 0.9. */
  momentum?: number
  /** Default 'softmax-cross-entropy'; for teacher-student 'mean-square'. */
  loss?: LossName
  /** Batches to train on, >= 1; default 600. */
  steps?: number
  /** Samples of a batch, >= 1; default 64. */
  batch?: number
  /** Default three spirals of 200 points. */
  data?: DataOptions
  /** The first seed, of weights and of the order of the samples; default 0. */
  seed?: Seed
  /** How many seeds: seed, seed + 1, ...; default 1, with a preset 2. */
  seeds?: number
  /** The accuracy from which on a rate trains, in (0, 1]; default 0.9. */
  threshold?: number
  /** Default 0.1. */
  targetLoss?: number
  /** Called every few steps. */
  onProgress?: (progress: RaceProgress) => void
}

/** One network under training, and the share of the whole race that is done. */
export interface RaceProgress extends Heat {
  /** Steps that this network has behind it. */
  step: number
  /** Of the last of them. */
  loss: number
  /** In (0, 1]. */
  share: number
}

/** One network to train. */
export interface Heat {
  init: string
  rate: number
  seed: bigint
}

/** The options with every default filled in and checked. */
export interface RaceSpec extends Subject {
  preset: RacePreset | null
  /** Ascending. */
  rates: number[]
  optimizer: OptimizerSpec
  loss: LossName
  steps: number
  batch: number
  dataKind: DataOptions['kind']
  data: Dataset
  seeds: bigint[]
  threshold: number
  targetLoss: number
}

/** What training one network takes of a race. */
export type Training = Pick<RaceSpec, 'loss' | 'optimizer' | 'batch' | 'steps' | 'data' | 'rates'>

/**
 * He et al. 2015, arXiv:1502.01852, figure 2 (22 layers: both initializations converge, He's starts earlier) and figure 3 (30 layers: He's
 * converges, Xavier's stalls), of convolution networks on ImageNet; here on three
 * spirals: width 128, batch 64, 600 steps of SGD with momentum 0.9, seven rates from 1e-4 to 1e-1, 2 seeds. From seed 0 on, at 22 layers
 * He trains at 1e-4 to 1e-2 and simple Xavier at 3e-3 and 1e-2 alone; at 30 He trains at 1e-4 to 1e-2 and Xavier nowhere (0.709 at best).
 */
export const racePresets = { 'he2015-22': { depth: 22, seeds: 2 }, 'he2015-30': { depth: 30, seeds: 2 } } as const
/** The name of a race with every option set. */
export type RacePreset = keyof typeof racePresets

const RATES = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]
const FREE = ['preset', 'inits', 'seed', 'seeds', 'onProgress'] as const satisfies readonly (keyof RaceOptions)[]
const KEYS = [
  ...FREE,
  'network',
  'depth',
  'width',
  'activation',
  'rates',
  'optimizer',
  'momentum',
  'loss',
  'steps',
  'batch',
  'data',
  'threshold',
  'targetLoss',
] as const satisfies readonly (keyof RaceOptions)[]

/** @throws TypeError or RangeError naming the option */
export function raceSpec(where: string, given: RaceOptions): RaceSpec {
  const o = withPreset(where, options<RaceOptions>(where, given, KEYS))
  const task = withDefault<DataOptions>(o.data, { kind: 'spirals' })
  const loss = oneOf(where, 'loss', withDefault(o.loss, usualLoss(task)), LOSSES)
  const checked = {
    preset: o.preset ?? null,
    rates: checkedRates(where, withDefault(o.rates, RATES)),
    optimizer: checkedOptimizer(where, o),
    loss,
    steps: integer(where, 'steps', withDefault(o.steps, 600), 1, 10_000_000),
    batch: integer(where, 'batch', withDefault(o.batch, 64), 1, 1 << 20),
    seeds: checkedSeeds(where, o),
    threshold: finite(where, 'threshold', withDefault(o.threshold, 0.9), Number.MIN_VALUE, 1),
    targetLoss: finite(where, 'targetLoss', withDefault(o.targetLoss, 0.1), Number.MIN_VALUE),
  }
  const data = dataset(where, task, loss)
  return { ...checked, ...subject(where, o, data), dataKind: task.kind, data }
}

/** Every network of the race: inits, then rates, then seeds. */
export function heatsOf({ inits, rates, seeds }: RaceSpec): Heat[] {
  return inits.flatMap(({ name }) => rates.flatMap((rate) => seeds.map((seed) => ({ init: name, rate, seed }))))
}

function withPreset(where: string, o: RaceOptions): RaceOptions {
  if (o.preset === undefined) return o
  const preset = oneOf(where, 'preset', o.preset, Object.keys(racePresets) as RacePreset[])
  for (const key of KEYS)
    if (o[key] !== undefined && !(FREE as readonly string[]).includes(key))
      wrongValue(where, key, `none beside preset '${preset}', which settles it`, o[key])
  const { depth, seeds } = racePresets[preset]
  return { ...o, depth, seeds: withDefault(o.seeds, seeds) }
}

function checkedRates(where: string, rates: unknown): number[] {
  if (!Array.isArray(rates)) return wrongKind(where, 'rates', 'an array of numbers > 0', rates)
  if (rates.length === 0 || new Set(rates).size < rates.length)
    wrongValue(where, 'rates', 'at least one number, none twice', rates)
  // beyond f32 a rate would be 0 or infinite
  return rates.map((rate, i) => finite(where, `rates[${i}]`, rate, 1e-37, 1e37)).sort((a, b) => a - b)
}

/** @throws RangeError for a momentum beside Adam, or out of range */
export function checkedOptimizer(where: string, o: Pick<RaceOptions, 'optimizer' | 'momentum'>): OptimizerSpec {
  const name = oneOf(where, 'optimizer', withDefault(o.optimizer, 'sgd'), OPTIMIZERS)
  if (name === 'adam' && o.momentum !== undefined)
    wrongValue(where, 'momentum', "none beside optimizer 'adam'", o.momentum)
  const momentum = name === 'adam' ? 0 : finite(where, 'momentum', withDefault(o.momentum, 0.9), 0)
  return momentum < 1 ? { name, momentum } : wrongValue(where, 'momentum', 'a number in [0, 1)', momentum)
}

/** seed, seed + 1, ... */
export function checkedSeeds(where: string, o: Pick<RaceOptions, 'seed' | 'seeds'>): bigint[] {
  const first = seedWord(where, o.seed)
  const count = integer(where, 'seeds', withDefault(o.seeds, 1), 1, 10_000)
  seedWord(where, first + BigInt(count) - 1n)
  return Array.from({ length: count }, (_, i) => first + BigInt(i))
}
