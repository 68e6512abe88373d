/** A number that someone has published or derived, and how this library computes it. */

/** How exact the computation is meant to be: relative 1e-12, 1e-10, 1e-8. */
export type Method = 'closed form' | 'quadrature' | 'fixed point'

export interface Claim {
  name: string
  /** As printed: its digits set the tolerance where they are few. */
  published: string
  compute: () => number
  method: Method
  source: string
}

export const MPMATH = 'computed with mpmath, 25 digits or more'

const TOLERANCE: Record<Method, number> = { 'closed form': 1e-12, quadrature: 1e-10, 'fixed point': 1e-8 }

/** A short decimal that is no rounding, as 0 and 0.5 are: with zeros enough to be held to the tolerance of its method. */
export function exactly(decimal: string): string {
  const [whole, places = ''] = decimal.split('.')
  return `${whole}.${places.padEnd(15, '0')}`
}

/** Half a unit in the last printed place. */
function halfUnit(published: string): number {
  const [mantissa, exponent = '0'] = published.toLowerCase().split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  return 0.5 * 10 ** (Number(exponent) - decimals)
}

/** One claim, recomputed. */
export interface Verification {
  name: string
  published: number
  computed: number
  /** |computed - published|/|published|; the absolute difference where 0 was published. */
  relativeError: number
  tolerance: number
  /** Whether the tolerance is that of the method rather than of the printed digits. */
  exact: boolean
  ok: boolean
  source: string
}

/** Recomputes a claim. */
export function recompute({ name, published, compute, method, source }: Claim): Verification {
  const value = Number(published)
  const computed = compute()
  const scale = value === 0 ? 1 : Math.abs(value)
  const relativeError = Math.abs(computed - value) / scale
  // a rounding of the printed value itself
  const digits = (halfUnit(published) / scale) * (1 + 1e-9)
  const tolerance = Math.max(TOLERANCE[method], digits)
  return {
    name,
    published: value,
    computed,
    relativeError,
    tolerance,
    exact: digits <= TOLERANCE[method],
    ok: relativeError <= tolerance,
    source,
  }
}

/** A claim without what it shares with its neighbours. */
export type Row = [name: string, published: string, compute: () => number]

/** Rows of one method and source. */
export function claims(method: Claim['method'], source: string, rows: readonly Row[]): Claim[] {
  return rows.map(([name, published, compute]) => ({ name, published, compute, method, source }))
}

/** Rows that differ in one argument: each published value with the argument it belongs to. */
export function series<T>(table: readonly [T, string][], name: (x: T) => string, compute: (x: T) => number): Row[] {
  return table.map(([x, published]) => [name(x), published, () => compute(x)])
}
