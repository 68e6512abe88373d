/** Activations made of straight lines. */
import { type Activation, plain } from './activation'

/** z for z >= 0 and slope z below; gain sqrt(2/(1 + slope^2)). He et al. 2015, arXiv:1502.01852. */
export function homogeneous(name: string, family: string, parameter: number | null, slope: number): Activation {
  return {
    name,
    family,
    parameter,
    f: (z) => (z > 0 ? z : slope * z),
    derivative: (z) => (z > 0 ? 1 : slope),
    kinks: slope === 1 ? [] : [0],
    gain: Math.sqrt(2 / (1 + slope * slope)),
    negativeSlope: slope,
  }
}

const clamp = (z: number, low: number, high: number) => Math.min(Math.max(z, low), high)
const inside = (z: number, low: number, high: number) => (z > low && z < high ? 1 : 0)

export const linear = homogeneous('linear', 'linear', null, 1)

export const relu: Activation = {
  ...homogeneous('relu', 'relu', null, 0),
  // 0 * z would be -0 below 0
  f: (z) => Math.max(z, 0),
}

export const abs: Activation = { ...homogeneous('abs', 'abs', null, -1), f: Math.abs }

/** max(-1, min(1, z)). */
export const hardtanh = plain(
  'hardtanh',
  1.3920361404483097,
  [-1, 1],
  (z) => clamp(z, -1, 1),
  (z) => inside(z, -1, 1),
)

/** max(0, min(6, z)). */
export const relu6 = plain(
  'relu6',
  1.4142135650950738,
  [0, 6],
  (z) => clamp(z, 0, 6),
  (z) => inside(z, 0, 6),
)

/** max(0, min(6, z + 3))/6, PyTorch's and Keras 3's. */
export const hardsigmoid = plain(
  'hardsigmoid',
  1.897840424729559,
  [-3, 3],
  (z) => clamp(z + 3, 0, 6) / 6,
  (z) => inside(z, -3, 3) / 6,
)
