/** One pass over a tensor's values, in stretches of any length: sums in f64, in the order of storage, so that the stretches change no bit. */

import type { Values } from './tensor'

/** Bins of the sketch: sign, exponent and the first four bits of the fraction of a float32. */
export const BINS = 8192
/** How far float32 bits are shifted to give their bin. */
const BIN_SHIFT = 19
/** First values that are not 0: two tensors of one seed have them in proportion. */
export const HEAD = 32
/** Rows and columns that are kept whole, to see whether they are orthogonal. */
export const KEPT = 8
/** Longest row or column that is kept. */
const LONGEST = 65536
/** Values in one partial sum, so that rounding grows with the number of sums and not of values. */
const BLOCK = 4096

/** Where a value belongs: `outputs` positions along the output axes, whose inner neighbour is `stride` values away. */
export interface RowAxis {
  outputs: number
  stride: number
}

export interface TensorStatistics {
  count: number
  nans: number
  infinities: number
  zeros: number
  /** Of the finite values; min > max when there are none. */
  min: number
  max: number
  /** Least |x| that is not 0. */
  least: number
  sum: number
  sum2: number
  sum4: number
  /** Sum of x^2 for each output, and for each input position; the latter null where there are too many. */
  rows: Float64Array
  columns: Float64Array | null
  /** The first KEPT rows and columns, null where they are too long. */
  keptRows: Float64Array | null
  keptColumns: Float64Array | null
  /** How many values fall into each bin; of the finite ones. */
  counts: Float64Array
  head: number[]
}

export interface Accumulator {
  push(values: Values): void
  finish(): TensorStatistics
}

/** An empty sum for a tensor of `count` values. */
export function accumulator(count: number, { outputs, stride }: RowAxis): Accumulator {
  const inputs = count / outputs
  const keep = inputs <= LONGEST && outputs <= LONGEST
  const total: TensorStatistics = {
    ...{ count, nans: 0, infinities: 0, zeros: 0, sum: 0, sum2: 0, sum4: 0, head: [] },
    ...{ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, least: Number.POSITIVE_INFINITY },
    rows: new Float64Array(outputs),
    columns: inputs <= 1 << 20 ? new Float64Array(inputs) : null,
    keptRows: keep ? new Float64Array(KEPT * inputs) : null,
    keptColumns: keep ? new Float64Array(KEPT * outputs) : null,
    counts: new Float64Array(BINS),
  }
  const at: Position = { index: 0, inner: 0, output: 0, outer: 0 }
  const partial = { sum: 0, sum2: 0, sum4: 0 }
  const close = () => {
    total.sum += partial.sum
    total.sum2 += partial.sum2
    total.sum4 += partial.sum4
    partial.sum = partial.sum2 = partial.sum4 = 0
  }
  return {
    push(values) {
      for (let from = 0; from < values.length; ) {
        const until = Math.min(values.length, from + BLOCK - (at.index % BLOCK))
        const part = values.subarray(from, until)
        addSums(total, partial, part)
        addRows(total, part, at, outputs, stride)
        if (at.index % BLOCK === 0) close()
        from = until
      }
    },
    finish() {
      close()
      return total
    },
  }
}

/** The place of the next value. */
interface Position {
  index: number
  inner: number
  output: number
  outer: number
}

function addSums(total: TensorStatistics, partial: { sum: number; sum2: number; sum4: number }, values: Values): void {
  const reals = values instanceof Float32Array ? values : Float32Array.from(values)
  const bits = new Uint32Array(reals.buffer, reals.byteOffset, reals.length)
  const { counts, head } = total
  let { min, max, least } = total
  let { sum, sum2, sum4 } = partial
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    const square = x * x
    if (!(square < Number.POSITIVE_INFINITY)) {
      if (Number.isNaN(x)) total.nans++
      else total.infinities++
      continue
    }
    counts[bits[i] >>> BIN_SHIFT]++
    sum += x
    sum2 += square
    sum4 += square * square
    if (x < min) min = x
    if (x > max) max = x
    if (x === 0) {
      total.zeros++
      continue
    }
    const size = Math.abs(x)
    if (size < least) least = size
    if (head.length < HEAD) head.push(x)
  }
  Object.assign(total, { min, max, least })
  Object.assign(partial, { sum, sum2, sum4 })
}

function addRows(total: TensorStatistics, values: Values, at: Position, outputs: number, stride: number): void {
  const { rows, columns, keptRows, keptColumns } = total
  const inputs = total.count / outputs
  let { inner, output, outer } = at
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    const square = x * x
    const input = outer * stride + inner
    rows[output] += square
    if (columns !== null) columns[input] += square
    if (keptRows !== null && output < KEPT) keptRows[output * inputs + input] = x
    if (keptColumns !== null && input < KEPT) keptColumns[input * outputs + output] = x
    if (++inner < stride) continue
    inner = 0
    if (++output < outputs) continue
    output = 0
    outer++
  }
  Object.assign(at, { index: at.index + values.length, inner, output, outer })
}
