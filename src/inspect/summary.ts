/** What one pass gathers of a tensor, before anything is judged. */

import type { Dtype } from '../initializers/precision'
import { type Pattern, pattern } from './pattern'
import { type Convention, type Reading, readTensor } from './role'
import { type Accumulator, accumulator, BINS, type RowAxis, type TensorStatistics } from './statistics'
import type { TensorFacts } from './tensor'

export interface TensorSummary {
  facts: TensorFacts
  reading: Reading
  dtype: Dtype
  pattern: Pattern
  statistics: KeptStatistics
}

/** What is kept of a tensor once it has been read: a model has thousands, and most bins of a sketch are empty. */
export interface KeptStatistics extends Omit<TensorStatistics, 'columns' | 'keptRows' | 'keptColumns' | 'counts'> {
  /** The bins that hold a value, ascending, and how many each holds. */
  bins: Uint16Array
  binCounts: Float64Array
}

/** A tensor being read: stretches are pushed, then it is summed up. */
export interface OpenSummary {
  push: Accumulator['push']
  close(): TensorSummary
}

/** Starts the pass over a tensor whose facts have been checked. */
export function openSummary(facts: TensorFacts, convention: Convention, dtype: Dtype): OpenSummary {
  const count = facts.shape.reduce((a, b) => a * b, 1)
  const reading = readTensor(facts, convention)
  const sums = accumulator(count, rowAxis(facts.shape, reading.layout))
  return {
    push: sums.push,
    close: () => {
      const whole = sums.finish()
      const own = facts.dtype ?? dtype
      return { facts, reading, dtype: own, pattern: pattern(whole, own), statistics: kept(whole) }
    },
  }
}

function kept({ columns: _, keptRows: __, keptColumns: ___, counts, ...rest }: TensorStatistics): KeptStatistics {
  const bins = Uint16Array.from(counts.keys()).filter((bin) => counts[bin] > 0)
  return { ...rest, bins, binCounts: Float64Array.from(bins, (bin) => counts[bin]) }
}

/** How many values fall into each bin of the sketch, the empty ones included; fresh memory. */
export function sketchOf({ bins, binCounts }: KeptStatistics): Float64Array {
  const counts = new Float64Array(BINS)
  for (const [i, bin] of bins.entries()) counts[bin] = binCounts[i]
  return counts
}

/** More outputs than this are taken as one. */
const MOST_OUTPUTS = 1 << 20

/** The output axis; a depthwise kernel's outputs are its last two axes. */
function rowAxis(shape: readonly number[], layout: string | null): RowAxis {
  if (layout === null) return { outputs: 1, stride: shape.reduce((a, b) => a * b, 1) }
  const axis = layout.indexOf(layout.includes('M') ? 'M' : 'O')
  const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const together = layout.endsWith('IM')
  const outputs = shape[axis] * (together ? shape[axis - 1] : 1)
  return outputs <= MOST_OUTPUTS ? { outputs, stride } : { outputs: 1, stride: outputs * stride }
}
