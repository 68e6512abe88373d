/** Numbers as people read them. */

import { powerOfTen } from '../charts/log-axis'

/** Two to four significant digits, in scientific notation outside [0.001, 100000): '0.50', '8.9e-16', '512'. */
export function short(value: number, digits = 2): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  // 9.996 rounds up into the next decade
  const rounded = Number(size.toPrecision(digits))
  if (rounded < 1e-3 || rounded >= 1e5) return value.toExponential(digits - 1).replace('e+', 'e')
  if (rounded >= 10 ** digits) return String(Math.round(value))
  return value.toPrecision(digits)
}

/** A factor near 1 with the digits that tell it from 1: '0.50', '0.9990', '1.0002', '256'. */
export function factor(value: number): string {
  const distance = Math.abs(value - 1)
  if (!(distance > 1e-6 && distance < 0.1)) return short(value, distance >= 0.1 ? 2 : 7)
  return value.toFixed(Math.ceil(-Math.log10(distance)) + 1)
}

/** At most four significant digits and no trailing zeros: '1.414', '2', '0.0625'. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(4)))
}

/** short() as it is set in print: '7.7 × 10⁻¹⁶' for '7.7e-16'. */
export function typeset(value: number, digits = 2): string {
  const [mantissa, exponent] = short(value, digits).split('e')
  return exponent === undefined ? mantissa : `${mantissa} × ${powerOfTen(Number(`1e${exponent}`))}`
}
