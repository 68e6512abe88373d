import { finite, withDefault } from '../check'
import { centralBand } from './batch-log'
import { uniformForward } from './dense-forward'
import { layerLengthFactor, relativeVariance, seedsNeeded } from './finite-width'
import { checkWidths, type LayerVariances, layerVariances } from './layer-variances'

export interface FiniteWidthOptions extends LayerVariances {
  /** [features, layer 1, ..., layer L], integers in [1, 2^24]. */
  widths: readonly number[]
  /** Standard error that a mean over seeds is to have, > 0; default 0.1. */
  precision?: number
}

/** X: one sample's second moment after the last layer over its value at infinite width; a random variable over seeds. */
export interface FiniteWidth {
  /** E ln X: about -5/2 sum 1/n_l for ReLU. */
  logMean: number
  /** Var ln X: about 5 sum 1/n_l for ReLU. */
  logVariance: number
  /** 95 % of seeds have X in [low, high]. */
  band: [number, number]
  /** Var X; exact, and null unless the activation is homogeneous and there is no bias. */
  relativeVariance: number | null
  /** E |J u|/|u|, the Jacobian's mean stretch of a unit vector; null unless ReLU of gain sqrt 2 without bias. */
  stretch: number | null
  /** Seeds that bring the standard error down to `precision`: of the mean of ln X, and of the mean of X (null where relativeVariance is). */
  seeds: { logMean: number; mean: number | null }
}

const WHERE = 'finiteWidth'

/**
 * How much the draw of the weights alone scatters the last layer's second moment: Gaussian weights, one input of second moment 1.
 * Exact for zero-bias linear, ReLU and leaky ReLU: ln X adds up digamma and trigamma terms of k ~ Bin(n, 1/2), E X^2 = prod(1 + 5/n_l) for ReLU; to
 * first order in 1/width for every other activation.
 * @throws TypeError or RangeError for an unknown activation or option, or a value out of its range.
 * @see Hanin & Nica 2020, arXiv:1812.05994; Hanin, Jeong & Rolnick 2022 (stretch)
 */
export function finiteWidth(options: FiniteWidthOptions): FiniteWidth {
  const variances = layerVariances(WHERE, options, ['widths', 'precision'])
  const { activation, sigmaW2, sigmaB2 } = variances
  const widths = checkWidths(WHERE, options.widths)
  const precision = finite(WHERE, 'precision', withDefault(options.precision, 0.1), Number.MIN_VALUE)
  const layers = uniformForward(variances, widths)
  const { mean: logMean, variance: logVariance } = layers[layers.length - 1].log
  const { negativeSlope } = activation
  const spread =
    negativeSlope === null || sigmaB2 > 0 || sigmaW2 === 0 ? null : relativeVariance(widths.slice(1), negativeSlope)
  const isHe = negativeSlope === 0 && sigmaB2 === 0 && Math.abs(sigmaW2 - 2) < 4 * Number.EPSILON
  return {
    logMean,
    logVariance,
    band: centralBand(1, { mean: logMean, variance: logVariance }),
    relativeVariance: spread,
    stretch: isHe ? stretchOf(widths) : null,
    seeds: {
      logMean: Math.max(1, Math.ceil(seedsNeeded(logVariance, precision))),
      mean: spread === null ? null : Math.max(1, Math.ceil(seedsNeeded(spread, precision))),
    },
  }
}

function stretchOf([features, ...widths]: readonly number[]): number {
  const known = new Map<number, number>()
  const whole = Math.sqrt(widths[widths.length - 1] / features)
  return widths.reduce((product, n) => {
    const factor = known.get(n) ?? layerLengthFactor(n)
    known.set(n, factor)
    return product * factor
  }, whole)
}
