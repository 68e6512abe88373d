/** Whether a sample may come from a law, as one p-value from five tests. */

import { erfc } from '../activations/erf'
import { KURTOSIS, type Law, ROUNDING, type Sample, within } from './law'
import { float32OfBin, inward } from './sketch'

/**
 * The p-value of the sample under a fully stated law, Bonferroni over five tests: the variance (two-sided: the chi-square law of a normal's by
 * Wilson and Hilferty, the central limit for the bounded ones), the mean, the greatest |x| (too great, too small), and the shape (sup |F_n - F|
 * over the edges of the sketch, held against Massart's bound 2 exp(-2 n D^2), which no sample size and no law passes more often).
 */
export function pValue(law: Law, sample: Sample): number {
  const { n, mean } = sample
  const beyond = 1 - within(law, sample.reach / (1 + ROUNDING[sample.dtype]))
  const covered = within(law, sample.reach * (1 + ROUNDING[sample.dtype]))
  const quick = [
    twoSided(varianceScore(law, sample)),
    twoSided((mean * Math.sqrt(n)) / law.std),
    beyond > 0 ? -Math.expm1(n * Math.log1p(-beyond)) : 0,
    Math.exp(n * Math.log(covered)),
  ]
  const least = Math.min(...quick)
  return Math.min(1, 5 * (least < 1e-12 ? least : Math.min(least, shapeP(law, sample))))
}

/** Standard normal score of the second moment. */
export function varianceScore({ kind, std }: Law, { n, second }: Sample): number {
  const ratio = second / (std * std)
  if (kind !== 'normal') return (ratio - 1) / Math.sqrt((KURTOSIS[kind] - 1) / n)
  return (Math.cbrt(ratio) - 1 + 2 / (9 * n)) / Math.sqrt(2 / (9 * n))
}

export function twoSided(z: number): number {
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
