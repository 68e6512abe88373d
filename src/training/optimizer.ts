import type { Arena } from '../wasm/instance'
import { type ParameterPlan, zeroStretch } from './parameters'

/** How weights follow their gradients. */
export type OptimizerName = 'sgd' | 'adam'
export const OPTIMIZERS = ['sgd', 'adam'] as const satisfies readonly OptimizerName[]

export interface OptimizerSpec {
  name: OptimizerName
  /** Of SGD, in [0, 1). */
  momentum: number
}

/** What the learning rate of one layer's tensors is multiplied by. */
export interface RateFactors {
  weight: number
  bias: number
}

/** Numbers with one rate: bytes from the start of the parameters, elements, and the factor of the rate. */
export interface Stretch {
  at: number
  len: number
  factor: number
}

// Kingma & Ba 2015
const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/** A step of all numbers at once; or of one stretch after the other, each once, after `begin`: the same bits. */
export interface Optimizer {
  (parameters: number, gradients: number): void
  begin(): void
  stretch(parameters: number, gradients: number, stretch: Stretch): void
}

/**
 * One step along a gradient that lies as the parameters do; its moments are 0 at first. All numbers have the one rate, unless stretches
 * have factors of their own. @throws OutOfMemoryError
 */
export function optimizer(
  arena: Arena,
  plan: { readonly len: number },
  { name, momentum }: OptimizerSpec,
  rate: number,
  stretches: readonly Stretch[] = [{ at: 0, len: plan.len, factor: 1 }],
): Optimizer {
  const own = name === 'sgd' ? sgd(arena, plan, rate, momentum) : adam(arena, plan, rate)
  return Object.assign((parameters: number, gradients: number) => {
    own.begin()
    for (const stretch of stretches) own.stretch(parameters, gradients, stretch)
  }, own)
}

type Steps = Pick<Optimizer, 'begin' | 'stretch'>

function sgd(arena: Arena, plan: { readonly len: number }, rate: number, momentum: number): Steps {
  const { kernels } = arena
  const first = zeroStretch(arena, plan)
  return {
    begin() {},
    stretch: (parameters, gradients, { at, len, factor }) =>
      kernels.sgdStep(parameters + at, first + at, gradients + at, len, rate * factor, momentum),
  }
}

function adam(arena: Arena, plan: { readonly len: number }, rate: number): Steps {
  const { kernels } = arena
  const [first, second] = [zeroStretch(arena, plan), zeroStretch(arena, plan)]
  // 1 - beta^t, by products alone: a power of the host would differ between engines
  let [power1, power2] = [1, 1]
  return {
    begin() {
      power1 *= BETA1
      power2 *= BETA2
    },
    stretch(parameters, gradients, { at, len, factor }) {
      const settled = [BETA1, BETA2, EPSILON, 1 - power1, 1 - power2] as const
      kernels.adamStep(parameters + at, first + at, second + at, gradients + at, len, rate * factor, ...settled)
    },
  }
}

/** Each layer's weight, and its bias with what follows up to the next layer. */
export function layerStretches({ layers, len }: ParameterPlan, factors: readonly RateFactors[]): Stretch[] {
  return layers.flatMap(({ weight, bias }, l) => {
    const end = layers[l + 1]?.weight ?? len
    return [
      { at: 4 * weight, len: bias - weight, factor: factors[l].weight },
      { at: 4 * bias, len: end - bias, factor: factors[l].bias },
    ]
  })
}
