import { flag, integer, options, withDefault, wrongKind, wrongValue } from '../check'
import { type Batch, checkedBatch } from '../network/spec'
import { type Seed, seedWord } from '../random/stream'
import { checkedDocument } from './check-document'
import { bytesOf } from './cost'
import { type NetworkDocument, unitsOf } from './document'
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
  /** Called after each seed. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** A document and its options, checked, with every default filled in. */
export interface NetworkSpec extends RunSpec {
  document: NetworkDocument
  init: string
  seeds: bigint[]
}

const KEYS = ['init', 'batch', 'input', 'seed', 'seeds', 'backward', 'rescale', 'onProgress']
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
  }
  const bytes = bytesOf(spec)
  if (bytes > MAX_BYTES)
    throw new RangeError(
      `${where}: network expected at most 4 GiB of values and weights, got ${(bytes / 2 ** 30).toFixed(1)} GiB; take a smaller batch`,
    )
  return spec
}

function givenRows(where: string, o: NetworkExperimentOptions, units: number): Batch {
  const input = checkedBatch(where, o.input)
  if (o.batch !== undefined && o.batch !== input.rows)
    wrongValue(where, 'batch', `none beside input, or its ${input.rows} rows`, o.batch)
  if (input.columns !== units)
    wrongValue(where, 'input.columns', `${units}, the values of the network's input`, input.columns)
  return input
}
