/** Weights that are no independent draws: constants, identities, orthogonal and sparse matrices. */

import type { Dtype } from '../initializers/precision'
import { KEPT, type TensorStatistics } from './statistics'

/** What a tensor holds that nobody drew. */
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
  const single = min === 0 ? max : max === 0 ? min : Number.NaN
  if (Math.abs(single) === total.least && onePerLine(total, single)) return { kind: 'identity', gain: single }
  return orthogonal(total, inputs, TOLERANCE[dtype])
}

/** Whether no row and no column has more than one entry that is not 0: an identity, or a dirac kernel. */
function onePerLine({ rows, columns, count, zeros }: TensorStatistics, entry: number): boolean {
  const single = (square: number) => square === 0 || square === entry * entry
  return count - zeros > 1 && columns !== null && rows.every(single) && columns.every(single)
}

/** Equal norms of the shorter side, and the kept rows or columns at right angles: no independent draw has either. */
function orthogonal(total: TensorStatistics, inputs: number, tolerance: number): Pattern {
  const { rows, columns, keptRows, keptColumns, zeros, count } = total
  const delta = zeros > count / 2
  // the kernel of a delta-orthogonal one is zero but for one place in space: of its columns, as many as there are input channels are used
  const sides = [
    { norms: rows, kept: keptRows, length: inputs, tried: delta || rows.length <= inputs },
    { norms: columns, kept: keptColumns, length: rows.length, tried: delta || rows.length > inputs },
  ]
  for (const { norms, kept, length, tried } of sides) {
    if (!tried || norms === null || kept === null || length < LEAST_ROWS) continue
    const gain = equalNorm(norms, delta && norms === columns, tolerance)
    if (gain === null || !rightAngles(kept, Math.min(KEPT, norms.length), length, tolerance * gain * gain)) continue
    return { kind: delta ? 'deltaOrthogonal' : 'orthogonal', gain }
  }
  return null
}

/** The norm that all lines have, those apart that are 0 where these may be; null where they differ, or are too few to tell. */
function equalNorm(squares: Float64Array, zerosAllowed: boolean, tolerance: number): number | null {
  const used = squares.filter((square) => square > 0)
  if (used.length < LEAST_ROWS || (!zerosAllowed && used.length < squares.length)) return null
  const mean = used.reduce((a, b) => a + b, 0) / used.length
  return used.every((square) => Math.abs(square / mean - 1) <= tolerance) ? Math.sqrt(mean) : null
}

function rightAngles(kept: Float64Array, number: number, length: number, tolerance: number): boolean {
  for (let a = 0; a < number; a++)
    for (let b = 0; b < a; b++) if (Math.abs(dot(kept, a, b, length)) > tolerance) return false
  return true
}

function dot(kept: Float64Array, a: number, b: number, length: number): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += kept[a * length + i] * kept[b * length + i]
  return sum
}

/** Outputs whose weights are all 0. */
export function deadRows({ rows }: { rows: Float64Array }): number {
  return rows.reduce((dead, square) => dead + (square === 0 ? 1 : 0), 0)
}
