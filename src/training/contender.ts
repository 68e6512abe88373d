import { oneOf, wrongKind, wrongValue } from '../check'
import { roleFactor } from '../initializers/depth-scaling'
import { type Draw, scaled } from '../initializers/draw'
import { initNames, type Recipe, recipe } from '../initializers/names'
import type { ActivationKernel } from '../network/activation-kernel'
import type { Panels } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { LSUV_AT, type LsuvAt, type LsuvSettings, scaleLayers } from './lsuv'
import { chainModel, type Start } from './model'
import { drawsOf, initialParameters, type ParameterPlan, parameterPlan, type Structure } from './parameters'

/** What a network of a race is started with, and its structure. */
export interface Contender {
  /** As it was named: 'he-normal', 'lsuv', 'fixup:xavier-normal'. */
  name: string
  /** Fresh numbers for a seed; `samples` are asked for by LSUV alone. @throws OutOfMemoryError */
  start(arena: Arena, seed: bigint, samples: () => Panels): Start
}

/** A method by its name: what it does beside drawing weights, and its own initializer. */
export interface Method {
  base: string
  /** Residual branches, their scale among `branches` of them, and whether it is trained. */
  residual?: { scale: (branches: number) => number; learned: boolean; fixup?: boolean }
  /** Where LSUV sets the second moment to 1. */
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

/** A name taken apart: the method, null for an initializer alone, and the initializer of the weights. */
export interface Named {
  name: string
  method: Method | null
  init: string
}

/** @throws TypeError or RangeError naming `argument` */
export function named(where: string, argument: string, name: unknown): Named {
  if (typeof name !== 'string') return wrongKind(where, argument, "a name such as 'he-normal'", name)
  const [first, ...rest] = name.split(':')
  const method = Object.hasOwn(METHODS, first) ? METHODS[first] : null
  if (method) return { name, method, init: rest.length > 0 ? rest.join(':') : method.base }
  // an unknown name is offered those of methods too
  const known = new Set(initNames.map((known) => known.split(':')[0]))
  oneOf(where, argument, first, [...known, ...methodNames])
  return { name, method, init: name }
}

export function lsuvSettings(at: LsuvAt): LsuvSettings {
  return { at, target: 1, tolerance: 0.01, maxIterations: 10 }
}

/** The contender of a name for a chain of these widths, or residual branches of it. @throws TypeError or RangeError naming `argument` */
export function chainContender(
  where: string,
  argument: string,
  name: unknown,
  widths: readonly number[],
  activation: ActivationKernel,
): Contender {
  const { method, init: initName, ...rest } = named(where, argument, name)
  const init = recipe(initName, {}, where, argument)
  const { residual, lsuv } = method ?? {}
  const branches = residual ? branchesOf(where, argument, rest.name, widths) : 0
  const structure: Structure = residual ? { branchLayers: BRANCH_LAYERS, learnedScales: residual.learned } : {}
  const plan = parameterPlan(widths, structure)
  const draws = residual?.fixup ? fixupDraws(plan, init, branches) : drawsOf(plan, init)
  const model = chainModel(plan, activation)
  return {
    ...rest,
    start(arena, seed, samples) {
      const parameters = initialParameters(arena, plan, draws, seed, residual?.scale(branches))
      const scale = (at: LsuvAt) => scaleLayers(arena, plan, parameters, activation, samples(), lsuvSettings(at))
      return { model, parameters, lsuv: lsuv === undefined ? null : arena.scratch(() => scale(lsuv)) }
    },
  }
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
