import type { Activation, ActivationSpec } from '../activations/activation'
import { activation } from '../activations/resolve'
import { type Saturation, saturation } from '../activations/saturation'
import type { Kernels } from '../wasm/kernels'

/** An activation as networks run it. */
export interface ActivationKernel {
  readonly activation: Activation
  /** f(c z) = c f(z) for c > 0: such a network may be rescaled by powers of two. */
  readonly homogeneous: boolean
  /** h at or beyond these is saturated; null where f has no two flat ends. */
  readonly ends: Saturation['h'] | null
  /** What backward reads: 'output', h = f(z), or 'input', z itself, which forward overwrites and the engine must then copy before. */
  readonly keeps: 'output' | 'input'
  /** z: len f32, in place f(z); len a multiple of 4. */
  forward(kernels: Kernels, zPtr: number, len: number): void
  /** grad, kept: len f32; grad *= f'(z), told from what is kept. */
  backward(kernels: Kernels, gradPtr: number, keptPtr: number, len: number): void
}

/** The kinds of assembly/activation/kinds.ts by family, with the parameter that makes one of them a family of its own. */
const KINDS: Record<string, { kind: number; parameter?: number }> = {
  abs: { kind: 0 },
  'leaky-relu': { kind: 1 },
  prelu: { kind: 1 },
  hardtanh: { kind: 2 },
  relu6: { kind: 3 },
  hardsigmoid: { kind: 4 },
  'squared-relu': { kind: 5 },
  elu: { kind: 6 },
  selu: { kind: 7 },
  softplus: { kind: 8 },
  sigmoid: { kind: 9 },
  tanh: { kind: 10 },
  softsign: { kind: 11 },
  erf: { kind: 12 },
  sin: { kind: 13 },
  silu: { kind: 14, parameter: 1 },
  'quick-gelu': { kind: 14, parameter: 1.702 },
  gelu: { kind: 15 },
  'gelu-tanh': { kind: 16 },
  mish: { kind: 17 },
  hardswish: { kind: 18 },
}

/**
 * Any activation as networks run it: every name of the zoo in the kernels, the same bits on every engine, a parameter rounded to f32.
 * A user's own function runs in JavaScript, z in f32 in and f(z) rounded to f32 out: if it uses Math.exp and the like, whose last bits
 * differ between engines, so does what is measured.
 * @throws TypeError or RangeError naming `where`
 */
export function activationKernel(where: string, spec: ActivationSpec): ActivationKernel {
  const record = activation(spec, where)
  const slope = record.negativeSlope
  // the sign of h = f(z) tells that of z only for slopes >= 0
  if (slope !== null && slope >= 0)
    return { activation: record, homogeneous: true, ends: null, keeps: 'output', ...rectifier(slope) }
  const run = record.family in KINDS ? inKernels(record) : inJavaScript(record)
  const ends = saturation(record)?.h ?? null
  return { activation: record, homogeneous: slope !== null, ends, keeps: 'input', ...run }
}

type Passes = Pick<ActivationKernel, 'forward' | 'backward'>

/** z where z > 0, else slope z, slope >= 0. */
function rectifier(slope: number): Passes {
  if (slope === 1) return { forward() {}, backward() {} }
  if (slope === 0)
    return {
      forward: (k, zPtr, len) => k.relu(zPtr, len),
      backward: (k, gradPtr, hPtr, len) => k.reluBackward(gradPtr, hPtr, len),
    }
  return {
    forward: (k, zPtr, len) => k.leakyRelu(zPtr, len, slope),
    backward: (k, gradPtr, hPtr, len) => k.leakyReluBackward(gradPtr, hPtr, len, slope),
  }
}

function inKernels(record: Activation): Passes {
  const { kind, parameter = record.parameter ?? 0 } = KINDS[record.family]
  return {
    forward: (k, zPtr, len) => k.activate(kind, zPtr, len, parameter),
    backward: (k, gradPtr, zPtr, len) => k.activateBackward(kind, gradPtr, zPtr, len, parameter),
  }
}

function inJavaScript({ f, derivative }: Activation): Passes {
  return {
    forward(k, zPtr, len) {
      const z = new Float32Array(k.memory.buffer, zPtr, len)
      for (let i = 0; i < len; i++) z[i] = f(z[i])
    },
    backward(k, gradPtr, zPtr, len) {
      const grad = new Float32Array(k.memory.buffer, gradPtr, len)
      const z = new Float32Array(k.memory.buffer, zPtr, len)
      for (let i = 0; i < len; i++) grad[i] *= derivative(z[i])
    },
  }
}
