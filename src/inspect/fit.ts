/** Whether a sample may come from a law, as one p-value from five tests. */

import { erfc } from '../activations/erf'
import { type Law, MOMENTS, ROUNDING, type Sample, within } from './law'
import { float32OfBin, inward } from './sketch'

/**
 * The p-value of the sample under a fully stated law, Bonferroni over seven tests: the second moment, the mean, the kurtosis, whether the outputs
 * scatter as they must (trained weights do not), the greatest |x| (too great, too small), and the shape (sup |F_n - F| over the edges of the sketch,
 * held against Massart's bound 2 exp(-2 n D^2), which no law passes more often at any n).
 */
export function pValue(law: Law, sample: Sample): number {
  const { n, mean } = sample
  const beyond = 1 - within(law, sample.reach / (1 + ROUNDING[sample.dtype]))
  const covered = within(law, sample.reach * (1 + ROUNDING[sample.dtype]))
  const quick = [
    twoSided(varianceScore(law, sample)),
    twoSided((mean * Math.sqrt(n)) / law.std),
    twoSided(kurtosisScore(law, sample)),
    twoSided(rowsScore(law, sample)),
    beyond > 0 ? -Math.expm1(n * Math.log1p(-beyond)) : 0,
    Math.exp(n * Math.log(covered)),
  ]
  const least = Math.min(...quick)
  return Math.min(1, 7 * (least < 1e-12 ? least : Math.min(least, shapeP(law, sample))))
}

/** Score of the second moment: of a normal's, chi-square, by Wilson and Hilferty; of the bounded laws by the central limit. */
function varianceScore({ kind, std }: Law, { n, second }: Sample): number {
  const ratio = second / (std * std)
  return kind === 'normal' ? chiSquareScore(ratio, n) : (ratio - 1) / Math.sqrt((MOMENTS[kind][2] - 1) / n)
}

/** Wilson and Hilferty: the score of chi-square over its degrees of freedom. */
function chiSquareScore(ratio: number, freedom: number): number {
  return (Math.cbrt(ratio) - 1 + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom))
}

/** Fewer values than this have a kurtosis too skew to be scored. */
const KURTOSIS_LEAST = 1000

/** Score of E x^4/(E x^2)^2: by its delta-method variance, for a normal through Anscombe and Glynn's cube root (1983). */
function kurtosisScore({ kind }: Law, { n, second, fourth }: Sample): number {
  if (n < KURTOSIS_LEAST) return 0
  const [, , m4, m6, m8] = MOMENTS[kind]
  const variance = (m8 - m4 * m4 - 4 * m4 * (m6 - m4) + 4 * m4 * m4 * (m4 - 1)) / n
  const x = (fourth / (second * second) - m4) / Math.sqrt(variance)
  if (kind !== 'normal') return x
  const skew = Math.sqrt(216 / n)
  const a = 6 + (8 / skew) * (2 / skew + Math.sqrt(1 + 4 / (skew * skew)))
  const root = Math.cbrt((1 - 2 / a) / Math.max(1e-9, 1 + x * Math.sqrt(2 / (a - 4))))
  return (1 - 2 / (9 * a) - root) / Math.sqrt(2 / (9 * a))
}

/** Outputs and values of one below which their scatter is not scored. */
const ROWS_LEAST = 8
const INPUTS_LEAST = 16

/** Score of the scatter of the outputs' second moments: a sum of squares, whose variance a row's own kurtosis, 12/inputs for a normal, adds to. */
function rowsScore({ kind }: Law, { rows, inputs, second }: Sample): number {
  if (rows.length < ROWS_LEAST || inputs < INPUTS_LEAST) return 0
  const spread = (MOMENTS[kind][2] - 1) / inputs
  const sum = rows.reduce((total, square) => total + (square / second - 1) ** 2, 0) / spread
  const freedom = (rows.length - 1) / (1 + 6 / inputs)
  return chiSquareScore(sum / (rows.length - 1), freedom)
}

function twoSided(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** Massart's bound on the chance of so great a distance between the sample's distribution and the law's. */
export function shapeP(law: Law, sample: Sample): number {
  const distance = greatestDistance(law, sample)
  return Math.min(1, 2 * Math.exp(-2 * sample.n * distance * distance))
}

/** sup |F_n - F| over the sketch's edges; from the negative side up, both laws being symmetric. */
function greatestDistance(law: Law, { n, counts, dtype }: Sample): number {
  const half = counts.length / 2
  let below = 0
  let worst = 0
  const compare = (bin: number, sign: number) => {
    const inside = within(law, inward(float32OfBin(bin), dtype))
    worst = Math.max(worst, Math.abs(below / n - (1 + sign * inside) / 2))
  }
  // within a run of empty bins F_n rests, and the greatest distance is at its ends
  for (let bin = half - 1; bin >= 0; bin--) {
    if (counts[half + bin] === 0) continue
    compare(bin + 1, -1)
    below += counts[half + bin]
    compare(bin, -1)
  }
  for (let bin = 0; bin < half; bin++) {
    if (counts[bin] === 0) continue
    compare(bin, 1)
    below += counts[bin]
    compare(bin + 1, 1)
  }
  return worst
}
