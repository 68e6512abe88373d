/** How much one layer of finite width n scatters the second moment, over the draw of its Gaussian weights. propagation.md 2.4. */

import { type LogMoments, logMoments } from './log-moments'
import { digamma, trigamma } from './polygamma'

/** The probabilities of k ~ Bin(n, 1/2), k >= 1, where they are above 1e-20 of the largest; they are not normalised. */
function binomialMass(n: number): { k: number; mass: number }[] {
  const mode = Math.max(1, Math.floor(n / 2))
  const all = [{ k: mode, mass: 1 }]
  for (let k = mode, mass = 1; k < n && mass > 1e-20; k++) {
    mass *= (n - k) / (k + 1)
    all.push({ k: k + 1, mass })
  }
  for (let k = mode, mass = 1; k > 1 && mass > 1e-20; k--) {
    mass *= k / (n - k + 1)
    all.push({ k: k - 1, mass })
  }
  return all
}

/** ln((2/n) chi^2_k) with k ~ Bin(n, 1/2) given k >= 1: mean E psi(k/2) + ln(4/n), variance Var psi(k/2) + E psi'(k/2). */
function reluLogFactor(n: number): LogMoments {
  let total = 0
  let mean = 0
  let within = 0
  const terms = binomialMass(n).map(({ k, mass }) => ({ mass, value: digamma(k / 2) + Math.log(4 / n), k }))
  for (const { mass, value, k } of terms) {
    total += mass
    mean += mass * value
    within += mass * trigamma(k / 2)
  }
  mean /= total
  const between = terms.reduce((sum, { mass, value }) => sum + mass * (value - mean) ** 2, 0)
  return { mean, variance: (between + within) / total }
}

/**
 * Mean and variance of ln F, F = 2/((1 + a^2) n) sum_i s_i^2 g_i^2 with s_i = 1 or a at even odds and g_i ~ N(0, 1): the factor by which
 * one layer of width n, Gaussian weights, no bias and negative slope a multiplies the second moment relative to its expectation.
 * ReLU (a = 0) given that a unit fires, and linear (a = ±1), in digamma functions; leaky ReLU from the Laplace transform
 * [((1 + 2t)^(-1/2) + (1 + 2 a^2 t)^(-1/2))/2]^n of the sum. About -5/(2n) and 5/n for ReLU.
 */
export function layerLogFactor(n: number, a: number): LogMoments {
  const square = a * a
  if (square === 0) return reluLogFactor(n)
  if (square === 1) return { mean: digamma(n / 2) + Math.log(2 / n), variance: trigamma(n / 2) }
  const scale = 2 / ((1 + square) * n)
  const logLaplace = (t: number) => {
    const s = 2 * scale * t
    // expm1 and log1p: near t = 0 the n-th power would magnify a rounding n times
    return n * Math.log1p((Math.expm1(-Math.log1p(s) / 2) + Math.expm1(-Math.log1p(square * s) / 2)) / 2)
  }
  return logMoments(logLaplace, 0)
}

/** Var F times n: (5 - 2a^2 + 5a^4)/(1 + a^2)^2, that is 5 for ReLU and 2 for linear. The kurtosis excess <phi^4>/<phi^2>^2 - 1. */
export function homogeneousKurtosis(a: number): number {
  const square = a * a
  return (5 - 2 * square + 5 * square * square) / (1 + square) ** 2
}

/** |h_L|^2 relative to its expectation after zero-bias layers of these widths: E X^2 - 1 = prod(1 + kurtosis/n) - 1. */
export function relativeVariance(widths: readonly number[], a = 0): number {
  const kurtosis = homogeneousKurtosis(a)
  return Math.expm1(widths.reduce((sum, n) => sum + Math.log1p(kurtosis / n), 0))
}

/**
 * E |J u|/|u| of one ReLU layer with He weights, sqrt(2/n) E chi_k with k ~ Bin(n, 1/2): lengths shrink by about 1 - 5/(8n) a layer although their
 * squares do not. Hanin, Jeong & Rolnick 2022.
 */
export function layerLengthFactor(n: number): number {
  // ratio[k] = Gamma((k + 1)/2)/Gamma(k/2), and ratio[k] ratio[k + 1] = k/2
  const ratio = new Float64Array(n + 1)
  ratio[1] = 1 / Math.sqrt(Math.PI)
  for (let k = 1; k < n; k++) ratio[k + 1] = k / 2 / ratio[k]
  let total = 0
  let sum = 0
  for (const { k, mass } of binomialMass(n)) {
    total += mass
    sum += mass * ratio[k]
  }
  return (2 / Math.sqrt(n)) * (sum / total) * (1 - 2 ** -n)
}

/** How many seeds bring the standard error of a mean down to `precision`, given the variance of one seed; not rounded. */
export function seedsNeeded(variance: number, precision: number): number {
  return variance / (precision * precision)
}
