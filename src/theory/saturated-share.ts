import type { Activation } from '../activations/activation'
import { normalCdf } from '../activations/erf'
import { saturation } from '../activations/saturation'

/** P(z <= low or z >= high) for z ~ N(0, q); null for an activation without two flat ends. */
export function saturatedShare(activation: Activation, q: number): number | null {
  const ends = saturation(activation)
  if (ends === null) return null
  const [low, high] = ends.z
  if (q === 0) return low >= 0 || high <= 0 ? 1 : 0
  return normalCdf(low / Math.sqrt(q)) + normalCdf(-high / Math.sqrt(q))
}
