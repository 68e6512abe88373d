/** What one pass gathers of a tensor, before anything is judged. */

import type { Dtype } from '../initializers/precision'
import { type Convention, type Reading, readTensor } from './role'
import { type Accumulator, accumulator, type RowAxis, type TensorStatistics } from './statistics'
import type { TensorFacts } from './tensor'

export interface TensorSummary {
  facts: TensorFacts
  reading: Reading
  dtype: Dtype
  statistics: TensorStatistics
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
    close: () => ({ facts, reading, dtype: facts.dtype ?? dtype, statistics: sums.finish() }),
  }
}

/** The output axis; a depthwise kernel's outputs are its last two axes. */
function rowAxis(shape: readonly number[], layout: string | null): RowAxis {
  if (layout === null) return { outputs: 1, stride: shape.reduce((a, b) => a * b, 1) }
  const axis = layout.indexOf(layout.includes('M') ? 'M' : 'O')
  const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const together = layout.endsWith('IM')
  return { outputs: shape[axis] * (together ? shape[axis - 1] : 1), stride }
}
