/** How the values of a channel at two positions go together: what averages over an image's positions have left of the noise of its channels. */
import type { Alignment, DrawNoise } from './draw-noise'
import type { LayerNoise } from './layer-scatter'
import type { Place } from './moment-layer'

/** Covariances over the channels, positions x positions: within a sample, and between two. */
export interface Pairs {
  same: Float64Array
  other: Float64Array
}

type Key = keyof Pairs

/** Beyond it the covariances of all pairs are too many. */
export const MOST_PLACES = 1024

/** Of channels that are drawn anew at every position. */
export function independentPairs(places: readonly Place[]): Pairs {
  const count = places.length
  const diagonal = (value: (place: Place) => number) => {
    const matrix = new Float64Array(count * count)
    places.forEach((place, p) => {
      matrix[p * (count + 1)] = value(place)
    })
    return matrix
  }
  return { same: diagonal(({ q }) => q), other: diagonal(({ q, gap }) => q - gap) }
}

function both(step: (key: Key) => Float64Array): Pairs {
  return { same: step('same'), other: step('other') }
}

/** Of a convolution's outputs: two of them share a weight where both read at the same tap. `source` is outputs x taps, -1 for a zero. */
export function convolvedPairs(
  pairs: Pairs,
  positions: number,
  source: Int32Array,
  taps: number,
  scale: number,
  biasVariance: number,
): Pairs {
  const count = source.length / taps
  return both((key) => {
    const [from, to] = [pairs[key], new Float64Array(count * count)]
    for (let p = 0; p < count; p++)
      for (let r = 0; r <= p; r++) {
        let sum = 0
        for (let t = 0; t < taps; t++) {
          const [i, j] = [source[p * taps + t], source[r * taps + t]]
          if (i >= 0 && j >= 0) sum += from[i * positions + j]
        }
        to[p * count + r] = to[r * count + p] = scale * sum + biasVariance
      }
    return to
  })
}

// functions of a correlation cos t are smooth in t: linear between these, they are off by 1e-3 of their range at most
const STEPS = 128

/** Values at the correlations cos(pi i/128). */
export function correlationTable(f: (c: number) => number): Float64Array {
  return Float64Array.from({ length: STEPS + 1 }, (_, i) => f(Math.cos((Math.PI * i) / STEPS)))
}

/** Where a correlation stands in such a table. */
function placeOf(covariance: number, power: number): number {
  const c = power > 0 ? Math.max(-1, Math.min(1, covariance / power)) : 0
  return Math.min((STEPS * Math.acos(c)) / Math.PI, STEPS * (1 - 1e-12))
}

function between(table: Float64Array, place: number): number {
  const i = Math.floor(place)
  return table[i] + (place - i) * (table[i + 1] - table[i])
}

/** Of f of the values: `map` has the correlation of f at each correlation, `out` the second moments. */
export function activatedPairs(
  pairs: Pairs,
  places: readonly Place[],
  out: readonly Place[],
  map: Float64Array,
): Pairs {
  const count = places.length
  return both((key) => {
    const [from, to] = [pairs[key], new Float64Array(count * count)]
    for (let p = 0; p < count; p++)
      for (let r = 0; r <= p; r++) {
        const place = placeOf(from[p * count + r], Math.sqrt(places[p].q * places[r].q))
        to[p * count + r] = to[r * count + p] = between(map, place) * Math.sqrt(out[p].q * out[r].q)
      }
    return to
  })
}

/** Of (x - centre)/sqrt(by). */
export function normalizedPairs(pairs: Pairs, places: readonly Place[], centre: number, by: number): Pairs {
  const count = places.length
  return both((key) =>
    pairs[key].map((covariance, i) => {
      const means = places[Math.floor(i / count)].mean + places[i % count].mean
      return (covariance - centre * means + centre * centre) / by
    }),
  )
}

/** Of x + scale F(x), where the two do not correlate. */
export function addedPairs(pairs: Pairs, branch: Pairs, square: number): Pairs {
  return both((key) => pairs[key].map((covariance, i) => covariance + square * branch[key][i]))
}

/** sum of a_pr b_pr over all pairs, over the product of their traces of `same`: what is left of the variance of a mean of products. */
export function overlap(a: Pairs, b: Pairs, key: Key): number {
  const count = Math.sqrt(a.same.length)
  let sum = 0
  let [traceA, traceB] = [0, 0]
  for (let p = 0; p < count; p++) {
    traceA += a.same[p * (count + 1)]
    traceB += b.same[p * (count + 1)]
  }
  for (let i = 0; i < a[key].length; i++) sum += a[key][i] * b[key][i]
  return sum / (traceA * traceB)
}

const PARTS = ['forward', 'bend', 'mixed', 'slopes', 'alignment', 'spread', 'line'] as const
type Sums = Record<(typeof PARTS)[number], number>

function parts({ forward, forwardBend, mixed, slopes, alignment }: LayerNoise, c: number): Sums {
  return {
    ...{ forward: forward.cross, bend: forwardBend, mixed: mixed.cross, slopes: slopes.cross, alignment },
    ...{ spread: (1 - c * c) ** 2, line: c },
  }
}

/** The layer's noise averaged over pairs of positions, each in proportion to `powers`. */
export function averagedNoise(
  noise: (e: number) => LayerNoise,
  places: readonly Place[],
  pairs: Pairs,
  powers: readonly number[],
): DrawNoise {
  const total = powers.reduce((a, b) => a + b, 0)
  const weights = powers.map((power) => power / total)
  const diagonal = weights.reduce((sum, w) => sum + w * w, 0)
  const known = Array.from({ length: STEPS + 1 }, (_, i) => {
    const c = Math.cos((Math.PI * i) / STEPS)
    return parts(noise(1 - c), c)
  })
  const tables = PARTS.map((part) => Float64Array.from(known, (at) => at[part]))
  const off = weighed(pairs.same, places, weights, tables, false)
  const cross = weighed(pairs.other, places, weights, tables, true)
  const own = noise(0)
  const rest = 1 - diagonal
  // gradients of one sample at one position are one, of two samples or two positions as aligned as given
  const both = (same: number, { alignment, apart }: Alignment) => same * alignment + (1 - same) * apart
  return {
    forward: { own: diagonal * own.forward.own + off.forward, cross: cross.forward },
    forwardBend: { own: off.bend, cross: cross.bend },
    mixed: { own: diagonal * own.mixed.own + off.mixed, cross: cross.mixed },
    backward: (r) => ({
      own: diagonal * (3 * own.slopes.own - 1) + off.slopes * (1 + 2 * r.apart) - rest,
      cross: cross.slopes * (1 + 2 * both(diagonal, r)) - 1,
    }),
    linear: (r) => ({ own: 2 * diagonal + 2 * r.apart * rest, cross: 2 * both(diagonal, r) }),
    line: { own: diagonal + off.line, cross: cross.line },
    alignment: cross.alignment,
    slopesCross: cross.slopes,
    spread: cross.spread,
  }
}

function weighed(
  matrix: Float64Array,
  places: readonly Place[],
  weights: readonly number[],
  tables: readonly Float64Array[],
  whole: boolean,
): Sums {
  const count = places.length
  const sums = tables.map(() => 0)
  for (let p = 0; p < count; p++)
    for (let r = 0; r <= p; r++) {
      if (p === r && !whole) continue
      const place = placeOf(matrix[p * count + r], Math.sqrt(places[p].q * places[r].q))
      const weight = (p === r ? 1 : 2) * weights[p] * weights[r]
      for (let k = 0; k < tables.length; k++) sums[k] += weight * between(tables[k], place)
    }
  return Object.fromEntries(PARTS.map((part, k) => [part, sums[k]])) as Sums
}
