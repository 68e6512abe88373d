/** What the seeds of an experiment say of one number: all of it in logarithms, for second moments are log-normal over seeds. */

import type { Band, SeedStatistics } from '../network/result'
import { studentQuantile95 } from '../theory/student-t'

/** The normal quantile that bounds 95 %. */
export const Z95 = 1.959963984540054

/** Mean and standard deviation of ln X where [low, high] = exp(centre -+ 1.96 spread); null where theory has none. */
export function bandLog([low, high]: Band): { centre: number; spread: number } | null {
  const [from, to] = [Math.log(low), Math.log(high)]
  if (!Number.isFinite(from) || !Number.isFinite(to)) return null
  return { centre: (from + to) / 2, spread: (to - from) / (2 * Z95) }
}

/** One layer's second moments, a number per seed, beside the band that theory gives one seed, where it has one. */
export function seedStatistics(moments: readonly number[], theory: Band | null): SeedStatistics {
  const sorted = [...moments].sort((a, b) => a - b)
  const logs = logSummary(moments)
  const expected = theory && bandLog(theory)
  const measurable = logs !== null && expected !== null && expected.spread > 0
  return {
    interval: logs && expInterval(logs),
    median: quantile(sorted, 0.5),
    band: [quantile(sorted, 0.025), quantile(sorted, 0.975)],
    z: measurable ? (logs.mean - expected.centre) / (expected.spread / Math.sqrt(logs.count)) : null,
  }
}

export interface LogSummary {
  count: number
  mean: number
  /** Divided by count - 1; 0 with one. */
  std: number
}

/** Mean and standard deviation of ln; null where a value is 0 or not finite. */
export function logSummary(values: readonly number[]): LogSummary | null {
  const count = values.length
  const logs = values.map(Math.log)
  if (count === 0 || !logs.every(Number.isFinite)) return null
  const mean = logs.reduce((a, b) => a + b, 0) / count
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0)
  return { count, mean, std: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 }
}

/** t s/sqrt(count), half of the 95 % confidence interval of the mean; null with one. */
export function logReach({ count, std }: LogSummary): number | null {
  return count < 2 ? null : (studentQuantile95(count - 1) * std) / Math.sqrt(count)
}

/** exp(mean -+ t s/sqrt(count)); null with one. */
export function expInterval(logs: LogSummary): Band | null {
  const reach = logReach(logs)
  return reach === null ? null : [Math.exp(logs.mean - reach), Math.exp(logs.mean + reach)]
}

/** Linear between the order statistics: position share (count - 1), NumPy's default. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const part = place - below
  return part === 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below])
}
