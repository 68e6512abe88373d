import { finite, oneOf, wrongValue } from '../check'
import { type CommonOptions, float32, initializer, type Kind, type Law } from './initializer'
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

export interface OrthogonalOptions extends CommonOptions {
  /** Every singular value of the matrix, finite; default 1; sqrt(2) keeps the second moment of a ReLU network. */
  gain?: number
  /** Groups of a convolution, >= 1, a divisor of its output channels; each has its own matrix. Default 1. */
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
      convolutionOnly(where, layout, 'identity is for a matrix')
      return { distribution: 'dirac', gain: value, groups }
    }
  },
}

export const ORTHOGONAL: Kind = {
  options: ['gain', 'groups'],
  needsFans: true,
  law: gainLaw('orthogonal'),
}

export const DELTA_ORTHOGONAL: Kind = {
  options: ['gain', 'groups'],
  needsFans: true,
  law: (where, options) => {
    const law = gainLaw('deltaOrthogonal')(where, options)
    return (fans) => {
      convolutionOnly(where, fans.layout, 'orthogonal is for a matrix')
      return law(fans)
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
/**
 * W W^T = gain^2 I, or W^T W = gain^2 I when there are more outputs than inputs; Haar-distributed, any shape. W is out x in, of a
 * convolution outputs x (inputs times space), one such matrix for each group and each copy. Version haar-1.
 * Saxe et al. 2014, arXiv:1312.6120; Stewart 1980, SIAM J. Numer. Anal. 17.
 */
export const orthogonal = initializer<OrthogonalOptions>('orthogonal', ORTHOGONAL)
/**
 * A convolution that is `orthogonal` outputs x inputs at the centre tap k // 2, as dirac, and 0 elsewhere: it keeps the norm of any
 * signal (times gain) when outputs >= inputs, and that of its projection on the outputs' span when not. Xiao et al. 2018,
 * arXiv:1806.05393, algorithm 1, which asks for outputs >= inputs.
 */
export const deltaOrthogonal = initializer<OrthogonalOptions>('deltaOrthogonal', DELTA_ORTHOGONAL)

/** N(0, stddev^2) with ceil(sparsity n) zeros in each column or row, at places drawn from the seed too. Martens 2010, "Deep learning via Hessian-free optimization". */
export const sparse = initializer<SparseOptions>('sparse', SPARSE)

function gainLaw(distribution: 'orthogonal' | 'deltaOrthogonal'): Kind['law'] {
  return (where, { gain = 1 }): Law => {
    const value = float32(where, 'gain', gain)
    return ({ groups }) => ({ distribution, gain: value, groups })
  }
}

/** Refuses every layout but that of a convolution. */
function convolutionOnly(where: string, layout: Layout, remedy: string): void {
  if (layout.length < 3 || !layout.includes('I'))
    wrongValue(where, 'layout', `that of a convolution, such as 'OIHW' (${remedy})`, layout)
}

function matrixOnly(where: string, layout: Layout, remedy: string): void {
  if (layout !== 'OI' && layout !== 'IO') wrongValue(where, 'layout', `'OI' or 'IO' (${remedy})`, layout)
}
