/** The bins of the sketch: |x| by the exponent and the first four bits of the fraction of its float32. */

import type { Dtype } from '../initializers/precision'

const word = new Uint32Array(1)
const real = new Float32Array(word.buffer)

/** The lower edge in |x| of a bin of positive numbers. */
export function float32OfBin(bin: number): number {
  word[0] = bin << 19
  return real[0]
}

/** Bits of the significand, and the least step, of each 16-bit format. */
const GRID = { f16: { digits: 11, least: 2 ** -24 }, bf16: { digits: 8, least: 2 ** -133 } }

/** The least |x| that rounds to `edge` or beyond in this precision: stored values are counted after rounding, laws before. */
export function inward(edge: number, dtype: Dtype): number {
  if (dtype === 'f32' || dtype === 'f64' || edge === 0 || !Number.isFinite(edge)) return edge
  const { digits, least } = GRID[dtype]
  // the step just below the edge: half of that above it at a power of two
  const below = Math.max(least, 2 ** (Math.ceil(Math.log2(edge)) - digits))
  return Math.ceil(edge / below) * below - below / 2
}
