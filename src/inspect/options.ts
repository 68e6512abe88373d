/** What is declared of a model beside its tensors. */

import type { Activation, ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { options as checkOptions, oneOf, withDefault, wrongValue } from '../check'
import type { ModelStep } from '../io/model-step'
import type { Batch } from '../network/spec'
import type { SampleOptions } from './chain-network'
import type { Convention } from './role'
import { checkSteps, usualActivation } from './steps'

/** How tensors are read, and the chain that they make. */
export interface InspectOptions extends SampleOptions {
  /** Of every layer, or of every activation among the steps; default the one that most of these have, or 'relu'. */
  activation?: ActivationSpec
  /** How the axes of tensors without a layout are read; default 'out-in', as PyTorch stores them. */
  convention?: Convention
  /** Names of the layers' weights from the input up; by default all dense and convolution weights. */
  layers?: readonly string[]
  /**
   * The model in place of `layers`: its weights, activations, norms, pooling and where it is flattened, from the input up. Without them every
   * layer is followed by the activation alone.
   */
  steps?: readonly ModelStep[]
  /** Samples to send through the chain. */
  batch?: Batch
}

export const OPTION_KEYS = ['activation', 'convention', 'layers', 'steps', 'batch', 'inputSize', 'padding']
const CONVENTIONS = ['out-in', 'in-out'] as const

/** The options, checked and with their defaults. */
export function checkInspectOptions(options: InspectOptions): { activation: Activation; convention: Convention } {
  checkOptions('inspect', options, OPTION_KEYS)
  const { steps } = options
  if (steps !== undefined) checkSteps(steps)
  if (steps !== undefined && options.layers !== undefined)
    wrongValue('inspect', 'layers', 'none beside steps, which name the weights', options.layers)
  for (const key of ['inputSize', 'padding'] as const)
    if (options[key] !== undefined && options.batch === undefined)
      wrongValue('inspect', key, 'a batch beside it', options[key])
  return {
    activation: resolve(withDefault(options.activation, usualActivation(steps) ?? 'relu'), 'inspect'),
    convention: oneOf('inspect', 'convention', withDefault(options.convention, 'out-in'), CONVENTIONS),
  }
}
