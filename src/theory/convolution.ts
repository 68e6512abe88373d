/** Second moments at the positions of an image under 'same' convolutions with zero padding: borders see fewer inputs. */
import { integer, options, withDefault, wrongValue } from '../check'

/** p'[i] = sum_j A[i][j] p[j], A = 1 on the band of the kernel, over kernel: one axis of one layer. */
function axisStep(profile: Float64Array, kernel: number): Float64Array {
  const reach = (kernel - 1) / 2
  return profile.map((_, i) => {
    let sum = 0
    for (let j = Math.max(0, i - reach); j <= Math.min(profile.length - 1, i + reach); j++) sum += profile[j]
    return sum / kernel
  })
}

/**
 * The second moment along one axis of `size` positions after `layers` layers of an odd kernel, relative to circular padding and equal inputs; the map of
 * an image is the product of its two axes (p' = A p A^T).
 */
export function borderProfile(size: number, kernel: number, layers: number): Float64Array {
  let profile = new Float64Array(size).fill(1)
  for (let l = 0; l < layers; l++) profile = axisStep(profile, kernel) as Float64Array<ArrayBuffer>
  return profile
}

/** The mean over a size x size image after `layers` layers: (1 - 2/(3 size))^2 for one layer of a 3 x 3 kernel. */
export function borderMean(size: number, kernel: number, layers: number): number {
  return (borderProfile(size, kernel, layers).reduce((a, b) => a + b) / size) ** 2
}

/** The factor per layer that deep stacks of 3 x 3 kernels tend to: ((1 + 2 cos(pi/(size + 1)))/3)^2, the largest eigenvalue of A squared. */
export function borderDecay(size: number): number {
  return ((1 + 2 * Math.cos(Math.PI / (size + 1))) / 3) ** 2
}

/** Convolutions of stride 1 with 'same' zero padding, one after the other. */
export interface ConvolutionStack {
  /** Positions along each axis of a square image. */
  size: number
  /** Odd; default 3. */
  kernel?: number
  /** Default 1. */
  layers?: number
}

/** Second moments under zero padding, relative to those far from the border, which are 1. */
export interface ConvolutionBorder {
  /** Along one axis; a position of the image has the product of two entries. */
  profile: Float64Array
  /** Over the image. */
  mean: number
  /** The factor of the mean per layer that deep stacks tend to; null for kernels other than 3. */
  decay: number | null
}

const WHERE = 'convolutionBorder'
const MOST_WORK = 2 ** 30

/**
 * What zero padding takes from the second moment of an image, relative to circular padding, at gains that would keep it: p' = A p A^T layer by layer,
 * A the band of the kernel over its size. The caller's own array.
 * @throws TypeError or RangeError for an unknown option, an even kernel, or more than 2^30 additions.
 */
export function convolutionBorder(stack: ConvolutionStack): ConvolutionBorder {
  options(WHERE, stack, ['size', 'kernel', 'layers'])
  const size = integer(WHERE, 'size', stack.size, 1, 2 ** 16)
  const kernel = integer(WHERE, 'kernel', withDefault(stack.kernel, 3), 1, 1023)
  if (kernel % 2 === 0) wrongValue(WHERE, 'kernel', 'an odd integer', kernel)
  const layers = integer(WHERE, 'layers', withDefault(stack.layers, 1), 0, Math.floor(MOST_WORK / (size * kernel)))
  return {
    profile: borderProfile(size, kernel, layers),
    mean: borderMean(size, kernel, layers),
    decay: kernel === 3 ? borderDecay(size) : null,
  }
}
