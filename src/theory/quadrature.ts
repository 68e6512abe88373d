/** Adaptive Gauss-Legendre quadrature. Not Gauss-Hermite: a kink costs that rule ten digits, and tanh at q = 9 most of them. */

/** Nodes in (-1, 1), ascending, and weights. */
export interface Rule {
  nodes: Float64Array
  weights: Float64Array
}

/** The n-point Gauss-Legendre rule: roots of the Legendre polynomial P_n by Newton's method, weights 2/((1 - x^2) P_n'(x)^2). */
export function gaussLegendre(n: number): Rule {
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 0
    for (let step = 0; step < 10; step++) {
      let previous = 1
      let value = x
      for (let k = 2; k <= n; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * previous) / k
        previous = value
        value = next
      }
      slope = (n * (previous - x * value)) / (1 - x * x)
      x -= value / slope
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}

/** 20 points: exact for polynomials of degree 39. */
export const RULE = gaussLegendre(20)

interface Panel {
  a: number
  b: number
  value: number
  /** The integral of |f|. */
  size: number
}

function panel(f: (x: number) => number, a: number, b: number): Panel {
  const half = (b - a) / 2
  const middle = (a + b) / 2
  let value = 0
  let size = 0
  for (let i = 0; i < RULE.nodes.length; i++) {
    const term = RULE.weights[i] * f(middle + half * RULE.nodes[i])
    value += term
    size += Math.abs(term)
  }
  return { a, b, value: value * half, size: size * half }
}

/** How far `integrate` goes: the error it allows a panel, and the number of panels after which it takes what it has. */
export interface Effort {
  /** Relative to the integral of |f|. */
  tolerance: number
  /** Absolute; for an integral that is a small part of something else. */
  floor: number
  panels: number
}

export const FULL_EFFORT: Effort = { tolerance: 1e-13, floor: 0, panels: 2000 }

/**
 * The integral of f over [breaks[0], breaks[last]], breaks ascending, f smooth between them.
 * A panel is halved until halving changes it by no more than the allowed error; the halves are then far better than that. Where f is
 * noise (a function rounded to f32, a difference that cancels) no width is small enough: the number of panels bounds the work.
 */
export function integrate(f: (x: number) => number, breaks: readonly number[], effort = FULL_EFFORT): number {
  let open: Panel[] = []
  let size = 0
  for (let i = 0; i + 1 < breaks.length; i++) {
    const first = panel(f, breaks[i], breaks[i + 1])
    size += first.size
    open.push(first)
  }
  const allowed = Math.max(effort.tolerance * size, effort.floor)
  let total = 0
  let count = open.length
  while (open.length > 0) {
    const next: Panel[] = []
    for (const { a, b, value } of open) {
      const left = panel(f, a, (a + b) / 2)
      const right = panel(f, (a + b) / 2, b)
      // the negation lets NaN and infinities through as results
      if (!(Math.abs(left.value + right.value - value) > allowed) || count >= effort.panels)
        total += left.value + right.value
      else {
        next.push(left, right)
        count++
      }
    }
    open = next
  }
  return total
}
