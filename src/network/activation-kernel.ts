import type { Activation, ActivationSpec } from '../activations/activation'
import { activation } from '../activations/resolve'
import type { Kernels } from '../wasm/kernels'

/** An activation that the kernels can run. */
export interface ActivationKernel {
  readonly activation: Activation
  /** f(c z) = c f(z) for c > 0: such a network may be rescaled by powers of two. */
  readonly homogeneous: boolean
  /** z: len f32, in place f(z). */
  forward(kernels: Kernels, zPtr: number, len: number): void
  /** grad, h: len f32; grad *= f'(z), told from h = f(z). */
  backward(kernels: Kernels, gradPtr: number, hPtr: number, len: number): void
}

/** @throws RangeError when the kernels cannot run it */
export function activationKernel(where: string, spec: ActivationSpec): ActivationKernel {
  const record = activation(spec, where)
  const slope = record.negativeSlope
  // the sign of h = f(z) tells that of z only for slopes >= 0
  if (slope === null || slope < 0)
    throw new RangeError(
      `${where}: activation expected one that networks are run with (linear, relu, leaky-relu:SLOPE, prelu:SLOPE with SLOPE >= 0), got '${record.name}'; its theory is known to theory('${record.name}')`,
    )
  if (slope === 1) return { activation: record, homogeneous: true, forward() {}, backward() {} }
  if (slope === 0)
    return {
      activation: record,
      homogeneous: true,
      forward: (k, zPtr, len) => k.relu(zPtr, len),
      backward: (k, gradPtr, hPtr, len) => k.reluBackward(gradPtr, hPtr, len),
    }
  return {
    activation: record,
    homogeneous: true,
    forward: (k, zPtr, len) => k.leakyRelu(zPtr, len, slope),
    backward: (k, gradPtr, hPtr, len) => k.leakyReluBackward(gradPtr, hPtr, len, slope),
  }
}
