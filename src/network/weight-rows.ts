import type { Draw } from '../initializers/draw'
import { materialise } from '../initializers/materialise'
import { NORMAL, UNIFORM } from '../random/draw'
import { streamKey } from '../random/stream'
import type { Arena } from '../wasm/instance'

/** Values of one block of a stream (assembly/random/stream.ts). */
const BLOCK = 4096

/** The rows of one weight matrix, made as they are asked for. */
export interface WeightRows {
  /** Address of rows from .. to - 1, row-major and dense, valid until the next call; `from` must not fall. */
  rows(from: number, to: number): number
}

/** Reads the weights fanOut x fanIn of (seed, stream) in stretches of at most maxRows rows; the same bits as the whole matrix. */
export function weightRows(
  arena: Arena,
  draw: Draw,
  fanOut: number,
  fanIn: number,
  maxRows: number,
  seed: bigint,
  stream: string,
): WeightRows {
  if (draw.distribution === 'normal') return drawn(arena, NORMAL, draw.mean, draw.stddev, fanIn, maxRows, seed, stream)
  if (draw.distribution === 'uniform') return drawn(arena, UNIFORM, draw.low, draw.high, fanIn, maxRows, seed, stream)
  // Trap: drawing may grow the memory, so the view is taken after it
  const weights = materialise('propagate', draw, [fanOut, fanIn], { seed, stream })
  const ptr = arena.allocate(4 * fanOut * fanIn)
  arena.f32(ptr, fanOut * fanIn).set(weights)
  return { rows: (from) => ptr + 4 * from * fanIn }
}

/** Draws whole blocks only, each one once: what lies beyond the rows asked for is kept for the next call. */
function drawn(
  arena: Arena,
  distribution: number,
  a: number,
  b: number,
  fanIn: number,
  maxRows: number,
  seed: bigint,
  stream: string,
): WeightRows {
  const { kernels } = arena
  const key = streamKey('propagate', { seed, stream }, arena)
  const ptr = arena.allocate(4 * (maxRows * fanIn + 2 * BLOCK))
  // the buffer holds values start .. end - 1 of the stream, both multiples of the block
  let start = 0
  let end = 0
  return {
    rows(from, to) {
      const keep = Math.floor((from * fanIn) / BLOCK) * BLOCK
      if (keep < end) arena.f32(ptr, end - start).copyWithin(0, keep - start)
      else end = keep
      start = keep
      const until = Math.ceil((to * fanIn) / BLOCK) * BLOCK
      for (; end < until; end += BLOCK)
        kernels.draw(ptr + 4 * (end - start), BigInt(end), BLOCK, key, distribution, a, b, 0, 0)
      return ptr + 4 * (from * fanIn - start)
    },
  }
}
