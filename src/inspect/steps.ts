/** The steps of a chain: those that a file or a user gives, checked, or weights and activation in turn. */

import type { Activation } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { finite, flag, oneOf, options, wrongKind, wrongValue } from '../check'
import type { ActivationStep, FlattenStep, ModelStep, NormStep, PadStep, PoolStep, WeightStep } from '../io/model-step'
import type { ChainLayer } from './chain'

/** A step with its layer or activation. */
export type ChainStep =
  | { kind: 'weights'; layer: ChainLayer }
  | { kind: 'activation'; activation: Activation }
  | NormStep
  | PoolStep
  | PadStep
  | FlattenStep

const KINDS = ['weights', 'activation', 'norm', 'pool', 'pad', 'flatten'] as const
const FIELDS: Record<(typeof KINDS)[number], readonly string[]> = {
  weights: ['kind', 'name', 'bias'] satisfies (keyof WeightStep)[],
  activation: ['kind', 'name'] satisfies (keyof ActivationStep)[],
  norm: [
    'kind',
    'norm',
    'over',
    'axes',
    'lastAxis',
    'scale',
    'shift',
    'mean',
    'variance',
    'epsilon',
  ] satisfies (keyof NormStep)[],
  pool: ['kind', 'pool', 'kernel', 'stride', 'pads', 'dilation', 'ceil', 'countPads'] satisfies (keyof PoolStep)[],
  pad: ['kind', 'pads'] satisfies (keyof PadStep)[],
  flatten: ['kind'] satisfies (keyof FlattenStep)[],
}

/** @throws TypeError or RangeError naming the step; sizes are checked where a batch has them */
export function checkSteps(steps: unknown): readonly ModelStep[] {
  if (!Array.isArray(steps)) return wrongKind('inspect', 'steps', 'an array of steps', steps)
  for (const [i, step] of steps.entries()) checkStep(`steps[${i}]`, step)
  if (!steps.some(({ kind }) => kind === 'weights')) wrongValue('inspect', 'steps', 'a step with weights', 'none')
  return steps
}

function checkStep(path: string, value: unknown): void {
  const kind = oneOf('inspect', `${path}.kind`, (value as { kind?: unknown } | null)?.kind, KINDS)
  const step = options<ModelStep>(`inspect: ${path}`, value, FIELDS[kind]) as ModelStep
  const name = (key: string, given: unknown) => {
    if (given !== undefined && given !== null && typeof given !== 'string')
      wrongKind('inspect', `${path}.${key}`, 'the name of a tensor', given)
  }
  if (step.kind === 'weights') {
    if (typeof step.name !== 'string') wrongKind('inspect', `${path}.name`, 'the name of a weight', step.name)
    name('bias', step.bias)
  } else if (step.kind === 'activation') resolve(step.name, `inspect: ${path}`)
  else if (step.kind === 'norm') {
    oneOf('inspect', `${path}.norm`, step.norm, ['batch', 'layer', 'rms'])
    oneOf('inspect', `${path}.over`, step.over ?? 'sample', ['sample', 'channels'])
    for (const key of ['scale', 'shift', 'mean', 'variance'] as const) name(key, step[key])
    if ((step.mean ?? null) === null && (step.variance ?? null) !== null)
      wrongValue('inspect', `${path}.variance`, 'a mean beside it', step.variance)
    finite('inspect', `${path}.epsilon`, step.epsilon ?? 1e-5, 0)
  } else if (step.kind === 'pool') {
    oneOf('inspect', `${path}.pool`, step.pool, ['max', 'average'])
    for (const key of ['ceil', 'countPads'] as const) flag('inspect', `${path}.${key}`, step[key] ?? false)
  }
}

/** Names of the tensors that norms and biases are made of: vectors, whatever their shape. */
export function vectorNames(steps: readonly ModelStep[] | undefined): ReadonlySet<string> {
  const named = (steps ?? []).flatMap((step) => {
    if (step.kind === 'weights') return [step.bias]
    return step.kind === 'norm' ? [step.scale, step.shift, step.mean, step.variance] : []
  })
  return new Set(named.filter((name) => typeof name === 'string'))
}

/** The activation that most steps have, or none. */
export function usualActivation(steps: readonly ModelStep[] | undefined): string | undefined {
  const counts = new Map<string, number>()
  for (const step of steps ?? [])
    if (step.kind === 'activation') counts.set(step.name, (counts.get(step.name) ?? 0) + 1)
  return [...counts].reduce<[string | undefined, number]>(
    (best, own) => (own[1] > best[1] ? own : best),
    [undefined, 0],
  )[0]
}

/** The steps with what they name; `given` stands for every activation, where there is one. */
export function chainSteps(
  steps: readonly ModelStep[],
  layers: readonly ChainLayer[],
  given: Activation | null,
): ChainStep[] {
  let next = 0
  return steps.map((step): ChainStep => {
    if (step.kind === 'weights') return { kind: 'weights', layer: layers[next++] }
    if (step.kind === 'activation') return { kind: 'activation', activation: given ?? resolve(step.name, 'inspect') }
    return step
  })
}

/** Each layer, flattened before where channels meet a dense weight, and the activation. */
export function plainSteps(layers: readonly ChainLayer[], activation: Activation): ChainStep[] {
  return layers.flatMap((layer): ChainStep[] => {
    const flattened: ChainStep[] = layer.summary.reading.role === 'dense' ? [{ kind: 'flatten' }] : []
    return [...flattened, { kind: 'weights', layer }, { kind: 'activation', activation }]
  })
}

/** What stands behind each layer, before the next. */
export function behindLayers(steps: readonly ChainStep[]): ChainStep[][] {
  const behind: ChainStep[][] = []
  for (const step of steps)
    if (step.kind === 'weights') behind.push([])
    else behind[behind.length - 1]?.push(step)
  return behind
}

/** 'max-pool 2x2', 'batch-norm 1.weight', the name of a weight or an activation. */
export function stepText(step: ModelStep): string {
  switch (step.kind) {
    case 'weights':
    case 'activation':
      return step.name
    case 'norm':
      return `${step.norm}-norm ${step.scale ?? step.shift ?? step.mean ?? ''}`.trimEnd()
    case 'pool': {
      const { kernel } = step
      return `${step.pool}-pool ${typeof kernel === 'object' ? kernel.join('x') : kernel}`
    }
    default:
      return step.kind
  }
}
