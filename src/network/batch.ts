import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import type { Arena } from '../wasm/instance'
import { type Panels, packRows } from './panels'
import type { Batch } from './spec'

/** The user's batch as panels, rounded to f32. */
export function givenBatch(arena: Arena, batch: Batch): Panels {
  const ptr = arena.allocate(4 * batch.data.length)
  arena.f32(ptr, batch.data.length).set(batch.data)
  return packRows(arena, ptr, batch.columns, batch.rows, 'repeat')
}

/** Normal directions, each sample scaled to mean square 1: stream 'input', value b features + i for feature i of sample b. */
export function drawnBatch(arena: Arena, features: number, batch: number, seed: bigint): Panels {
  const ptr = drawRows(arena, features, batch, seed, 'input')
  const moments = arena.allocate(24)
  for (let b = 0; b < batch; b++) {
    const row = ptr + 4 * b * features
    arena.kernels.moments(moments, row, features)
    const square = arena.f64(moments, 2)[1] / features
    const by = Math.fround(1 / Math.sqrt(square))
    const values = arena.f32(row, features)
    for (let i = 0; i < features; i++) values[i] *= by
  }
  return packRows(arena, ptr, features, batch, 'repeat')
}

/** A gradient to send back: independent standard normals, stream 'probe', value b units + i for unit i of sample b. */
export function probe(arena: Arena, units: number, batch: number, seed: bigint): Panels {
  return packRows(arena, drawRows(arena, units, batch, seed, 'probe'), units, batch, 'zero')
}

export function drawRows(arena: Arena, units: number, batch: number, seed: bigint, stream: string): number {
  const len = units * batch
  const ptr = arena.allocate(4 * len)
  const key = streamKey('propagate', { seed, stream }, arena)
  arena.kernels.draw(ptr, 0n, len, key, NORMAL, 0, 1, 0, 0)
  return ptr
}
