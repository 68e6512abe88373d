import type { StreamOptions } from '../random/stream'
import { centre } from './dirac'
import { fillHaar } from './haar'
import type { Kernel } from './layout'

/** logical: the kernel's values, all overwritten: one Haar matrix outputs/groups x (inputs times space) after the other. */
export function fillOrthogonal(
  logical: Float32Array,
  kernel: Kernel,
  groups: number,
  gain: number,
  source: StreamOptions,
): void {
  // Trap: 0 times a negative value is -0
  if (gain === 0) {
    logical.fill(0)
    return
  }
  const rows = kernel.outputs / groups
  const cols = kernel.inputs * kernel.space.reduce((a, b) => a * b, 1)
  for (let offset = 0; offset < logical.length; offset += rows * cols)
    fillHaar(logical.subarray(offset, offset + rows * cols), rows, cols, gain, { ...source, offset })
}

/** logical: the kernel's values, all overwritten: fillOrthogonal's for a kernel without space at the centre tap, else 0. */
export function fillDeltaOrthogonal(
  logical: Float32Array,
  kernel: Kernel,
  groups: number,
  gain: number,
  source: StreamOptions,
): void {
  const field = kernel.space.reduce((a, b) => a * b, 1)
  const taps = new Float32Array(logical.length / field)
  fillOrthogonal(taps, { ...kernel, space: [] }, groups, gain, source)
  logical.fill(0)
  taps.forEach((value, i) => {
    logical[i * field + centre(kernel.space)] = value
  })
}
