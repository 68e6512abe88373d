import { normalCdf, normalDensity } from '../activations/erf'

/** Mean, standard deviation and acceptance of a standard normal cut to [low, high]. */
export interface TruncatedMoments {
  mean: number
  std: number
  /** P(low <= Z <= high). */
  acceptance: number
}

/** s^2 = 1 + (a phi(a) - b phi(b))/Z - mean^2, mean = (phi(a) - phi(b))/Z. Bounds in standard deviations, finite or not. */
export function truncatedNormalMoments(low: number, high: number): TruncatedMoments {
  // the tail on the near side of 0, where nothing cancels
  const acceptance = low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low)
  const edge = (x: number) => (Number.isFinite(x) ? x * normalDensity(x) : 0)
  const mean = (normalDensity(low) - normalDensity(high)) / acceptance
  return { mean, std: Math.sqrt(1 + (edge(low) - edge(high)) / acceptance - mean * mean), acceptance }
}
