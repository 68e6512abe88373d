import type { Draw } from '../initializers/draw'
import type { Arena } from '../wasm/instance'
import type { DenseEngine } from './dense-engine'
import { secondMomentOf } from './layer-statistics'
import { type Panels, panelStride } from './panels'
import { weightRows } from './weight-rows'

/** Weights `layers.L.weight` (fanOut x fanIn), drawn where they are used and drawn again on the way back. */
export const WEIGHTS: DenseEngine = {
  forward: (arena, z, x, draw, seed, layer) => multiply(arena, z, x, draw, seed, `${layer}.weight`),
  backward(arena, grad, delta, x, draw, seed, layer) {
    multiplyTransposed(arena, grad, delta, draw, seed, `${layer}.weight`)
    return { secondMoment: secondMomentOf(arena, delta), weightGradSquare: weightGradSquare(arena, delta, x) }
  },
}

/** Weights drawn and multiplied at once: as many as stay in a cache of the second level. */
const CHUNK_WEIGHTS = 65536

/** z = W x, the weights of a stream. */
export function multiply(arena: Arena, z: Panels, x: Panels, draw: Draw, seed: bigint, stream: string): void {
  const maxRows = Math.min(z.units, Math.max(4, Math.floor(CHUNK_WEIGHTS / x.units / 4) * 4))
  const weights = weightRows(arena, draw, z.units, x.units, maxRows, seed, stream)
  for (let row = 0; row < z.units; row += maxRows) {
    const rows = Math.min(maxRows, z.units - row)
    const w = weights.rows(row, row + rows)
    const [out, stride, n] = [z.ptr + 32 * row, 4 * x.units, 8 * x.panels]
    if (x.batch === 1) arena.kernels.multiplyVector(out, w, stride, x.ptr, rows, x.units)
    else arena.kernels.multiplyPanels(out, 32, panelStride(z), w, stride, x.ptr, panelStride(x), rows, x.units, n, 0)
  }
}

/** grad = W^T delta, the weights of a stream, by blocks of the accumulation order along the rows of W. */
export function multiplyTransposed(
  arena: Arena,
  grad: Panels,
  delta: Panels,
  draw: Draw,
  seed: bigint,
  stream: string,
): void {
  const block = arena.kernels.K_BLOCK.value
  const maxRows = Math.min(delta.units, block)
  arena.scratch(() => {
    const weights = weightRows(arena, draw, delta.units, grad.units, maxRows, seed, stream)
    const transposed = arena.allocate(4 * grad.units * maxRows)
    for (let row = 0; row < delta.units; row += block) {
      const rows = Math.min(block, delta.units - row)
      const stride = 4 * rows
      arena.kernels.transpose(transposed, stride, weights.rows(row, row + rows), 4 * grad.units, rows, grad.units)
      const d = delta.ptr + 32 * row
      const [out, n, add] = [grad.ptr, 8 * grad.panels, row > 0 ? 1 : 0]
      arena.kernels.multiplyPanels(
        out,
        32,
        panelStride(grad),
        transposed,
        stride,
        d,
        panelStride(delta),
        grad.units,
        rows,
        n,
        add,
      )
    }
  })
}

/** |delta h^T|_F^2 from the Gram matrices of the samples. */
export function weightGradSquare(arena: Arena, delta: Panels, h: Panels): number {
  const side = 8 * h.panels
  const [d, g] = [delta, h].map((x) => {
    const ptr = arena.allocate(8 * side * side)
    arena.kernels.gram(ptr, x.ptr, x.units, x.panels)
    return ptr
  })
  return arena.kernels.gramInner(d, g, h.panels)
}
