/** The laws that initializers draw from, mean 0: their likelihood and their fit need nothing but what one pass gathers. */

import { erfc, normalCdf } from '../activations/erf'
import type { Draw } from '../initializers/draw'
import type { Dtype } from '../initializers/precision'
import { truncatedNormalMoments } from '../theory/truncated-normal'

/** Of what weights may have been drawn. */
export type LawKind = 'normal' | 'uniform' | 'truncatedNormal'

/** `std` is that of the values; a truncated normal is cut at 2 sigma of the normal before the cut. */
export interface Law {
  kind: LawKind
  std: number
}

/** What the tests and likelihoods read: of the values that are not held out (dead rows, zeros of a sparse matrix). */
export interface Sample {
  n: number
  mean: number
  /** Mean of x^2. */
  second: number
  /** Mean of x^4. */
  fourth: number
  /** Greatest |x|. */
  reach: number
  /** Mean of x^2 of each output that is not all 0, over `inputs` values each; empty where they are not equally many. */
  rows: Float64Array
  inputs: number
  /** Number of values in each bin of the sketch (statistics.ts). */
  counts: Float64Array
  dtype: Dtype
}

const CUT = 2
/** Std and share kept of a standard normal cut at 2 sigma. */
export const TRUNCATED = truncatedNormalMoments(-CUT, CUT)
/** E x^(2k)/(E x^2)^k, k = 0 .. 4. */
export const MOMENTS: Record<LawKind, number[]> = {
  normal: [1, 1, 3, 15, 105],
  uniform: [1, 1, 9 / 5, 27 / 7, 9],
  truncatedNormal: truncatedMoments(),
}
/** Relative rounding to the nearest that a stored value may have gone through, and of arithmetic in f32 before it. */
export const ROUNDING: Record<Dtype, number> = { f16: 2 ** -11, bf16: 2 ** -8, f32: 2 ** -22, f64: 2 ** -22 }

/** E x^(2k)/(E x^2)^k of the cut normal, k = 1 .. 4, by parts: m_k = (2k - 1) m_(k-1) - 2 c^(2k-1) phi(c)/Z. */
function truncatedMoments(): number[] {
  const edge = (2 * Math.exp((-CUT * CUT) / 2)) / Math.sqrt(2 * Math.PI) / TRUNCATED.acceptance
  const moments = [1]
  for (let k = 1; k <= 4; k++) moments.push((2 * k - 1) * moments[k - 1] - CUT ** (2 * k - 1) * edge)
  return moments.map((moment, k) => moment / TRUNCATED.std ** (2 * k))
}

/** Beyond this no value lies. */
export function bound({ kind, std }: Law): number {
  if (kind === 'normal') return Number.POSITIVE_INFINITY
  return kind === 'uniform' ? Math.sqrt(3) * std : (CUT * std) / TRUNCATED.std
}

/** P(|X| <= x). */
export function within(law: Law, x: number): number {
  if (x >= bound(law)) return 1
  if (law.kind === 'uniform') return x / bound(law)
  if (law.kind === 'normal') return 1 - erfc(x / law.std / Math.SQRT2)
  const parent = law.std / TRUNCATED.std
  return (2 * normalCdf(x / parent) - 1) / TRUNCATED.acceptance
}

/** ln of the density of the sample; -Infinity where a value lies beyond the law's bounds. */
export function logLikelihood(law: Law, { n, second, reach, dtype }: Sample): number {
  if (reach > bound(law) * (1 + ROUNDING[dtype])) return Number.NEGATIVE_INFINITY
  if (law.kind === 'uniform') return -n * Math.log(2 * bound(law))
  const sigma = law.kind === 'normal' ? law.std : law.std / TRUNCATED.std
  const share = law.kind === 'normal' ? 0 : Math.log(TRUNCATED.acceptance)
  return -n * (Math.log(sigma) + Math.log(2 * Math.PI) / 2 + share) - (n * second) / (2 * sigma * sigma)
}

/** The law of each kind that makes the sample likeliest. */
export function likeliest(kind: LawKind, { second, reach }: Sample): Law {
  const std = Math.sqrt(second)
  if (kind === 'normal') return { kind, std }
  if (kind === 'uniform') return { kind, std: reach / Math.sqrt(3) }
  return { kind, std: Math.max(std, reach / CUT) * TRUNCATED.std }
}

/** The law of a draw of mean 0, or undefined for any other. */
export function lawOf(draw: Draw): Law | undefined {
  if (draw.distribution === 'normal' && draw.mean === 0) return { kind: 'normal', std: draw.stddev }
  if (draw.distribution === 'uniform' && draw.low === -draw.high)
    return { kind: 'uniform', std: draw.high / Math.sqrt(3) }
  const cut = draw.distribution === 'truncatedNormal' && draw.lower === -CUT && draw.upper === CUT && draw.mean === 0
  return cut ? { kind: 'truncatedNormal', std: draw.stddev } : undefined
}

/** Whether two laws cannot be told apart by any sample. */
export function same(a: Law, b: Law): boolean {
  return a.kind === b.kind && Math.abs(a.std / b.std - 1) < 1e-6
}
