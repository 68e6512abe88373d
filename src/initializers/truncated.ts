import { fillTruncatedNormal } from '../random/draw'
import type { StreamOptions } from '../random/stream'
import { truncatedMoments } from './truncation'

/** A truncated normal as it is asked for: the moments of its values, its bounds in sigmas before truncation. */
export interface Truncated {
  mean: number
  stddev: number
  lower: number
  upper: number
}

/** logical: shift + scale x, x standard normals in [lower, upper], so that the values have the mean and stddev asked for. */
export function fillTruncated(logical: Float32Array, law: Truncated, source: StreamOptions): Float32Array {
  const { lower, upper } = law
  // Trap: 0 times an infinite bound is NaN
  if (law.stddev === 0) return logical.fill(law.mean)
  const { mean, stddev } = truncatedMoments(lower, upper)
  const scale = law.stddev / stddev
  return fillTruncatedNormal(logical, { ...source, lower, upper, shift: law.mean - scale * mean, scale })
}
