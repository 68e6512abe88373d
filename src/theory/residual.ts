/** Second moments through residual networks x' = x + b F(x) whose branch ends in a zero-mean linear layer, so that x and F do not correlate. */

/** One stack of equal residual blocks. */
export interface ResidualStack {
  blocks: number
  /** b. */
  branchScale: number
  /** g = E F^2/E x^2: 1 for the right gains, 2 when the branch's last linear layer has He's factor and no ReLU after it. */
  branchGain: number
}

/** q_L/q_0 without normalisation: (1 + b^2 g)^L, forwards and backwards alike; below e for b^2 = 1/(g L). */
export function residualGrowth({ blocks, branchScale, branchGain }: ResidualStack): number {
  return Math.exp(blocks * Math.log1p(branchScale ** 2 * branchGain))
}

/** q_L with normalised branches (pre-norm), E F^2 = g whatever x is: q_0 + b^2 g L. The backward product telescopes to q_L/q_0. */
export function preNormGrowth({ blocks, branchScale, branchGain }: ResidualStack, q0: number): number {
  return q0 + branchScale ** 2 * branchGain * blocks
}
