import type { Arena } from '../wasm/instance'
import { type ParameterPlan, zeroStretch } from './parameters'

export type OptimizerName = 'sgd' | 'adam'
export const OPTIMIZERS = ['sgd', 'adam'] as const satisfies readonly OptimizerName[]

export interface OptimizerSpec {
  name: OptimizerName
  /** Of SGD, in [0, 1). */
  momentum: number
}

// Kingma & Ba 2015
const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/** One step along a gradient that lies as the parameters do; its moments are 0 at first. @throws OutOfMemoryError */
export function optimizer(
  arena: Arena,
  plan: ParameterPlan,
  { name, momentum }: OptimizerSpec,
  rate: number,
): (parameters: number, gradients: number) => void {
  const { kernels } = arena
  const first = zeroStretch(arena, plan)
  if (name === 'sgd')
    return (parameters, gradients) => kernels.sgdStep(parameters, first, gradients, plan.len, rate, momentum)
  const second = zeroStretch(arena, plan)
  // 1 - beta^t, by products alone: a power of the host would differ between engines
  let [power1, power2] = [1, 1]
  return (parameters, gradients) => {
    power1 *= BETA1
    power2 *= BETA2
    const bias = [1 - power1, 1 - power2] as const
    kernels.adamStep(parameters, first, second, gradients, plan.len, rate, BETA1, BETA2, EPSILON, ...bias)
  }
}
