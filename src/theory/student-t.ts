import { root } from './root'

/** Beyond this many degrees of freedom the expansion below is exact to 1e-11. */
const MANY = 2000

const known = new Map<number, number>()

/** The t that bounds 95 % of Student's distribution, P(|T| < t) = 0.95, for an integer number of degrees of freedom >= 1. */
export function studentQuantile95(freedom: number): number {
  const kept = known.get(freedom)
  if (kept !== undefined) return kept
  const t = freedom > MANY ? expansion(freedom) : root((x) => studentWithin(x, freedom) - 0.95, 1.9, 13)
  known.set(freedom, t)
  return t
}

/** P(|T| < t): the finite sums of Abramowitz & Stegun 26.7.3 and 26.7.4. */
export function studentWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const square = Math.cos(angle) ** 2
  const odd = freedom % 2
  let term = odd ? Math.cos(angle) : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = 2 + odd; k < freedom; k += 2) {
    term *= (square * (k - 1)) / k
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}

/** Cornish and Fisher's expansion about the normal quantile, Abramowitz & Stegun 26.7.5. */
function expansion(freedom: number): number {
  const z = 1.959963984540054
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7]
  const first = (z3 + z) / 4
  const second = (5 * z5 + 16 * z3 + 3 * z) / 96
  const third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
  return z + (first + (second + third / freedom) / freedom) / freedom
}
