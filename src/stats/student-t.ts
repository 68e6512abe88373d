// 0.975 quantiles of Student's t for 1 .. 30 degrees of freedom, by scipy.stats.t.ppf
const QUANTILES = [
  12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.7764451051977934, 2.5705818356363146, 2.4469118511449786,
  2.364624251592784, 2.306004135204166, 2.262157162798205, 2.228138851986274, 2.200985160091639, 2.1788128296672284,
  2.1603686564627913, 2.144786687917804, 2.131449545559776, 2.1199052992212546, 2.1098155778333156, 2.1009220402410382,
  2.0930240544083087, 2.085963447265864, 2.0796138447276795, 2.0738730679040254, 2.0686576104190486, 2.0638985616280245,
  2.0595385527532972, 2.0555294386428735, 2.0518305164802846, 2.0484071417952454, 2.045229642132703, 2.0422724563012378,
]
/** The normal's 0.975 quantile. */
const Z = 1.959963984540054

/** P(|t| <= result) = 0.95 for Student's t with `degrees` >= 1 degrees of freedom; beyond 30 by Cornish & Fisher to 1e-6. */
export function studentT95(degrees: number): number {
  if (degrees <= QUANTILES.length) return QUANTILES[degrees - 1]
  const z2 = Z * Z
  const first = ((z2 + 1) * Z) / 4
  const second = ((5 * z2 + 16) * z2 + 3) * (Z / 96)
  const third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * (Z / 384)
  return Z + (first + (second + third / degrees) / degrees) / degrees
}

/** The mean of at least two values, and half the width of its 95 % confidence interval. */
export function meanWithInterval(values: readonly number[]): { mean: number; half: number } {
  const n = values.length
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / n
  let squares = 0
  for (const value of values) squares += (value - mean) * (value - mean)
  return { mean, half: studentT95(n - 1) * Math.sqrt(squares / (n - 1) / n) }
}
