/** What a softmax classifier loses before it has learned anything. */
import { expectation } from './gaussian'
import { logMoments } from './log-moments'

/**
 * E of the cross-entropy over `classes` classes with independent logits N(0, q): E ln sum exp(z_i), exact. About ln C + (q/2)(1 - 1/C) for small q, so
 * that He's factor 2 on a last layer costs 0.81 where 1/fan_in costs 0.43 (C = 10).
 */
export function initialLoss(classes: number, q: number): number {
  if (q === 0) return Math.log(classes)
  const logLaplace = (t: number) => {
    // 1 - exp(-t e^z) rises from 0 to 1 around z = -ln t
    const rise = -Math.log(t)
    const missing = expectation((z) => -Math.expm1(-t * Math.exp(z)), q, [rise - 3, rise, rise + 3])
    // a rounding above 1 would have no logarithm
    return classes * Math.log1p(-Math.min(1, missing))
  }
  return logMoments(logLaplace, Math.log(classes) + Math.min(q / 2, Math.sqrt(q))).mean
}
