import { options as checkOptions, integer, oneOf, wrongKind } from '../check'
import { inArena } from '../wasm/instance'

/**
 * A rule that scales the sigma of some tensors with depth or width:
 * gpt2: 'residual-out' tensors / sqrt(2 layers); two residual outputs a layer. Radford et al. 2019 (GPT-2).
 * fixup: 'residual' tensors x branches^(-1 / (2 layersPerBranch - 2)), 'residual-out' and 'readout' 0. Zhang et al. 2019, arXiv:1901.09321, section 3.
 * mup: every tensor keeps its sigma at its `baseShape`; one whose in and out axes both grew is divided by sqrt(in / base in).
 *   Yang et al. 2022, arXiv:2203.03466, as the package mup does it.
 */
export type DepthScaling =
  | { rule: 'gpt2'; layers: number }
  | { rule: 'fixup'; branches: number; layersPerBranch: number }
  | { rule: 'mup' }

/** What a tensor does: 'residual' is in a residual branch but not its last, 'residual-out' the last of a branch, 'readout' the network's output. */
export type Role = 'residual' | 'residual-out' | 'readout' | 'other'

export const ROLES = ['residual', 'residual-out', 'readout', 'other'] as const satisfies readonly Role[]

const RULES = {
  gpt2: ['rule', 'layers'],
  fixup: ['rule', 'branches', 'layersPerBranch'],
  mup: ['rule'],
} as const

/** The rule, checked. */
export function checkScaling(where: string, scaling: unknown): DepthScaling {
  if (typeof scaling !== 'object' || scaling === null) return wrongKind(where, 'scaling', 'an object', scaling)
  const rule = oneOf(where, 'scaling.rule', (scaling as { rule?: unknown }).rule, ['gpt2', 'fixup', 'mup'])
  const known = checkOptions<Record<string, unknown>>(`${where} scaling`, scaling, RULES[rule])
  if (rule === 'gpt2') return { rule, layers: integer(where, 'scaling.layers', known.layers, 1) }
  if (rule === 'mup') return { rule }
  const branches = integer(where, 'scaling.branches', known.branches, 1)
  return { rule, branches, layersPerBranch: integer(where, 'scaling.layersPerBranch', known.layersPerBranch, 2) }
}

/** What the sigma of a tensor of this role is multiplied by under gpt2 or fixup; 1 under mup, which goes by shapes. */
export function roleFactor(scaling: DepthScaling, role: Role): number {
  if (scaling.rule === 'gpt2') return role === 'residual-out' ? 1 / Math.sqrt(2 * scaling.layers) : 1
  if (scaling.rule === 'mup' || role === 'other') return 1
  return role === 'residual' ? 1 / root(scaling.branches, 2 * scaling.layersPerBranch - 2) : 0
}

/** What mup does to a tensor whose in or out axis grows with the width of the network. */
export interface WidthScaling {
  /** Of the sigma that the tensor has at its base shape. */
  stddev: number
  /** To be applied to what the tensor computes: 1 / widening of a readout. */
  output: number
  /** Of the learning rate, by optimizer. */
  learningRate: { sgd: number; adam: number }
}

/** mup's multipliers: size / base size of the in and the out axis, null for one that does not grow with width. */
export function widthScaling(widerIn: number | null, widerOut: number | null): WidthScaling {
  if (widerIn !== null && widerOut !== null)
    return {
      stddev: 1 / Math.sqrt(widerIn),
      output: 1,
      learningRate: { sgd: widerOut / widerIn, adam: 1 / widerIn },
    }
  return {
    stddev: 1,
    output: widerIn === null ? 1 : 1 / widerIn,
    learningRate: { sgd: widerIn ?? widerOut ?? 1, adam: 1 },
  }
}

/** x^(1/n) by the kernels' log and exp, the same bits on every engine. */
function root(x: number, n: number): number {
  return inArena(({ kernels }) => kernels.exp(kernels.log(x) / n))
}
