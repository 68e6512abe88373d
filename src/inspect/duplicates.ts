/** Tensors whose first values are in proportion: the same seed was used twice, or they are tied on purpose. */

import type { TensorSummary } from './summary'

/** Fewer values than this may be in proportion by chance. */
const LEAST = 8
/** Of the ratios of two values, each rounded in f32, or in 16 bits. */
const TOLERANCE = { f16: 2 ** -9, bf16: 2 ** -6, f32: 2 ** -20, f64: 2 ** -20 }

/** For each tensor the name of an earlier one that holds the same draws, or null. */
export function duplicates(summaries: readonly TensorSummary[]): (string | null)[] {
  const seen = new Map<number, TensorSummary[]>()
  return summaries.map((summary) => {
    const { head } = summary.statistics
    if (head.length < LEAST || head.every((x) => x === head[0])) return null
    // two in proportion have the same second value over the first: only those are compared
    const key = Math.round((head[1] / head[0]) * 16)
    const near = [key - 1, key, key + 1].flatMap((k) => seen.get(k) ?? [])
    const twin = near.find((other) => inProportion(summary, other))
    seen.set(key, [...(seen.get(key) ?? []), summary])
    return twin === undefined ? null : twin.facts.name
  })
}

function inProportion(a: TensorSummary, b: TensorSummary): boolean {
  const [x, y] = [a.statistics.head, b.statistics.head]
  const tolerance = Math.max(TOLERANCE[a.dtype], TOLERANCE[b.dtype])
  const scale = x[0] / y[0]
  if (!(scale > 0)) return false
  const length = Math.min(x.length, y.length)
  for (let i = 1; i < length; i++) if (!(Math.abs(x[i] / y[i] / scale - 1) <= tolerance)) return false
  return y.every((value, i) => i === 0 || value !== y[0]) || x.some((value) => value !== x[0])
}
