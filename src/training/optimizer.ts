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
): (parameters: number, gradients: number) => void {
  const { kernels } = arena
  const first = zeroStretch(arena, plan)
  if (name === 'sgd')
    return (parameters, gradients) => {
      for (const { at, len, factor } of stretches)
        kernels.sgdStep(parameters + at, first + at, gradients + at, len, rate * factor, momentum)
    }
  const second = zeroStretch(arena, plan)
  // 1 - beta^t, by products alone: a power of the host would differ between engines
  let [power1, power2] = [1, 1]
  return (parameters, gradients) => {
    power1 *= BETA1
    power2 *= BETA2
    const settled = [BETA1, BETA2, EPSILON, 1 - power1, 1 - power2] as const
    for (const { at, len, factor } of stretches)
      kernels.adamStep(parameters + at, first + at, second + at, gradients + at, len, rate * factor, ...settled)
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
