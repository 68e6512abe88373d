/** Activations with an exponential or a power on one side. */
import { type Activation, plain } from './activation'
import { logistic } from './sigmoidal'

// Klambauer et al. 2017: the pair for which N(0, 1) is a fixed point of mean and variance.
const SELU_SCALE = 1.0507009873554805
const SELU_ALPHA = 1.6732632423543772

// E[(e^z - 1)^2; z < 0] = e^2 Phi(-2) - 2 sqrt(e) Phi(-1) + 1/2 for z ~ N(0, 1).
const ELU_TAIL = 0.14494541749292386

/** z for z > 0, alpha (e^z - 1) below; gain 1/sqrt(1/2 + alpha^2 E[(e^z - 1)^2; z < 0]). Clevert et al. 2016. */
export function elu(name: string, alpha: number): Activation {
  return {
    name,
    family: 'elu',
    parameter: alpha,
    f: (z) => (z > 0 ? z : alpha * Math.expm1(z)),
    derivative: (z) => (z > 0 ? 1 : alpha * Math.exp(z)),
    kinks: [0],
    gain: 1 / Math.sqrt(0.5 + alpha * alpha * ELU_TAIL),
    negativeSlope: null,
  }
}

export const selu = plain(
  'selu',
  1,
  [0],
  (z) => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z)),
  (z) => SELU_SCALE * (z > 0 ? 1 : SELU_ALPHA * Math.exp(z)),
)

/** ln(1 + e^z). */
export const softplus = plain(
  'softplus',
  1.0418668355353018,
  [],
  (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  logistic,
)

/** max(0, z)^2. */
export const squaredRelu = plain(
  'squared-relu',
  0.816496580927726,
  [0],
  (z) => (z > 0 ? z * z : 0),
  (z) => (z > 0 ? 2 * z : 0),
)
