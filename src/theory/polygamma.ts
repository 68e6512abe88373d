/** The derivatives of ln Gamma that log moments of chi-squared variables need. */

// Beyond 12 the series in 1/x^2 below are exact to an ulp.
const SHIFT = 12

/** psi(x) = d ln Gamma(x)/dx for x > 0; E ln X = psi(k/2) + ln 2 for X ~ chi^2_k. */
export function digamma(x: number): number {
  let shifted = x
  let sum = 0
  for (; shifted < SHIFT; shifted++) sum -= 1 / shifted
  const r = 1 / (shifted * shifted)
  const tail = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - (r * 691) / 32760)))))
  return sum + Math.log(shifted) - 0.5 / shifted - tail
}

/** psi'(x) for x > 0; Var ln X = psi'(k/2) for X ~ chi^2_k. */
export function trigamma(x: number): number {
  let shifted = x
  let sum = 0
  for (; shifted < SHIFT; shifted++) sum += 1 / (shifted * shifted)
  const r = 1 / (shifted * shifted)
  const tail = 1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - (r * 691) / 2730))))
  return sum + 1 / shifted + 0.5 * r + (tail * r) / shifted
}
