import { wrongKind } from '../check'
import { inArena } from '../wasm/instance'

/** Sums over one array. */
export interface Moments {
  count: number
  mean: number
  /** Mean of x^2. */
  secondMoment: number
  /** sqrt(secondMoment - mean^2), the population's form (divided by count). */
  std: number
  /** Share of elements that are exactly 0. */
  zeroFraction: number
}

const CHUNK = 1 << 20

/**
 * Mean, second moment, standard deviation and share of zeros of `data`: f32, any length >= 1; sums in f64 over a fixed tree,
 * so the same data gives the same bits on every engine.
 * @throws TypeError when data is no Float32Array, RangeError when it is empty
 */
export function moments(data: Float32Array): Moments {
  if (!(data instanceof Float32Array)) wrongKind('moments', 'data', 'a Float32Array', data)
  if (data.length === 0) throw new RangeError('moments: data expected at least 1 element, got 0')
  return inArena((arena) => {
    const result = arena.allocate(24)
    const ptr = arena.allocate(4 * Math.min(data.length, CHUNK))
    let [sum, squares, zeros] = [0, 0, 0]
    for (let at = 0; at < data.length; at += CHUNK) {
      const chunk = data.subarray(at, at + CHUNK)
      arena.f32(ptr, chunk.length).set(chunk)
      arena.kernels.moments(result, ptr, chunk.length)
      const part = arena.f64(result, 3)
      sum += part[0]
      squares += part[1]
      zeros += part[2]
    }
    const count = data.length
    const mean = sum / count
    const secondMoment = squares / count
    const std = Math.sqrt(Math.max(0, secondMoment - mean * mean))
    return { count, mean, secondMoment, std, zeroFraction: zeros / count }
  })
}
