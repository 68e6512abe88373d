// below 2^-126 an f32 has fewer than the 24 bits that make six digits certain
const SMALLEST_NORMAL = 1.1754943508222875e-38

// the one short decimal that rounds to different f32 when read directly and by way of f64
const AMBIGUOUS = 7.038531e-26

/**
 * The shortest decimal that reads back as the same f32 (fround of it = x): of each number of digits the nearest one is tried, 9 always do.
 * NaN and infinities are written as NumPy does: nan, inf, -inf.
 */
export function formatFloat32(x: number): string {
  if (x === 0 || !Number.isFinite(x)) return formatFloat64(x)
  // six digits survive decimal -> f32 -> decimal, so a decimal of six or fewer is found at six, less its zeros
  for (let digits = Math.abs(x) < SMALLEST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const decimal = Number(x.toPrecision(digits))
    if (Math.fround(decimal) === x && Math.abs(decimal) !== AMBIGUOUS) return String(decimal)
  }
  return String(Number(x.toPrecision(9)))
}

/** The shortest decimal that reads back as the same f64; nan, inf and -inf as NumPy writes them. */
export function formatFloat64(x: number): string {
  if (Number.isNaN(x)) return 'nan'
  if (!Number.isFinite(x)) return x < 0 ? '-inf' : 'inf'
  return Object.is(x, -0) ? '-0' : String(x)
}
