const STEPS = 200

/**
 * A zero of f between a and b, where f changes sign, to a relative 4 ulps.
 * Chandrupatla 1997: inverse quadratic interpolation where it is safe, else bisection.
 */
export function root(f: (x: number) => number, a: number, b: number): number {
  let [x1, f1, x2, f2] = [b, f(b), a, f(a)]
  let [x3, f3] = [x1, f1]
  let t = 0.5
  for (let step = 0; step < STEPS; step++) {
    const x = x1 + t * (x2 - x1)
    const value = f(x)
    if (Math.sign(value) === Math.sign(f1)) [x3, f3] = [x1, f1]
    else [x3, f3, x2, f2] = [x2, f2, x1, f1]
    x1 = x
    f1 = value
    const best = Math.abs(f1) < Math.abs(f2) ? x1 : x2
    const limit = (4 * Number.EPSILON * Math.abs(best)) / Math.abs(x2 - x1)
    if (limit > 0.5 || f1 === 0 || f2 === 0) return best
    const xi = (x1 - x2) / (x3 - x2)
    const phi = (f1 - f2) / (f3 - f2)
    const safe = phi * phi < xi && (1 - phi) ** 2 < 1 - xi
    const interpolated =
      (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2))
    t = safe ? interpolated : 0.5
    t = Math.min(1 - limit, Math.max(limit, t))
  }
  return x1
}
