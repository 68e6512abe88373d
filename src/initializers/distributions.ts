import { wrongKind, wrongValue } from '../check'
import { type CommonOptions, float32, initializer, type Kind } from './initializer'

export interface NormalOptions extends CommonOptions {
  /** Default 0. */
  mean?: number
  /** Standard deviation, >= 0; default 1. */
  stddev?: number
}

export interface TruncatedNormalOptions extends NormalOptions {
  /** Lower bound in standard deviations of the normal before it is cut; -Infinity for none; default -2. */
  lower?: number
  /** Upper bound, likewise, > lower; Infinity for none; default 2. */
  upper?: number
}

export interface UniformOptions extends CommonOptions {
  /** Default 0. */
  low?: number
  /** >= low; default 1. */
  high?: number
}

export interface ConstantOptions extends CommonOptions {
  /** Finite, in the range of f32; to be given. */
  value: number
}

export const NORMAL: Kind = {
  options: ['mean', 'stddev'],
  needsFans: false,
  law: (where, { mean = 0, stddev = 1 }) => {
    const draw = {
      distribution: 'normal',
      mean: float32(where, 'mean', mean),
      stddev: float32(where, 'stddev', stddev, 0),
    } as const
    return () => draw
  },
}

/** Beyond this many sigmas what is left of a normal is narrower than its doubles resolve well. */
const FARTHEST = 1000

export const TRUNCATED_NORMAL: Kind = {
  options: ['mean', 'stddev', 'lower', 'upper'],
  needsFans: false,
  law: (where, { mean = 0, stddev = 1, lower = -2, upper = 2 }) => {
    const draw = {
      distribution: 'truncatedNormal',
      mean: float32(where, 'mean', mean),
      stddev: float32(where, 'stddev', stddev, 0),
      lower: bound(where, 'lower', lower, Number.POSITIVE_INFINITY),
      upper: bound(where, 'upper', upper, Number.NEGATIVE_INFINITY),
    } as const
    if (Math.max(draw.lower, -draw.upper) > FARTHEST)
      wrongValue(where, 'lower and upper', `bounds within ${FARTHEST} sigmas of the mean`, [lower, upper])
    if (draw.upper <= draw.lower) wrongValue(where, 'upper', `a number > lower (${draw.lower})`, upper)
    return () => draw
  },
}

export const UNIFORM: Kind = {
  options: ['low', 'high'],
  needsFans: false,
  law: (where, { low = 0, high = 1 }) => {
    const from = float32(where, 'low', low)
    const to = float32(where, 'high', high)
    if (to < from) wrongValue(where, 'high', `a number >= low (${from})`, to)
    float32(where, 'high - low', to - from)
    return () => ({ distribution: 'uniform', low: from, high: to })
  },
}

export const CONSTANT: Kind = {
  options: ['value'],
  needsFans: false,
  law: (where, { value }) => constantLaw(float32(where, 'value', value)),
}
export const ZEROS: Kind = { options: [], needsFans: false, law: () => constantLaw(0) }
export const ONES: Kind = { options: [], needsFans: false, law: () => constantLaw(1) }

/** W ~ N(mean, stddev^2), any shape; |W - mean| <= 6.66 stddev. */
export const normal = initializer<NormalOptions>('normal', NORMAL)
/**
 * A normal cut at `lower` and `upper` and then shifted and scaled, so that the values drawn have this mean and this stddev,
 * whatever the bounds; any shape. The bounds are in sigmas: [-2, 2] cuts 4.6 % of the normal, and leaves |W - mean| <= 2.27 stddev.
 */
export const truncatedNormal = initializer<TruncatedNormalOptions>('truncatedNormal', TRUNCATED_NORMAL)
/** W ~ U(low, high), any shape. */
export const uniform = initializer<UniformOptions>('uniform', UNIFORM)
/** Every value 0; any shape. */
export const zeros = initializer<CommonOptions>('zeros', ZEROS)
/** Every value 1; any shape. */
export const ones = initializer<CommonOptions>('ones', ONES)
/** Every value `options.value`; any shape. */
export const constant = initializer<ConstantOptions>('constant', CONSTANT)

function constantLaw(value: number) {
  return () => ({ distribution: 'constant', value }) as const
}

/** A bound in sigmas, which may be infinite on its own side. */
function bound(where: string, argument: string, value: unknown, excluded: number): number {
  const expected = `a number or ${-excluded}`
  if (typeof value !== 'number') return wrongKind(where, argument, expected, value)
  return Number.isNaN(value) || value === excluded ? wrongValue(where, argument, expected, value) : value
}
