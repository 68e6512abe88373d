/** The error function and the standard normal law in f64. */

// (1 + 2x) exp(x^2) erfc(x) as Chebyshev series in t = (x - 3.75)/(x + 3.75), x >= 0: smooth and bounded, so 27 terms reach
// 1e-19 (Shepherd & Laframboise 1981 chose the form; coefficients computed with 40 digits).
const SCALE = 3.75
const COEFFICIENTS = [
  1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
  0.009074997670705265, -0.002413163540417608, 4.907758365258086e-4, -6.916973302501207e-5, 4.13902798607301e-6,
  7.740383066198491e-7, -2.1886401049234394e-7, 1.0764999465670912e-8, 4.521959811218287e-9, -7.754400208831363e-10,
  -6.31808834088688e-11, 2.8687950109304246e-11, 1.945586854551626e-13, -9.654696748457564e-13, 3.252548147960066e-14,
  3.347811948176194e-14, -1.8645628805970813e-15, -1.2507950522975322e-15, 7.418235417800622e-17, 5.068149127729065e-17,
  -2.2370541188372195e-18, -2.1873404400687334e-18,
]

/** exp(x^2) erfc(x) for x >= 0. */
function scaledErfc(x: number): number {
  const t = (x - SCALE) / (x + SCALE)
  let b1 = 0
  let b2 = 0
  for (let k = COEFFICIENTS.length - 1; k > 0; k--) {
    const b = 2 * t * b1 - b2 + COEFFICIENTS[k]
    b2 = b1
    b1 = b
  }
  return (t * b1 - b2 + COEFFICIENTS[0]) / (1 + 2 * x)
}

/** exp(-x^2) with the rounding of x^2 put back: its relative error stays at an ulp however large x is. */
function expMinusSquare(x: number): number {
  const head = Math.round(x * 16) / 16
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head))
}

/** erf(x) for |x| < 0.5 by its Maclaurin series. */
function erfNearZero(x: number): number {
  const square = x * x
  let power = x
  let sum = x
  for (let k = 1; k < 14; k++) {
    power *= -square / k
    sum += power / (2 * k + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) over [0, x]; within 2 ulps. */
export function erf(x: number): number {
  if (Math.abs(x) < 0.5) return erfNearZero(x)
  return x < 0 ? erfc(-x) - 1 : 1 - erfc(x)
}

/** erfc(x) = 1 - erf(x), without cancellation for large x. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < 0) return 2 - erfc(-x)
  if (x < 0.5) return 1 - erfNearZero(x)
  return x > 27.3 ? 0 : expMinusSquare(x) * scaledErfc(x)
}

/** P(Z < z) for Z ~ N(0, 1), exact to a few ulps in the lower tail too. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2)
}

/** exp(-z^2/2)/sqrt(2 pi). */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
}
