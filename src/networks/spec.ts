import { flag, integer, options, withDefault, wrongKind, wrongValue } from '../check'
import { type Batch, checkedBatch, checkedJacobian, checkedRate, type NetworkOptions } from '../network/spec'
import { type Seed, seedWord } from '../random/stream'
import { checkedDocument } from './check-document'
import { bytesOf, flat, jacobianBytes } from './cost'
import { type Layer, type NetworkDocument, type Size, unitsOf } from './document'
import type { RunSpec } from './run'

/** Batch and seeds of an experiment with a network document. */
export interface NetworkExperimentOptions {
  /** Initializer of the layers that name none; default 'he-normal'. */
  init?: string
  /** Samples, 1 .. 65536; default 64. Not together with `input`. */
  batch?: number
  /** The batch to send through, a column for each value of the network's input; drawn when not given. */
  input?: Batch
  /** The first seed; default 0. */
  seed?: Seed
  /** Networks to average over; default 1. */
  seeds?: number
  /** Also send a gradient back; default false. */
  backward?: boolean
  /**
   * Bring the signal of a homogeneous network, one of weights without biases, rectifiers and residuals of such, and the gradient of any, back near 1 by
   * exact powers of two; default true. With false both are plain float32 as in training, and end where it ends.
   */
  rescale?: boolean
  /** Rate > 0 of a step of plain SGD on the probe loss, for the ratio of update to weights; with `backward`. */
  learningRate?: number
  /**
   * Also probe the input-output Jacobian of the batch's first sample with this many random directions a seed, >= 1, or form it, of at most 512 x 512
   * entries, for its singular values. Not of a network with a batch norm, where no sample has an output of its own.
   */
  jacobian?: NetworkOptions['jacobian']
  /** Called after each seed. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** A document and its options, checked, with every default filled in. */
export interface NetworkSpec extends RunSpec {
  document: NetworkDocument
  init: string
  seeds: bigint[]
  learningRate: number | undefined
  /** Directions a seed, or 'exact' for the Jacobian itself; 0 for none. */
  jacobian: number | 'exact'
}

const KEYS = [
  ...['init', 'batch', 'input', 'seed', 'seeds', 'backward', 'rescale', 'learningRate', 'jacobian', 'onProgress'],
]
const MAX_BYTES = 2 ** 32 - 2 ** 20

/** @throws TypeError or RangeError naming the layer's path or the option; more memory than there can be is refused with its size */
export function networkSpec(where: string, document: NetworkDocument, given: NetworkExperimentOptions): NetworkSpec {
  const o = options<NetworkExperimentOptions>(where, given, KEYS)
  const init = withDefault(o.init, 'he-normal')
  if (typeof init !== 'string') return wrongKind(where, 'init', 'the name of an initializer', init)
  const { input, layers } = checkedDocument(where, document, init)
  const rows = o.input === undefined ? undefined : givenRows(where, o, unitsOf(input))
  const batch = rows?.rows ?? integer(where, 'batch', withDefault(o.batch, 64), 1, 65536)
  const count = integer(where, 'seeds', withDefault(o.seeds, 1), 1, 1_000_000)
  const first = seedWord(where, o.seed)
  seedWord(where, first + BigInt(count) - 1n)
  const spec = {
    ...{ document, init, input, layers, batch, given: rows },
    seeds: Array.from({ length: count }, (_, i) => first + BigInt(i)),
    backward: flag(where, 'backward', withDefault(o.backward, false)),
    rescale: flag(where, 'rescale', withDefault(o.rescale, true)),
    learningRate: checkedRate(where, o),
    jacobian: jacobianOf(where, o.jacobian, input, layers),
  }
  const bytes = Math.max(bytesOf(spec), jacobianBytes(spec))
  if (bytes > MAX_BYTES)
    throw new RangeError(
      `${where}: network expected at most 4 GiB of values and weights, got ${(bytes / 2 ** 30).toFixed(1)} GiB; take a smaller batch`,
    )
  return spec
}

function jacobianOf(where: string, given: unknown, input: Size, layers: readonly Layer[]): number | 'exact' {
  const jacobian = checkedJacobian(where, given, unitsOf(input), unitsOf(layers[layers.length - 1].to))
  const norm = flat(layers).find(({ kind }) => kind === 'batchNorm')
  if (norm !== undefined && jacobian !== 0)
    wrongValue(
      where,
      'jacobian',
      `none beside the batchNorm at ${norm.path}: no sample has an output of its own`,
      given,
    )
  return jacobian
}

function givenRows(where: string, o: NetworkExperimentOptions, units: number): Batch {
  const input = checkedBatch(where, o.input)
  if (o.batch !== undefined && o.batch !== input.rows)
    wrongValue(where, 'batch', `none beside input, or its ${input.rows} rows`, o.batch)
  if (input.columns !== units)
    wrongValue(where, 'input.columns', `${units}, the values of the network's input`, input.columns)
  return input
}
