import type { Kernel } from './layout'

/** Offset of the centre tap: k // 2 on every spatial axis, so that an even kernel leans to the higher index, as PyTorch's dirac_. */
export function centre(space: readonly number[]): number {
  return space.reduce((offset, size) => offset * size + Math.floor(size / 2), 0)
}

/** Ones of the identity convolution: output d of each group copies input d of that group, while both exist. */
export function diracOnes(kernel: Kernel, groups: number): number {
  return groups * Math.min(kernel.outputs / groups, kernel.inputs)
}

/** logical: the kernel's values, all overwritten: `gain` where output d of a group meets input d at the centre tap, else 0. */
export function fillDirac(logical: Float32Array, kernel: Kernel, groups: number, gain: number): void {
  const field = kernel.space.reduce((a, b) => a * b, 1)
  const outputsPerGroup = kernel.outputs / groups
  const diagonal = Math.min(outputsPerGroup, kernel.inputs)
  logical.fill(0)
  for (let group = 0; group < kernel.copies * groups; group++)
    for (let d = 0; d < diagonal; d++)
      logical[((group * outputsPerGroup + d) * kernel.inputs + d) * field + centre(kernel.space)] = gain
}
