/** Hermite coefficients: the correlation of two Gaussians turned into a power series. */
import { normalDensity } from '../activations/erf'
import { RULE } from './quadrature'

const REACH = 12
const PANEL = 1.5

/** Panels of [0, 12] at most 1.5 wide (He_240 turns 23 radians there, 20 points follow 35), halved towards 0 down to the scale on which f varies, split at |kink|. */
function panelBorders(scale: number, bends: readonly number[]): number[] {
  const borders = new Set([0, ...bends.filter((x) => x < REACH)])
  for (let x = PANEL; x <= REACH; x += PANEL) borders.add(x)
  for (let x = PANEL / 2; x * scale > 0.25; x /= 2) borders.add(x)
  return [...borders].sort((a, b) => a - b)
}

const HIGHEST = 240
const ROOTS = Float64Array.from({ length: HIGHEST + 2 }, (_, k) => Math.sqrt(k))
const STRIDE = HIGHEST + 1
const COUNT = RULE.nodes.length

/** Rows of He_k(x)/sqrt(k!), k = 0..240, times the rule's weight and the density, one a node of the panel, by the recurrence of the orthonormal polynomials. */
function basisRows(low: number, high: number): Float64Array {
  const half = (high - low) / 2
  const rows = new Float64Array(COUNT * STRIDE)
  RULE.nodes.forEach((node, i) => {
    const x = (high + low) / 2 + half * node
    let value = RULE.weights[i] * half * normalDensity(x)
    let previous = 0
    for (let k = 0; k < STRIDE; k++) {
      rows[i * STRIDE + k] = value
      const next = (x * value - ROOTS[k] * previous) / ROOTS[k + 1]
      previous = value
      value = next
    }
  })
  return rows
}

const kept = new Map<string, Float64Array>()

/** The same, kept: the panels without a bend are few. */
function keptRows(low: number, high: number): Float64Array {
  const key = `${low} ${high}`
  const known = kept.get(key) ?? basisRows(low, high)
  kept.set(key, known)
  return known
}

/** Nodes z > 0 in whose panels, and in those of -z, a function with these kinks is smooth, for z ~ N(0, q). */
export interface GaussianNodes {
  z: Float64Array
  /** Of each panel of COUNT nodes. */
  rows: readonly Float64Array[]
}

export function gaussianNodes(q: number, kinks: readonly number[]): GaussianNodes {
  const scale = Math.sqrt(q)
  const bends = kinks.map((z) => Math.abs(z) / scale)
  const bent = new Set(bends.filter((x) => x > 0))
  const borders = panelBorders(scale, bends)
  const z = new Float64Array((borders.length - 1) * COUNT)
  const rows: Float64Array[] = []
  for (let p = 0; p + 1 < borders.length; p++) {
    const [low, high] = [borders[p], borders[p + 1]]
    rows.push(bent.has(low) || bent.has(high) ? basisRows(low, high) : keptRows(low, high))
    for (let i = 0; i < COUNT; i++) z[p * COUNT + i] = scale * ((high + low) / 2 + ((high - low) / 2) * RULE.nodes[i])
  }
  return { z, rows }
}

/** An array of len entries; a loop, for the map of a typed array costs several times as much. */
function filled(len: number, entry: (i: number) => number): Float64Array {
  const out = new Float64Array(len)
  for (let i = 0; i < len; i++) out[i] = entry(i)
  return out
}

/** A function at the nodes and at their negatives. */
export interface NodeValues {
  above: Float64Array
  below: Float64Array
}

export function valuesAt({ z }: GaussianNodes, f: (z: number) => number): NodeValues {
  return { above: filled(z.length, (i) => f(z[i])), below: filled(z.length, (i) => f(-z[i])) }
}

/** The product of two functions. */
export function times(a: NodeValues, b: NodeValues): NodeValues {
  const side = (x: Float64Array, y: Float64Array) => filled(x.length, (i) => x[i] * y[i])
  return { above: side(a.above, b.above), below: side(a.below, b.below) }
}

/** E f(z), to what the panels resolve: ten digits for what varies on a scale of 1. */
export function meanOf({ rows }: GaussianNodes, { above, below }: NodeValues): number {
  let sum = 0
  for (let i = 0; i < above.length; i++)
    sum += rows[Math.floor(i / COUNT)][(i % COUNT) * STRIDE] * (above[i] + below[i])
  return sum
}

/** a_k = E f(sqrt(q) x) He_k(x)/sqrt(k!) for k = 0..order, order at most 240: E f(u) g(v) = sum a_k b_k c^k for u, v ~ N(0, q) with correlation c (Mehler). */
export function hermiteSeries({ rows }: GaussianNodes, { above, below }: NodeValues, order: number): Float64Array {
  const even = filled(above.length, (i) => above[i] + below[i])
  const odd = filled(above.length, (i) => above[i] - below[i])
  const sums = new Float64Array(order + 1)
  rows.forEach((panel, p) => {
    addPanel(sums, panel, even, p * COUNT, 0)
    addPanel(sums, panel, odd, p * COUNT, 1)
  })
  return sums
}

/** sums[k] += sum over the panel's nodes i of values[from + i] rows[i][k] for k = first, first + 2, ...; five nodes at a time: a sum is read and written once for them. */
function addPanel(sums: Float64Array, rows: Float64Array, values: Float64Array, from: number, first: number): void {
  for (let i = 0; i < COUNT; i += 5) {
    const at = from + i
    const [v0, v1, v2, v3, v4] = [values[at], values[at + 1], values[at + 2], values[at + 3], values[at + 4]]
    for (let k = first, r = i * STRIDE + first; k < sums.length; k += 2, r += 2)
      sums[k] +=
        v0 * rows[r] +
        v1 * rows[r + STRIDE] +
        v2 * rows[r + 2 * STRIDE] +
        v3 * rows[r + 3 * STRIDE] +
        v4 * rows[r + 4 * STRIDE]
  }
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
