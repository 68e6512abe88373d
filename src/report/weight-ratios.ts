import type { WeightRatios } from '../network/result'

/** Of a gradient's norm to that of weights of this expected square, and of a step of SGD with this rate, where there is one. */
export function weightRatios(gradientNorm: number, square: number, rate: number | undefined): WeightRatios {
  const weights = Math.sqrt(square)
  const gradient = weights > 0 ? gradientNorm / weights : null
  return { gradient, update: gradient === null || rate === undefined ? null : rate * gradient }
}
