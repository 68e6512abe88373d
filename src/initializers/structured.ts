import { finite, oneOf, wrongValue } from '../check'
import { type CommonOptions, float32, initializer, type Kind } from './initializer'
import type { Layout } from './layout'
import type { SparseAxis } from './sparse'

export interface GainOptions extends CommonOptions {
  /** The value of the ones, finite; default 1. */
  gain?: number
}

export interface DiracOptions extends GainOptions {
  /** Groups of the convolution, >= 1, a divisor of its output channels; default 1. */
  groups?: number
}

export interface SparseOptions extends CommonOptions {
  /** Share of each line that is 0, in [0, 1], rounded up to a whole count; to be given. */
  sparsity: number
  /** Standard deviation of the others, >= 0; default 0.01. */
  stddev?: number
  /** 'column' (default): of the weights that leave one input, as PyTorch; 'row': of those that enter one output, as Martens 2010. */
  axis?: SparseAxis
}

export const IDENTITY: Kind = {
  options: ['gain'],
  needsFans: true,
  law: (where, { gain = 1 }) => {
    const value = float32(where, 'gain', gain)
    return ({ layout }) => {
      matrixOnly(where, layout, 'dirac is the identity of a convolution')
      return { distribution: 'identity', gain: value }
    }
  },
}

export const DIRAC: Kind = {
  options: ['gain', 'groups'],
  needsFans: true,
  law: (where, { gain = 1 }) => {
    const value = float32(where, 'gain', gain)
    return ({ layout, groups }) => {
      if (layout.length < 3 || !layout.includes('I'))
        wrongValue(where, 'layout', "that of a convolution, such as 'OIHW' (identity is for a matrix)", layout)
      return { distribution: 'dirac', gain: value, groups }
    }
  },
}

export const SPARSE: Kind = {
  options: ['sparsity', 'stddev', 'axis'],
  needsFans: true,
  law: (where, { sparsity, stddev = 0.01, axis = 'column' }) => {
    const draw = {
      distribution: 'sparse',
      sparsity: finite(where, 'sparsity', sparsity, 0, 1),
      stddev: float32(where, 'stddev', stddev, 0),
      axis: oneOf(where, 'axis', axis, ['column', 'row']),
    } as const
    return ({ layout }) => {
      matrixOnly(where, layout, 'sparse is for dense layers')
      return draw
    }
  },
}

/** W[i][i] = gain, else 0: a matrix of any two sizes, which passes on as many inputs as it has outputs for. */
export const identity = initializer<GainOptions>('identity', IDENTITY)
/** The identity convolution: output d of each group is `gain` times input d of the group, at the centre tap k // 2; else 0. */
export const dirac = initializer<DiracOptions>('dirac', DIRAC)
/** N(0, stddev^2) with ceil(sparsity n) zeros in each column or row, at places drawn from the seed too. Martens 2010, "Deep learning via Hessian-free optimization", section 5. */
export const sparse = initializer<SparseOptions>('sparse', SPARSE)

function matrixOnly(where: string, layout: Layout, remedy: string): void {
  if (layout !== 'OI' && layout !== 'IO') wrongValue(where, 'layout', `'OI' or 'IO' (${remedy})`, layout)
}
