/** Mean and variance of the logarithm of a positive random variable. */
import { FULL_EFFORT, integrate as integral } from './quadrature'

export interface LogMoments {
  mean: number
  variance: number
}

const EULER = 0.5772156649015329
const TAIL = 45

/**
 * Mean and variance of ln S for S > 0 from `logLaplace(t)` = ln E exp(-t S), t > 0; `centre` is a guess of E ln S.
 * With E ~ Exp(1) independent of S, P(ln(E/S) > y) = E exp(-e^y S): integrate that survival function, and take the Gumbel
 * moments (-gamma, pi^2/6) of ln E off. `tolerance` is absolute, near enough; at best 1e-14.
 */
export function logMoments(
  logLaplace: (t: number) => number,
  centre: number,
  tolerance = FULL_EFFORT.tolerance,
): LogMoments {
  const integrate = (f: (y: number) => number, breaks: readonly number[]) =>
    integral(f, breaks, { ...FULL_EFFORT, tolerance })
  const middle = -centre
  let high = middle + 4
  while (logLaplace(Math.exp(high)) > -TAIL && high < middle + 700) high = middle + 2 * (high - middle)
  const above = [middle, middle + 1, middle + 4, high].sort((a, b) => a - b)
  const below = [middle - TAIL, middle - 8, middle - 2, middle]
  const over = (y: number) => Math.exp(logLaplace(Math.exp(y)))
  const under = (y: number) => -Math.expm1(logLaplace(Math.exp(y)))
  const first = integrate(over, above) - integrate(under, below)
  const second =
    2 * integrate((y) => (y - middle) * over(y), above) + 2 * integrate((y) => (middle - y) * under(y), below)
  return { mean: -EULER - (first + middle), variance: second - first * first - Math.PI ** 2 / 6 }
}
