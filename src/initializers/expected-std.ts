import { diracOnes } from './dirac'
import type { Draw } from './draw'
import type { Kernel } from './layout'
import { zeroCount } from './sparse'

/** Standard deviation of all values of a weight about their own mean, as expected before drawing. */
export function expectedStd(draw: Draw, kernel: Kernel): number {
  switch (draw.distribution) {
    case 'normal':
    case 'truncatedNormal':
      return draw.stddev
    case 'uniform':
      return (draw.high - draw.low) / Math.sqrt(12)
    case 'constant':
      return 0
    case 'identity':
    case 'dirac':
      return Math.abs(draw.gain) * bernoulliStd(onesFraction(kernel, draw.distribution === 'dirac' ? draw.groups : 1))
    case 'orthogonal':
      return haarStd(draw.gain, kernel.outputs / draw.groups, kernel.inputs * field(kernel))
    case 'deltaOrthogonal':
      return haarStd(draw.gain, kernel.outputs / draw.groups, kernel.inputs) / Math.sqrt(field(kernel))
    case 'sparse': {
      const n = draw.axis === 'column' ? kernel.outputs : kernel.inputs
      return draw.stddev * Math.sqrt(1 - zeroCount(draw.sparsity, n) / n)
    }
  }
}

/** Of the entries of gain times a Haar matrix: the rows or the columns, whichever are longer, have norm gain. */
function haarStd(gain: number, rows: number, cols: number): number {
  return Math.abs(gain) / Math.sqrt(Math.max(rows, cols))
}

function onesFraction(kernel: Kernel, groups: number): number {
  return diracOnes(kernel, groups) / (kernel.outputs * kernel.inputs * field(kernel))
}

function field(kernel: Kernel): number {
  return kernel.space.reduce((a, b) => a * b, 1)
}

function bernoulliStd(p: number): number {
  return Math.sqrt(p * (1 - p))
}
