import { oneOf, wrongKind, wrongValue } from '../check'
import { roleFactor } from '../initializers/depth-scaling'
import { type Draw, scaled } from '../initializers/draw'
import { initNames, type Recipe, recipe } from '../initializers/names'
import { LSUV_AT, type LsuvAt } from './lsuv'
import { drawsOf, type ParameterPlan, parameterPlan, type Structure } from './parameters'

/** What a network of a race is started with, and its structure: a chain of dense layers, or residual branches with a scale. */
export interface Contender {
  /** As it was named: 'he-normal', 'lsuv', 'fixup:xavier-normal'. */
  name: string
  plan: ParameterPlan
  draws: readonly Draw[]
  /** Where LSUV sets the second moment to 1; null without. */
  lsuv: LsuvAt | null
  /** Of each residual branch at first. */
  branchScale: number
}

interface Method {
  base: string
  /** Residual branches, their scale among `branches` of them, and whether it is trained. */
  residual?: { scale: (branches: number) => number; learned: boolean; fixup?: boolean }
  lsuv?: LsuvAt
}

/** Layers of a residual branch: dense, activation, dense. */
const BRANCH_LAYERS = 2

const METHODS: Record<string, Method> = {
  lsuv: { base: 'orthogonal', lsuv: LSUV_AT[0] },
  'lsuv-post': { base: 'orthogonal', lsuv: LSUV_AT[1] },
  residual: { base: 'he-normal', residual: { scale: () => 1, learned: false } },
  'residual-scaled': { base: 'he-normal', residual: { scale: (branches) => 1 / Math.sqrt(branches), learned: false } },
  fixup: { base: 'he-normal', residual: { scale: () => 1, learned: true, fixup: true } },
  'skip-init': { base: 'he-normal', residual: { scale: () => 0, learned: true } },
}

/**
 * What a race takes beside the names of initializers, each with a base after a colon if another than its own is wanted:
 * lsuv (orthogonal weights, each layer's pre-activations scaled to a second moment of 1; Mishkin & Matas 2016), lsuv-post (the same
 * after the activation), and residual networks x + a F(x), F two dense layers: residual (a = 1), residual-scaled (a = 1/sqrt(branches)),
 * fixup (Zhang et al. 2019: He weights / sqrt(branches), each branch's last layer and the readout 0, a trained from 1), skip-init
 * (De & Smith 2020: a trained from 0).
 */
export const methodNames: readonly string[] = Object.keys(METHODS)

/** The contender of a name for a network of these widths. @throws TypeError or RangeError naming `argument` */
export function contender(where: string, argument: string, name: unknown, widths: readonly number[]): Contender {
  if (typeof name !== 'string') return wrongKind(where, argument, "a name such as 'he-normal'", name)
  const [method, ...rest] = name.split(':')
  if (!Object.hasOwn(METHODS, method)) {
    const plan = parameterPlan(widths)
    return { name, plan, draws: drawsOf(plan, initializer(where, argument, name)), lsuv: null, branchScale: 1 }
  }
  const { base, residual, lsuv = null } = METHODS[method]
  const init = rest.length > 0 ? recipe(rest.join(':'), {}, where, argument) : recipe(base)
  if (!residual) {
    const plan = parameterPlan(widths)
    return { name, plan, draws: drawsOf(plan, init), lsuv, branchScale: 1 }
  }
  const branches = branchesOf(where, argument, name, widths)
  const structure: Structure = { branchLayers: BRANCH_LAYERS, learnedScales: residual.learned }
  const plan = parameterPlan(widths, structure)
  const draws = residual.fixup ? fixupDraws(plan, init, branches) : drawsOf(plan, init)
  return { name, plan, draws, lsuv, branchScale: residual.scale(branches) }
}

/** An initializer by its name; an unknown one is offered the names of methods too. */
function initializer(where: string, argument: string, name: string): Recipe {
  const known = new Set(initNames.map((known) => known.split(':')[0]))
  oneOf(where, argument, name.split(':')[0], [...known, ...methodNames])
  return recipe(name, {}, where, argument)
}

function branchesOf(where: string, argument: string, name: string, widths: readonly number[]): number {
  const inner = widths.length - 3
  if (inner >= BRANCH_LAYERS && inner % BRANCH_LAYERS === 0) return inner / BRANCH_LAYERS
  const depth = widths.length - 1
  return wrongValue(where, argument, `a chain at a depth of ${depth}: residual networks have an even one >= 4`, name)
}

/** He et al.'s draws, scaled by Fixup's rules for each layer's role. */
function fixupDraws(plan: ParameterPlan, init: Recipe, branches: number): Draw[] {
  const rule = { rule: 'fixup', branches, layersPerBranch: BRANCH_LAYERS } as const
  return drawsOf(plan, init).map((draw, i) => {
    const last = i === plan.layers.length - 1
    const role = last ? 'readout' : plan.layers[i].join ? 'residual-out' : i === 0 ? 'other' : 'residual'
    const factor = roleFactor(rule, role)
    return factor === 0 ? { distribution: 'constant', value: 0 } : scaled(draw, factor)
  })
}
