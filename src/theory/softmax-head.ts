/** What a softmax classifier loses before it has learned anything. */
import { finite, integer, options } from '../check'
import { expectation } from './gaussian'
import { logMoments } from './log-moments'

/** A softmax over independent normal logits. */
export interface SoftmaxHead {
  classes: number
  /** Variance of the logits, in [0, 10000]. */
  q: number
}

const WHERE = 'initialLoss'
// e^z of the quadrature's farthest z must stay a double
const MOST_Q = 1e4

/**
 * E of the cross-entropy over `classes` classes with independent logits N(0, q): E ln sum exp(z_i), exact. About ln C + (q/2)(1 - 1/C) for small q, so
 * that He's factor 2 on a last layer costs 0.81 where 1/fan_in costs 0.43 (C = 10).
 * @throws TypeError or RangeError for an unknown option or a value out of its range.
 */
export function initialLoss(head: SoftmaxHead): number {
  options(WHERE, head, ['classes', 'q'])
  const classes = integer(WHERE, 'classes', head.classes, 1)
  const q = finite(WHERE, 'q', head.q, 0, MOST_Q)
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
