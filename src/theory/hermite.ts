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

/** Adds weight(x) f(x) He_k(x)/sqrt(k!) to the sums, k = 0..order, by the recurrence of the orthonormal polynomials. */
function addNode(sums: Float64Array, at: number, order: number, x: number, start: number): void {
  let value = start
  let previous = 0
  for (let k = 0; k <= order; k++) {
    sums[at + k] += value
    const next = (x * value - ROOTS[k] * previous) / ROOTS[k + 1]
    previous = value
    value = next
  }
}

const HIGHEST = 240
const ROOTS = Float64Array.from({ length: HIGHEST + 2 }, (_, k) => Math.sqrt(k))
const STRIDE = HIGHEST + 1
const bases = new Map<string, Float64Array>()

/** Rows of He_k(x)/sqrt(k!) times the weight and the density, one a node of the panel; kept, since the panels without a kink are few. */
function basis(low: number, high: number): Float64Array {
  const key = `${low} ${high}`
  const known = bases.get(key)
  if (known) return known
  const half = (high - low) / 2
  const rows = new Float64Array(RULE.nodes.length * STRIDE)
  RULE.nodes.forEach((node, i) => {
    const x = (high + low) / 2 + half * node
    addNode(rows, i * STRIDE, HIGHEST, x, RULE.weights[i] * half * normalDensity(x))
  })
  bases.set(key, rows)
  return rows
}

/** sums[k] += sum over the panel's nodes i of values(i) rows[i][k], five nodes at a time: a sum is read and written once for them. */
function addPanel(sums: Float64Array, rows: Float64Array, values: (i: number) => number): void {
  for (let i = 0; i < RULE.nodes.length; i += 5) {
    const [v0, v1, v2, v3, v4] = [values(i), values(i + 1), values(i + 2), values(i + 3), values(i + 4)]
    for (let k = 0, at = i * STRIDE; k < sums.length; k++, at++)
      sums[k] +=
        v0 * rows[at] +
        v1 * rows[at + STRIDE] +
        v2 * rows[at + 2 * STRIDE] +
        v3 * rows[at + 3 * STRIDE] +
        v4 * rows[at + 4 * STRIDE]
  }
}

/**
 * a_k = E f(sqrt(q) x) He_k(x)/sqrt(k!) for k = 0..order and x ~ N(0, 1), order at most 240; f smooth but at `kinks`.
 * E f(u) g(v) = sum a_k b_k c^k for u, v ~ N(0, q) with correlation c (Mehler).
 */
export function hermite(f: (z: number) => number, q: number, kinks: readonly number[], order: number): Float64Array {
  const scale = Math.sqrt(q)
  const coefficients = new Float64Array(order + 1)
  const borders = panelBorders(scale, kinks)
  const bent = new Set(kinks.map((z) => z / scale))
  for (let p = 0; p + 1 < borders.length; p++) {
    const [low, high] = [borders[p], borders[p + 1]]
    const half = (high - low) / 2
    const rows = bent.has(low) || bent.has(high) ? null : basis(low, high)
    const at = (i: number) => (high + low) / 2 + half * RULE.nodes[i]
    if (rows !== null) addPanel(coefficients, rows, (i) => f(scale * at(i)))
    else
      for (let i = 0; i < RULE.nodes.length; i++)
        addNode(coefficients, 0, order, at(i), RULE.weights[i] * half * normalDensity(at(i)) * f(scale * at(i)))
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
