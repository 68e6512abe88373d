/** What a layer names, checked: the errors have its path. */

import type { ActivationSpec } from '../activations/activation'
import { wrongValue } from '../check'
import { initStd, type NamedOptions, takenOptions } from '../initializers/names'
import { type ActivationKernel, activationKernel } from '../network/activation-kernel'

const PARAMETRISED = /^[^:]+:[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A parameter is a decimal in JSON, as the schema has it. */
export function checkedActivation(where: string, argument: string, name: ActivationSpec): ActivationKernel {
  if (typeof name === 'string' && name.includes(':') && !PARAMETRISED.test(name))
    wrongValue(where, argument, "a name such as 'relu' or 'leaky-relu:0.2'", name)
  return activationKernel(`${where}: ${argument.replace(/\.\w+$/, '')}`, name)
}

/** Standard deviation of the weights; what their initializer refuses is refused with the layer's path. */
export function checkedStd(where: string, path: string, init: string, shape: number[], o: NamedOptions): number {
  try {
    return initStd(init, shape, takenOptions('initStd', init, o))
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      error.message = error.message.replace(/^initStd:( name| shape)?/, `${where}: ${path}.init`)
    throw error
  }
}
