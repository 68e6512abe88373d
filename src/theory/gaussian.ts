/** Expectations over one Gaussian and over a correlated pair. */
import { normalDensity } from '../activations/erf'
import { type Effort, integrate } from './quadrature'

// exp(-13^2/2) = 2e-37: not even z^8 brings the tail beyond it up to an ulp.
const REACH = 13
const GRID = [-REACH, -4, 0, 4, REACH]
// exp(-10.5^2/2) = 1e-24, and a pair has two such factors.
const PAIR_REACH = 10.5
const HALF_GRID = [0, 3, PAIR_REACH]
const PAIR_GRID = [-PAIR_REACH, -3, 0, 3, PAIR_REACH]
// What halving may change: between kinks the halves are then better by another five digits or more.
const PAIR_TOLERANCE = 1e-10

/** `grid` and the points that lie inside it, ascending, none twice. */
function withBreaks(grid: readonly number[], points: readonly number[]): number[] {
  const low = grid[0]
  const high = grid[grid.length - 1]
  const all = [...grid, ...points.filter((x) => x > low && x < high)].sort((a, b) => a - b)
  return all.filter((x, i) => i === 0 || x - all[i - 1] > 1e-12)
}

/** E f(z) for z ~ N(0, q), q >= 0; f smooth but at `kinks`. Relative error about 1e-14 of E|f|. */
export function expectation(f: (z: number) => number, q: number, kinks: readonly number[]): number {
  if (q === 0) return f(0)
  const scale = Math.sqrt(q)
  const breaks = withBreaks(
    GRID,
    kinks.map((z) => z / scale),
  )
  return integrate((x) => f(scale * x) * normalDensity(x), breaks)
}

/**
 * E g(u, v) for u, v ~ N(0, q) with correlation 1 - e, e in [0, 2]; g symmetric, smooth but where u or v is a kink.
 * In the coordinates u, v = sqrt(q)(s cos t ± d sin t), e = 2 sin^2 t, nothing cancels however close to 1 the correlation is.
 */
export function pairExpectation(
  g: (u: number, v: number) => number,
  q: number,
  e: number,
  kinks: readonly number[],
): number {
  const scale = Math.sqrt(q)
  const along = scale * Math.sqrt(1 - e / 2)
  const across = scale * Math.sqrt(e / 2)
  if (across === 0) return expectation((z) => g(z, z), q, kinks)
  const inner = (s: number, effort: Effort) => {
    const centre = along * s
    const weight = 2 * normalDensity(s)
    const breaks = withBreaks(
      HALF_GRID,
      kinks.map((z) => Math.abs(z - centre) / across),
    )
    return integrate((d) => weight * g(centre + across * d, centre - across * d) * normalDensity(d), breaks, effort)
  }
  // a kink is a corner of width across/along in s
  const corners = along === 0 ? [] : kinks.flatMap((z) => PAIR_GRID.map((d) => (z + across * d) / along))
  const breaks = withBreaks(PAIR_GRID, corners)
  // the inner integrals far out may be small and noisy: what they must resolve is a share of the whole
  const glance = { tolerance: 1, floor: 0, panels: 0 }
  const size = [-3, -2, -1, 0, 1, 2, 3].reduce((sum, s) => sum + Math.abs(inner(s, glance)), 0)
  const effort = { tolerance: PAIR_TOLERANCE, floor: PAIR_TOLERANCE * size, panels: 40 }
  return integrate((s) => inner(s, effort), breaks, { ...effort, panels: 100 })
}
