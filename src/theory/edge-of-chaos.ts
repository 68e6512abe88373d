import type { ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { finite, options, withDefault, wrongKind, wrongValue } from '../check'
import { type CriticalPoint, criticalAtBias, criticalDecay, criticalPoint } from './critical-line'
import { momentSlope } from './moments'

/** A request for points of the critical line: by bias variances, or by fixed points; one of the two. */
export interface CriticalLineOptions {
  activation: ActivationSpec
  /** Each >= 0; default 0, 0.001, 0.01, 0.05, 0.1, 0.5, 1. */
  sigmaB2?: readonly number[]
  /** Variances of the pre-activations, each in [1e-6, 1e6]. */
  q?: readonly number[]
}

/** A point at which chi = 1. */
export interface CriticalLinePoint extends CriticalPoint {
  /** dq'/dq there: above 1 the fixed point is unstable, and no network stays at it. */
  qSlope: number
  /** A in 1 - c_l ~ A/l, how slowly two inputs become one; null at q = 0 and for an activation with a bend (which gives A/l^2). */
  decay: number | null
}

const WHERE = 'criticalLine'
const BIASES = [0, 0.001, 0.01, 0.05, 0.1, 0.5, 1]
const LIMITS = { sigmaB2: [0, Number.MAX_VALUE], q: [1e-6, 1e6] } as const

/**
 * Points of the edge of chaos, where a gradient of any depth keeps its second moment: sigmaW2 = 1/<phi'^2>_q and
 * sigmaB2 = q - <phi^2>_q/<phi'^2>_q. One entry per number asked for, null where there is no such point (for a bias: none with q in [1e-6, 1e6]; the
 * smallest q where there are several).
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232
 */
export function criticalLine(given: CriticalLineOptions): (CriticalLinePoint | null)[] {
  options(WHERE, given, ['activation', 'sigmaB2', 'q'])
  const activation = resolve(given.activation, WHERE)
  if (given.q !== undefined && given.sigmaB2 !== undefined) wrongValue(WHERE, 'q', 'none beside sigmaB2', given.q)
  const points =
    given.q === undefined
      ? numbers('sigmaB2', withDefault(given.sigmaB2, BIASES)).map((sigmaB2) => criticalAtBias(activation, sigmaB2))
      : numbers('q', given.q).map((q) => criticalPoint(activation, q))
  const isSmooth = activation.kinks.every((kink) => !bends(activation.derivative, kink))
  return points.map((point) => {
    // a constant has no gradient to keep
    if (point === null || !(point.sigmaB2 >= 0) || !Number.isFinite(point.sigmaW2)) return null
    const decay = point.q > 0 && isSmooth ? criticalDecay(activation, point) : null
    return {
      ...point,
      qSlope: point.sigmaW2 * momentSlope(activation, point.q),
      decay: decay !== null && Number.isFinite(decay) ? decay : null,
    }
  })
}

function numbers(name: 'sigmaB2' | 'q', values: unknown): number[] {
  if (!Array.isArray(values)) return wrongKind(WHERE, name, 'an array of numbers', values)
  return Array.from(values, (value, i) => finite(WHERE, `${name}[${i}]`, value, ...LIMITS[name]))
}

/** Whether the derivative jumps at a kink: by more than it changes within a millionth of its place. */
function bends(derivative: (z: number) => number, kink: number): boolean {
  const step = 1e-6 * Math.max(1, Math.abs(kink))
  return Math.abs(derivative(kink + step) - derivative(kink - step)) > 1e-3
}
