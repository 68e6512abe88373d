import type { Arena } from '../wasm/instance'

/** A matrix units x batch in linear memory, as panels of units x 8 (assembly/linalg/panels.ts). */
export interface Panels {
  readonly ptr: number
  readonly units: number
  readonly batch: number
  /** ceil(batch / 8). */
  readonly panels: number
}

/** Elements, those of the columns beyond the batch included. */
export function panelsLen(p: Panels): number {
  return p.units * p.panels * 8
}

/** Bytes from one panel to the next. */
export function panelStride(p: Panels): number {
  return p.units * 32
}

/** Fresh panels, not cleared. @throws OutOfMemoryError */
export function allocatePanels(arena: Arena, units: number, batch: number): Panels {
  const panels = Math.ceil(batch / 8)
  return { ptr: arena.allocate(units * panels * 32), units, batch, panels }
}

/** The same numbers at a fresh address. @throws OutOfMemoryError */
export function copyPanels(arena: Arena, p: Panels): Panels {
  const copy = allocatePanels(arena, p.units, p.batch)
  arena.f32(copy.ptr, panelsLen(p)).set(arena.f32(p.ptr, panelsLen(p)))
  return copy
}

/**
 * Panels of a row-major batch x units matrix at rowsPtr.
 * The columns beyond the batch repeat its last sample, or are 0.
 */
export function packRows(
  arena: Arena,
  rowsPtr: number,
  units: number,
  batch: number,
  beyond: 'repeat' | 'zero',
): Panels {
  const p = allocatePanels(arena, units, batch)
  arena.kernels.packPanelsTransposed(p.ptr, rowsPtr, units, batch, 4 * units)
  if (beyond === 'repeat' && batch % 8 !== 0) repeatLast(arena.f32(p.ptr, panelsLen(p)), p)
  return p
}

function repeatLast(data: Float32Array, p: Panels): void {
  const last = data.subarray((p.panels - 1) * p.units * 8)
  const from = (p.batch - 1) % 8
  for (let i = 0; i < last.length; i += 8) last.fill(last[i + from], i + from + 1, i + 8)
}
