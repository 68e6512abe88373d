import { finite, flag, integer, options, withDefault } from '../check'
import { positive } from './layer-variances'

/** A stack of equal residual blocks x' = x + b F(x), whose branch F ends in a zero-mean linear layer, so that x and F(x) do not correlate. */
export interface ResidualStack {
  /** L. */
  blocks: number
  /** b; default 1. */
  branchScale?: number
  /** g = E F^2/E x^2; default 1, which the right gains give. 2 when the branch's last linear layer has He's factor and no ReLU after it. */
  branchGain?: number
  /** Whether the branch normalises its input, so that E F^2 = g whatever x is; default false. */
  preNorm?: boolean
  /** E x^2 of the first block's input, > 0; default 1. */
  q0?: number
}

/** What a stack of residual blocks does to signal and gradient. */
export interface ResidualGrowth {
  /** E x^2 after the last block. */
  secondMoment: number
  /** What the gradient's second moment is multiplied by on its way back through all blocks. */
  gradient: number
}

const WHERE = 'residual'

/**
 * Second moments through a residual stack: q_0 (1 + b^2 g)^L, forwards and backwards alike, below e q_0 for b^2 = 1/(g L); with normalised
 * branches q_0 + b^2 g L, where the backward product telescopes to q_L/q_0. GPT-2's rule b = 1/sqrt(2 n_layer) over L = 2 n_layer blocks gives q_0 + g.
 * @throws TypeError or RangeError for an unknown option or a value out of its range.
 */
export function residual(stack: ResidualStack): ResidualGrowth {
  options(WHERE, stack, ['blocks', 'branchScale', 'branchGain', 'preNorm', 'q0'])
  const blocks = integer(WHERE, 'blocks', stack.blocks, 0)
  const step = finite(WHERE, 'branchScale', withDefault(stack.branchScale, 1)) ** 2
  const gained = step * finite(WHERE, 'branchGain', withDefault(stack.branchGain, 1), 0)
  const q0 = positive(WHERE, 'q0', withDefault(stack.q0, 1))
  const growth = flag(WHERE, 'preNorm', withDefault(stack.preNorm, false))
    ? 1 + (gained * blocks) / q0
    : Math.exp(blocks * Math.log1p(gained))
  return { secondMoment: q0 * growth, gradient: growth }
}
