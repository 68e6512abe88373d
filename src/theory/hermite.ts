/** Hermite coefficients: the correlation of two Gaussians turned into a power series. */
import { normalDensity } from '../activations/erf'
import { RULE } from './quadrature'

const REACH = 12
const PANEL = 1.5

/** Panels of at most 1.5 (He_240 turns 23 radians there, 20 points follow 35), halved towards 0 down to the scale on which f varies, split at the kinks. */
function panelBorders(scale: number, kinks: readonly number[]): number[] {
  const borders = [0]
  for (let x = PANEL; x <= REACH; x += PANEL) borders.push(x, -x)
  for (let x = PANEL / 2; x * scale > 0.25; x /= 2) borders.push(x, -x)
  for (const z of kinks) if (Math.abs(z) < REACH * scale) borders.push(z / scale)
  return borders.sort((a, b) => a - b)
}

/**
 * a_k = E f(sqrt(q) x) He_k(x)/sqrt(k!) for k = 0..order and x ~ N(0, 1); f smooth but at `kinks`.
 * E f(u) g(v) = sum a_k b_k c^k for u, v ~ N(0, q) with correlation c (Mehler).
 */
export function hermite(f: (z: number) => number, q: number, kinks: readonly number[], order: number): Float64Array {
  const scale = Math.sqrt(q)
  const roots = Float64Array.from({ length: order + 2 }, (_, k) => Math.sqrt(k))
  const coefficients = new Float64Array(order + 1)
  const borders = panelBorders(scale, kinks)
  for (let p = 0; p + 1 < borders.length; p++) {
    const half = (borders[p + 1] - borders[p]) / 2
    const middle = (borders[p + 1] + borders[p]) / 2
    for (let i = 0; i < RULE.nodes.length; i++) {
      const x = middle + half * RULE.nodes[i]
      let value = RULE.weights[i] * half * normalDensity(x) * f(scale * x)
      let previous = 0
      for (let k = 0; k <= order; k++) {
        coefficients[k] += value
        const next = (x * value - roots[k] * previous) / roots[k + 1]
        previous = value
        value = next
      }
    }
  }
  return coefficients
}

/** sum a_k b_k c^k over k >= `from`. */
export function hermiteSum(a: Float64Array, b: Float64Array, c: number, from = 0): number {
  let sum = 0
  for (let k = a.length - 1; k >= from; k--) sum = sum * c + a[k] * b[k]
  return sum * c ** from
}

/** sum k (k - 1) a_k^2 c^(k - 2): the second derivative of sum a_k^2 c^k. */
export function hermiteBend(a: Float64Array, c: number): number {
  let sum = 0
  for (let k = a.length - 1; k >= 2; k--) sum = sum * c + k * (k - 1) * a[k] ** 2
  return sum
}
