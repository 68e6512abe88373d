/** A logarithmic axis in whole powers of ten. */

// Beyond these, powers of ten are not normal doubles.
const LOWEST = -307
const HIGHEST = 308

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** The smallest range of whole decades, two at least, that holds every positive finite value; [0.1, 10] when there is none. */
export function decades(values: Iterable<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return [0.1, 10]
  let from = clampExponent(Math.floor(Math.log10(low)))
  let to = clampExponent(Math.ceil(Math.log10(high)))
  for (let down = true; to - from < 2; down = !down)
    if (down && from > LOWEST) from--
    else if (to < HIGHEST) to++
  return [tenTo(from), tenTo(to)]
}

/** Powers of ten inside the domain, at most `most` of them, evenly spaced in whole decades and always through 1 when 1 is inside. */
export function decadeTicks([low, high]: readonly [number, number], most: number): number[] {
  const from = Math.round(Math.log10(low))
  const to = Math.round(Math.log10(high))
  const step = [1, 2, 3, 5, 10, 20, 30, 50, 100].find((s) => (to - from) / s + 1 <= most) ?? 200
  const ticks: number[] = []
  for (let exponent = Math.ceil(from / step) * step; exponent <= to; exponent += step) ticks.push(tenTo(exponent))
  return ticks
}

/** 0.001 as '10⁻³', and 1 as '1'. */
export function powerOfTen(value: number): string {
  const exponent = Math.round(Math.log10(value))
  if (exponent === 0) return '1'
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

// the nearest double: 10 ** -307 is off by a rounding
function tenTo(exponent: number): number {
  return Number(`1e${exponent}`)
}

function clampExponent(exponent: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, exponent))
}
