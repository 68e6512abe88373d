import { wrongKind } from '../check'
import { fillNormal, fillUniform } from '../random/draw'
import { type StreamOptions, seedWord } from '../random/stream'
import { fillDirac } from './dirac'
import type { Draw } from './draw'
import { isLogical, kernelOf, type Layout, logicalAxes, toStorage } from './layout'
import { fillDeltaOrthogonal, fillOrthogonal } from './orthogonal'
import { allocate, destination, type Shape } from './shape'
import { fillSparse } from './sparse'
import { fillTruncated } from './truncated'

/** Where and how a draw becomes numbers. */
export interface Materials extends StreamOptions {
  /** Checked already; storage order is the logical order when absent. */
  layout?: Layout
  out?: Float32Array
}

/**
 * The values of a draw, in `materials.out` or a fresh array. Values are drawn along the logical (copies, out, in, space) order
 * and then moved to where the layout stores them, so a layout never changes a value.
 */
export function materialise(where: string, draw: Draw, shape: Shape, materials: Materials): Float32Array {
  const { seed, stream, layout } = materials
  seedWord(where, seed)
  if (stream !== undefined && typeof stream !== 'string') wrongKind(where, 'stream', 'a string', stream)
  const out = destination(where, shape, materials.out)
  const axes = layout === undefined ? [] : logicalAxes(layout)
  if (isLogical(axes)) fill(out, draw, shape, materials)
  else {
    const logical = allocate(where, shape, out.length)
    fill(logical, draw, shape, materials)
    toStorage(logical, out, shape, axes)
  }
  return out
}

/** logical: all values of the draw, in logical order. */
function fill(logical: Float32Array, draw: Draw, shape: Shape, { seed, stream, layout = 'OI' }: Materials): void {
  switch (draw.distribution) {
    case 'normal':
      fillNormal(logical, { seed, stream, mean: draw.mean, stddev: draw.stddev })
      return
    case 'uniform':
      fillUniform(logical, { seed, stream, low: draw.low, high: draw.high })
      return
    case 'truncatedNormal':
      fillTruncated(logical, draw, { seed, stream })
      return
    case 'constant':
      logical.fill(draw.value)
      return
    case 'identity':
      fillDirac(logical, kernelOf(layout, shape), 1, draw.gain)
      return
    case 'dirac':
      fillDirac(logical, kernelOf(layout, shape), draw.groups, draw.gain)
      return
    case 'orthogonal':
      fillOrthogonal(logical, kernelOf(layout, shape), draw.groups, draw.gain, { seed, stream })
      return
    case 'deltaOrthogonal':
      fillDeltaOrthogonal(logical, kernelOf(layout, shape), draw.groups, draw.gain, { seed, stream })
      return
    case 'sparse':
      fillSparse(logical, kernelOf(layout, shape), draw, { seed, stream })
  }
}
