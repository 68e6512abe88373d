/** Weights that are no independent draws: constants, identities, orthogonal and sparse matrices. */

import type { Dtype } from '../initializers/precision'
import { KEPT, type TensorStatistics } from './statistics'

export type Pattern =
  | { kind: 'zeros' }
  | { kind: 'constant'; value: number }
  /** Of `ones` equal entries among zeros, one a row or a column. */
  | { kind: 'identity'; gain: number }
  | { kind: 'orthogonal' | 'deltaOrthogonal'; gain: number }
  | null

/** How far the squares of the norms of an orthogonal matrix may be apart, and its cosines from 0: its own rounding, and that of 16 bits. */
const TOLERANCE: Record<Dtype, number> = { f16: 1e-3, bf16: 8e-3, f32: 1e-4, f64: 1e-4 }
/** Fewer rows than this have equal norms by chance or by shape. */
const LEAST_ROWS = 4

/** The pattern, or null for what looks like independent draws. */
export function pattern(total: TensorStatistics, dtype: Dtype): Pattern {
  const { count, zeros, min, max, rows } = total
  if (zeros === count) return { kind: 'zeros' }
  if (min === max) return { kind: 'constant', value: min }
  const inputs = count / rows.length
  const nonZero = count - zeros
  if (nonZero === Math.min(rows.length, inputs) && count > 1) {
    const single = min === 0 ? max : max === 0 ? min : Number.NaN
    if (Math.abs(single) === total.least) return { kind: 'identity', gain: single }
  }
  return orthogonal(total, inputs, TOLERANCE[dtype])
}

/** Equal norms of the shorter side, and the kept rows or columns at right angles: no independent draw has either. */
function orthogonal(total: TensorStatistics, inputs: number, tolerance: number): Pattern {
  const { rows, columns, keptRows, keptColumns, zeros, count } = total
  const wide = rows.length <= inputs
  const norms = wide ? rows : columns
  const kept = wide ? keptRows : keptColumns
  const length = wide ? inputs : rows.length
  if (norms === null || kept === null || norms.length < LEAST_ROWS || length < LEAST_ROWS) return null
  const used = norms.filter((norm) => norm > 0)
  // a delta-orthogonal kernel is zero but for one input position of each place in space
  if (used.length < LEAST_ROWS || (wide && used.length < norms.length)) return null
  const mean = used.reduce((a, b) => a + b, 0) / used.length
  if (used.some((norm) => Math.abs(norm / mean - 1) > tolerance)) return null
  const number = Math.min(KEPT, norms.length)
  for (let a = 0; a < number; a++)
    for (let b = 0; b < a; b++) if (Math.abs(dot(kept, a, b, length)) > tolerance * mean) return null
  return { kind: zeros > count / 2 ? 'deltaOrthogonal' : 'orthogonal', gain: Math.sqrt(mean) }
}

function dot(kept: Float64Array, a: number, b: number, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += kept[a * length + i] * kept[b * length + i]
  return sum
}

/** Outputs whose weights are all 0. */
export function deadRows({ rows }: TensorStatistics): number {
  return rows.reduce((dead, square) => dead + (square === 0 ? 1 : 0), 0)
}
