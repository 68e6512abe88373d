// The standard normal's upper tail Q(x) = P(Z > x) and its inverse, in f64.

import { exp, log } from './elementary'

const INV_SQRT_2_PI: f64 = 0.3989422804014327

/** exp(-x^2/2) / sqrt(2 pi). */
export function normalDensity(x: f64): f64 {
  return INV_SQRT_2_PI * exp(-0.5 * x * x)
}

/** Q(x); relative error below 1e-14; 0 beyond x = 38.6, 1 below -8.3. */
export function normalTail(x: f64): f64 {
  if (x < 0) return 1 - normalTail(-x)
  return x < 2 ? 0.5 - normalDensity(x) * oddSeries(x) : normalDensity(x) * millsRatio(x)
}

/** x + x^3/3 + x^5/(3 5) + ...: all terms positive; (Phi(x) - 1/2) / density. Abramowitz & Stegun 26.2.11. */
function oddSeries(x: f64): f64 {
  let term = x
  let sum = x
  for (let n = 3; sum + term != sum; n += 2) {
    term *= (x * x) / <f64>n
    sum += term
  }
  return sum
}

/** Q(x) / density(x) = 1/(x + 1/(x + 2/(x + 3/(x + ...)))), x >= 2. Abramowitz & Stegun 26.2.14. */
function millsRatio(x: f64): f64 {
  // at x = 2, 150 levels leave less than 2^-53
  let tail: f64 = x
  for (let n = 150; n > 0; n--) tail = x + <f64>n / tail
  return 1 / tail
}

/**
 * The z with Q(z) = q, 0 < q <= 1/2. Wichura 1988, algorithm AS 241 (PPND16): relative error about 1e-16.
 */
export function normalTailInverse(q: f64): f64 {
  const central = 0.5 - q
  if (central <= 0.425) {
    const r = 0.180625 - central * central
    return (
      (central *
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
          45921.953931549871457) *
          r +
          13731.693765509461125) *
          r +
          1971.5909503065514427) *
          r +
          133.14166789178437745) *
          r +
          3.387132872796366608)) /
      (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
        21213.794301586595867) *
        r +
        5394.1960214247511077) *
        r +
        687.1870074920579083) *
        r +
        42.313330701600911252) *
        r +
        1)
    )
  }
  return tailOfRoot(Math.sqrt(-log(q)))
}

/** The two outer branches of AS 241, in r = sqrt(-ln q). */
function tailOfRoot(root: f64): f64 {
  if (root <= 5) {
    const r = root - 1.6
    return (
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
        1.27045825245236838258) *
        r +
        3.64784832476320460504) *
        r +
        5.7694972214606914055) *
        r +
        4.6303378461565452959) *
        r +
        1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r +
        0.14810397642748007459) *
        r +
        0.68976733498510000455) *
        r +
        1.6763848301838038494) *
        r +
        2.05319162663775882187) *
        r +
        1)
    )
  }
  const r = root - 5
  return (
    (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
      0.026532189526576123093) *
      r +
      0.29656057182850489123) *
      r +
      1.7848265399172913358) *
      r +
      5.4637849111641143699) *
      r +
      6.6579046435011037772) /
    (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r +
      7.868691311456132591e-4) *
      r +
      0.0148753612908506148525) *
      r +
      0.13692988092273580531) *
      r +
      0.59983220655588793769) *
      r +
      1)
  )
}
