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
export function fillTruncated(_logical: Float32Array, law: Truncated, _source: StreamOptions): Float32Array {
  const { mean, stddev } = truncatedMoments(law.lower, law.upper)
  const scale = law.stddev / stddev
  const shift = law.mean - scale * mean
  throw new Error(`truncatedNormal: no sampler for shift ${shift}, scale ${scale}`)
}
