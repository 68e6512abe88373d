/** What a softmax classifier loses before it has learned anything. */
import { expectation } from './gaussian'
import { logMoments } from './log-moments'

/**
 * E of the cross-entropy over `classes` classes with independent logits N(0, q): E ln sum exp(z_i), exact. About ln C + (q/2)(1 - 1/C) for small q, so
 * that He's factor 2 on a last layer costs 0.8 where 1/fan_in costs 0.45 (C = 10).
 */
export function initialLoss(classes: number, q: number): number {
  if (q === 0) return Math.log(classes)
  const scale = Math.sqrt(q)
  // E exp(-t e^z) bends where z = -ln t
  const logLaplace = (t: number) =>
    classes * Math.log1p(expectation((z) => Math.expm1(-t * Math.exp(z)), q, [-Math.log(t), -Math.log(t) + 3]))
  return logMoments(logLaplace, Math.log(classes) + Math.min(q / 2, scale)).mean
}
