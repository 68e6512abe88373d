import type { ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { options as checkOptions, oneOf, wrongValue } from '../check'
import { secondMoment } from './moments'

/** Whose gains are meant where conventions differ from what keeps the second moment. */
export interface GainConvention {
  /** 'pytorch': the numbers of torch.nn.init.calculate_gain, some of them not what keeps the signal (tanh 5/3, selu 3/4, sigmoid 1). */
  compat?: 'pytorch'
}

/** torch.nn.init.calculate_gain, PyTorch 2. It knows no other activation. */
const PYTORCH: Record<string, (slope: number) => number> = {
  linear: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  'leaky-relu': (slope) => Math.sqrt(2 / (1 + slope * slope)),
  selu: () => 3 / 4,
}

/**
 * 1/sqrt(E phi(z)^2) for z ~ N(0, 1): with Var w = gain^2/fan_in, pre-activations of variance 1 give pre-activations of variance 1.
 * A constant for a named activation, sqrt(2/(1 + slope^2)) for leaky ReLU, quadrature for a user's function.
 * @throws TypeError or RangeError for an unknown activation or option, and for a function that is 0 almost everywhere.
 */
export function gain(spec: ActivationSpec, options: GainConvention = {}): number {
  checkOptions('gain', options, ['compat'])
  const activation = resolve(spec, 'gain')
  if (options.compat !== undefined) {
    oneOf('gain', 'compat', options.compat, ['pytorch'])
    const known = Object.keys(PYTORCH)
    return PYTORCH[oneOf('gain', "activation with compat 'pytorch'", activation.family, known)](
      activation.parameter ?? 0,
    )
  }
  if (activation.gain !== null) return activation.gain
  const moment = secondMoment(activation, 1)
  if (!(moment > 0 && moment < Number.POSITIVE_INFINITY))
    wrongValue('gain', 'activation', 'a function with a positive second moment', moment)
  return 1 / Math.sqrt(moment)
}
