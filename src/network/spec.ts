import type { ActivationSpec } from '../activations/activation'
import { finite, flag, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import { type Seed, seedWord } from '../random/stream'
import { type ActivationKernel, activationKernel } from './activation-kernel'
import { MAX_ENTRIES } from './jacobian-spectrum'

/** A batch of the user's own: rows = samples, row-major. */
export interface Batch {
  data: Float32Array | Float64Array
  rows: number
  columns: number
  /** How the batch is called in the result; default 'given'. */
  name?: string
}

/** A deep dense network and what to measure in it. */
export interface NetworkOptions {
  /** Number of layers, >= 1; with `width`, in place of `widths`. */
  depth?: number
  /** Units of every layer, >= 1. */
  width?: number
  /** [features, units of layer 1, ..., units of layer L]; in place of `depth` and `width`. */
  widths?: readonly number[]
  /**
   * A name, or a function of one's own; default 'relu'. A function runs in JavaScript, rounded to f32: where it uses Math.exp and the
   * like, engines may differ in the last bits of what is measured.
   */
  activation?: ActivationSpec
  /** Name of an initializer; default 'he-normal'. */
  init?: string
  /** Standard deviation of Gaussian biases; default 0, no biases. */
  bias?: number
  /** Samples of the drawn batch, >= 1; default 64. Not together with `input`. */
  batch?: number
  /** The batch to send through; drawn when not given: normal directions, each sample scaled to mean square 1. */
  input?: Batch
  /** The first seed; default 0. */
  seed?: Seed
  /** How many seeds: seed, seed + 1, ...; default 1. */
  seeds?: number
  /** Also send a gradient back; default false. */
  backward?: boolean
  /**
   * 'weights' draws every weight; 'law' integrates Gaussian weights out: the same distribution, other streams, far less work; 'auto' takes
   * 'law' where every layer's weights are normals of mean 0 and the batch is no larger than the smallest fan-in. Default 'weights'.
   */
  engine?: (typeof ENGINES)[number]
  /**
   * Bring the signal of a homogeneous network without biases back near 1 by exact powers of two; default true. With false, activations
   * and gradients are plain float32 as in training, and end where it ends.
   */
  rescale?: boolean
  /** Rate > 0 of a step of plain SGD on the probe loss, for the ratio of update to weights; with `backward`. */
  learningRate?: number
  /**
   * Also probe the input-output Jacobian of the batch's first sample with this many random directions a seed, >= 1, or form it, of at
   * most 512 x 512 entries, for its singular values. Weights are drawn for it whatever the engine: the network of engine 'weights'.
   */
  jacobian?: { probes: number } | 'exact'
  /** Called after each seed. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** The options with every default filled in and checked. */
export interface NetworkSpec {
  widths: number[]
  activation: ActivationKernel
  init: string
  bias: number
  batch: number
  input: Batch | undefined
  seeds: bigint[]
  backward: boolean
  engine: (typeof ENGINES)[number]
  rescale: boolean
  learningRate: number | undefined
  /** Directions a seed, or 'exact' for the Jacobian itself; 0 for none. */
  jacobian: number | 'exact'
}

const ENGINES = ['weights', 'law', 'auto'] as const

const KEYS = [
  'depth',
  'width',
  'widths',
  'activation',
  'rescale',
  'learningRate',
  'jacobian',
  'init',
  'bias',
  'batch',
  'input',
  'seed',
  'seeds',
  'backward',
  'engine',
  'onProgress',
] as const satisfies readonly (keyof NetworkOptions)[]

const MAX_DEPTH = 100_000
const MAX_WIDTH = 1 << 24
const MAX_BATCH = 1 << 20
const MAX_SEEDS = 1_000_000

/** @throws TypeError or RangeError naming the option */
export function networkSpec(where: string, given: NetworkOptions): NetworkSpec {
  const o = options<NetworkOptions>(where, given, KEYS)
  const input = o.input === undefined ? undefined : checkedBatch(where, o.input)
  if (input !== undefined && o.batch !== undefined && o.batch !== input.rows)
    wrongValue(where, 'batch', `none beside input, or its ${input.rows} rows`, o.batch)
  const first = seedWord(where, o.seed)
  const count = integer(where, 'seeds', withDefault(o.seeds, 1), 1, MAX_SEEDS)
  seedWord(where, first + BigInt(count) - 1n)
  const widths = checkedWidths(where, o, input?.columns)
  const init = withDefault(o.init, 'he-normal')
  if (typeof init !== 'string') wrongKind(where, 'init', 'the name of an initializer', init)
  return {
    widths,
    activation: activationKernel(where, withDefault(o.activation, 'relu')),
    init,
    bias: finite(where, 'bias', withDefault(o.bias, 0), 0),
    batch: input?.rows ?? integer(where, 'batch', withDefault(o.batch, 64), 1, MAX_BATCH),
    input,
    seeds: Array.from({ length: count }, (_, i) => first + BigInt(i)),
    backward: flag(where, 'backward', withDefault(o.backward, false)),
    engine: oneOf(where, 'engine', withDefault(o.engine, 'weights'), ENGINES),
    rescale: flag(where, 'rescale', withDefault(o.rescale, true)),
    learningRate: checkedRate(where, o),
    jacobian: checkedJacobian(where, o.jacobian, widths[0], widths[widths.length - 1]),
  }
}

/** Directions a seed, 'exact', or 0 where nothing was asked for. */
export function checkedJacobian(where: string, given: unknown, features: number, units: number): number | 'exact' {
  if (given === undefined) return 0
  if (given !== 'exact') {
    const { probes } = options<{ probes: number }>(`${where}: jacobian`, given, ['probes'])
    return integer(where, 'jacobian.probes', probes, 1, MAX_BATCH)
  }
  integer(where, "features x last units beside jacobian 'exact'", features * units, 1, MAX_ENTRIES)
  return given
}

/** @throws RangeError without `backward` */
export function checkedRate(
  where: string,
  { learningRate, backward }: Pick<NetworkOptions, 'learningRate' | 'backward'>,
): number | undefined {
  if (learningRate === undefined) return undefined
  if (!backward) wrongValue(where, 'learningRate', 'backward: true beside it (a step needs a gradient)', learningRate)
  return finite(where, 'learningRate', learningRate, Number.MIN_VALUE)
}

function checkedWidths(where: string, o: NetworkOptions, features: number | undefined): number[] {
  if (o.widths === undefined) {
    const depth = integer(where, 'depth', o.depth, 1, MAX_DEPTH)
    const width = integer(where, 'width', o.width, 1, MAX_WIDTH)
    return [features ?? width, ...new Array<number>(depth).fill(width)]
  }
  for (const other of ['depth', 'width'] as const)
    if (o[other] !== undefined) wrongValue(where, other, 'none beside widths', o[other])
  if (!Array.isArray(o.widths)) wrongKind(where, 'widths', 'an array of integers >= 1', o.widths)
  if (o.widths.length < 2 || o.widths.length > MAX_DEPTH + 1)
    wrongValue(where, 'widths.length', `an integer in [2, ${MAX_DEPTH + 1}]`, o.widths.length)
  const widths = o.widths.map((width, i) => integer(where, `widths[${i}]`, width, 1, MAX_WIDTH))
  if (features !== undefined && widths[0] !== features)
    wrongValue(where, 'widths[0]', `${features}, the columns of input`, widths[0])
  return widths
}

export function checkedBatch(where: string, input: unknown): Batch {
  const batch = options<Batch>(`${where}: input`, input, ['data', 'rows', 'columns', 'name'])
  if (!(batch.data instanceof Float32Array || batch.data instanceof Float64Array))
    wrongKind(where, 'input.data', 'a Float32Array or Float64Array', batch.data)
  const rows = integer(where, 'input.rows', batch.rows, 1, MAX_BATCH)
  const columns = integer(where, 'input.columns', batch.columns, 1, MAX_WIDTH)
  if (batch.data.length !== rows * columns)
    wrongValue(where, 'input.data.length', `${rows} rows x ${columns} columns = ${rows * columns}`, batch.data.length)
  for (let i = 0; i < batch.data.length; i++)
    if (!Number.isFinite(Math.fround(batch.data[i])))
      wrongValue(
        where,
        `input row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`,
        'a finite number within f32',
        batch.data[i],
      )
  return batch
}
