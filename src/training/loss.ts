import { allocatePanels, type Panels, packRows } from '../network/panels'
import type { Arena } from '../wasm/instance'
import type { Dataset } from './dataset'

/** What the last layer's outputs z are trained towards. */
export type LossName = 'softmax-cross-entropy' | 'mean-square'
export const LOSSES = ['softmax-cross-entropy', 'mean-square'] as const satisfies readonly LossName[]

/** Labels (batch i32) or targets (batch x outputs f32) in linear memory. */
export type TargetsPtr = number

/** The loss of one batch, and dL/dz in fresh panels, its columns beyond the batch 0. */
export interface LossAndDelta {
  /** Mean over the batch of -ln softmax(z)[label], or over batch and outputs of (z - target)^2. */
  loss: number
  delta: Panels
}

export function lossAndDelta(arena: Arena, name: LossName, z: Panels, targetsPtr: TargetsPtr): LossAndDelta {
  const delta = allocatePanels(arena, z.units, z.batch)
  if (name === 'mean-square')
    return {
      loss: arena.kernels.meanSquare(delta.ptr, z.ptr, targetsPtr, z.units, z.batch) / (z.batch * z.units),
      delta,
    }
  return { loss: arena.kernels.softmaxCrossEntropy(delta.ptr, z.ptr, targetsPtr, z.units, z.batch) / z.batch, delta }
}

/** The samples at `indices` as panels, the columns beyond them 0. @throws OutOfMemoryError */
export function gatherInputs(arena: Arena, { features, columns }: Dataset, indices: ArrayLike<number>): Panels {
  const rows = gatherRows(arena, features, columns, indices)
  return packRows(arena, rows, columns, indices.length, 'zero')
}

/** The rows of a dataset's targets at `indices`, in linear memory. @throws OutOfMemoryError */
export function gatherTargets(arena: Arena, { targets }: Dataset, indices: ArrayLike<number>): TargetsPtr {
  if (targets.kind === 'labels') {
    const ptr = arena.allocate(4 * indices.length)
    const view = arena.i32(ptr, indices.length)
    for (let b = 0; b < indices.length; b++) view[b] = targets.labels[indices[b]]
    return ptr
  }
  return gatherRows(arena, targets.values, targets.outputs, indices)
}

/** Rows of a row-major matrix with `columns` columns, in linear memory. @throws OutOfMemoryError */
function gatherRows(arena: Arena, data: Float32Array, columns: number, indices: ArrayLike<number>): number {
  const ptr = arena.allocate(4 * indices.length * columns)
  const view = arena.f32(ptr, indices.length * columns)
  for (let b = 0; b < indices.length; b++)
    view.set(data.subarray(indices[b] * columns, (indices[b] + 1) * columns), b * columns)
  return ptr
}
