import type { ActivationSpec } from '../activations/activation'
import { activation } from '../activations/resolve'
import { oneOf, withDefault, wrongValue } from '../check'
import type { Draw } from './draw'
import { type FanOptions, USE_OPTIONS } from './fans'
import { type CommonOptions, float32, initializer, type Kind } from './initializer'

/** Which fan sets the variance: gain^2 / fan. fanAvg is (fanIn + fanOut) / 2, fanGeoAvg sqrt(fanIn fanOut). */
export type FanMode = 'fanIn' | 'fanOut' | 'fanAvg' | 'fanGeoAvg'

/** A truncated normal is cut at 2 standard deviations and its variance corrected for it. */
export type ScalingDistribution = 'normal' | 'uniform' | 'truncatedNormal'

/** Options of every initializer whose variance follows the fans. */
export interface ScalingOptions extends CommonOptions, FanOptions {
  mode?: FanMode
  /** Multiplies the standard deviation; >= 0. Not together with `activation`. */
  gain?: number
  /** Takes the gain that keeps this activation's second moment, by name, as in 'tanh' or 'leaky-relu:0.2'. */
  activation?: ActivationSpec
}

export interface VarianceScalingOptions extends ScalingOptions {
  /** gain^2, >= 0; default 1. Not together with `gain` or `activation`. */
  scale?: number
  /** Default 'normal'. */
  distribution?: ScalingDistribution
}

export interface Scaling {
  readonly gain: number
  readonly mode: FanMode
  readonly distribution: ScalingDistribution
}

const FAN: Record<FanMode, (fanIn: number, fanOut: number) => number> = {
  fanIn: (fanIn) => fanIn,
  fanOut: (_, fanOut) => fanOut,
  fanAvg: (fanIn, fanOut) => (fanIn + fanOut) / 2,
  fanGeoAvg: (fanIn, fanOut) => Math.sqrt(fanIn * fanOut),
}
const MODES = ['fanIn', 'fanOut', 'fanAvg', 'fanGeoAvg'] as const satisfies readonly FanMode[]
const DISTRIBUTIONS = ['normal', 'uniform', 'truncatedNormal'] as const satisfies readonly ScalingDistribution[]

const SCALING_OPTIONS = [...USE_OPTIONS, 'mode', 'gain', 'activation']

/** Truncation of the variance-scaled normals, in standard deviations, as in JAX and Keras. */
const CUT = 2

/** The kind of an initializer with variance gain^2 / fan, these defaults unless options say otherwise. */
export function scaling(defaults: Scaling): Kind {
  return {
    options: SCALING_OPTIONS,
    needsFans: true,
    law: (where, options) => {
      const gain = gainOf(where, options, defaults.gain)
      const fan = FAN[oneOf(where, 'mode', withDefault(options.mode, defaults.mode), MODES)]
      return ({ fanIn, fanOut }) => spread(defaults.distribution, gain / Math.sqrt(fan(fanIn, fanOut)))
    },
  }
}

const VARIANCE_SCALING: Kind = {
  options: [...SCALING_OPTIONS, 'scale', 'distribution'],
  needsFans: true,
  law: (where, options) => {
    const { scale } = options
    for (const other of ['gain', 'activation'] as const)
      if (scale !== undefined && options[other] !== undefined)
        wrongValue(where, other, 'none beside scale', options[other])
    const gain = scale === undefined ? 1 : Math.sqrt(float32(where, 'scale', scale, 0))
    const distribution = oneOf(where, 'distribution', withDefault(options.distribution, 'normal'), DISTRIBUTIONS)
    return scaling({ gain, mode: 'fanIn', distribution }).law(where, options)
  },
}

/**
 * Weights of mean 0 and variance scale / fan: every initializer of the He, Xavier and LeCun families is this one with its own defaults.
 * stddev = gain / sqrt(fan), gain = sqrt(scale); uniform on [-sqrt(3) stddev, sqrt(3) stddev); truncated at 2 sigma, variance corrected.
 * @param shape storage order of `layout`; rank 2 is (out, in) unless said otherwise, a higher rank must declare its layout
 * @returns `options.out`, or a fresh Float32Array
 * @throws TypeError or RangeError for a bad shape or option
 */
export const varianceScaling = initializer<VarianceScalingOptions>('varianceScaling', VARIANCE_SCALING)

function gainOf(where: string, options: Readonly<Record<string, unknown>>, fallback: number): number {
  if (options.activation === undefined)
    return options.gain === undefined ? fallback : float32(where, 'gain', options.gain, 0)
  if (options.gain !== undefined) return wrongValue(where, 'gain', 'none beside activation', options.gain)
  const { gain } = activation(options.activation as ActivationSpec, where)
  return gain ?? wrongValue(where, 'activation', 'a name (pass the gain of a function as gain)', options.activation)
}

function spread(distribution: ScalingDistribution, stddev: number): Draw {
  if (distribution === 'normal') return { distribution, mean: 0, stddev }
  if (distribution === 'truncatedNormal') return { distribution, mean: 0, stddev, lower: -CUT, upper: CUT }
  const bound = Math.sqrt(3) * stddev
  return { distribution, low: -bound, high: bound }
}
