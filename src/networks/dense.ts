import { recipe } from '../initializers/names'
import { type Panels, panelStride } from '../network/panels'
import { multiply, multiplyTransposed, weightGradSquare } from '../network/weight-products'
import type { Arena } from '../wasm/instance'
import { unitsOf, type Weighted } from './document'
import type { LinearMap } from './layer-numbers'

/** W: outputs x inputs, row-major at weightsPtr. */
export function denseMap(arena: Arena, weightsPtr: number): LinearMap {
  return {
    forward: (out, x) => denseForward(arena, weightsPtr, out, x),
    back: (grad, delta) => denseBack(arena, weightsPtr, grad, delta),
    ...gradients(arena),
  }
}

/** The weights of a seed, drawn where they are used and again on the way back. */
export function drawnDenseMap(arena: Arena, layer: Weighted, seed: bigint): LinearMap {
  const draw = recipe(layer.init).draw(unitsOf(layer.from), layer.to[0])
  const stream = `${layer.stream}.weight`
  return {
    forward: (out, x) => arena.scratch(() => multiply(arena, out, x, draw, seed, stream)),
    back: (grad, delta) => multiplyTransposed(arena, grad, delta, draw, seed, stream),
    ...gradients(arena),
  }
}

function gradients(arena: Arena): Pick<LinearMap, 'gradient' | 'gradientSquare'> {
  return {
    gradient: (toPtr, x, delta) => denseGradient(arena, toPtr, x, delta),
    gradientSquare: (x, delta) => arena.scratch(() => weightGradSquare(arena, delta, x)),
  }
}

/** out = W x. */
export function denseForward({ kernels }: Arena, weightsPtr: number, out: Panels, x: Panels): void {
  const [m, k, n] = [out.units, x.units, 8 * x.panels]
  kernels.multiplyPanels(out.ptr, 32, panelStride(out), weightsPtr, 4 * k, x.ptr, panelStride(x), m, k, n, 0)
}

/** grad = W^T delta, by blocks of the accumulation order along the rows of W. */
export function denseBack(arena: Arena, weightsPtr: number, grad: Panels, delta: Panels): void {
  const { kernels } = arena
  const [k, n] = [grad.units, 8 * grad.panels]
  const [out, stride] = [panelStride(grad), panelStride(delta)]
  const block = kernels.K_BLOCK.value
  arena.scratch(() => {
    const turned = arena.allocate(4 * k * Math.min(delta.units, block))
    for (let row = 0; row < delta.units; row += block) {
      const rows = Math.min(block, delta.units - row)
      kernels.transpose(turned, 4 * rows, weightsPtr + 4 * row * k, 4 * k, rows, k)
      const d = delta.ptr + 32 * row
      kernels.multiplyPanels(grad.ptr, 32, out, turned, 4 * rows, d, stride, k, rows, n, row > 0 ? 1 : 0)
    }
  })
}

/** delta x^T at toPtr: units of delta x units of x, row-major; the sum over the batch runs in ascending order. */
export function denseGradient(arena: Arena, toPtr: number, x: Panels, delta: Panels): void {
  const { kernels } = arena
  const [m, n, batch] = [delta.units, x.units, delta.batch]
  arena.scratch(() => {
    const left = arena.allocate(4 * m * batch)
    kernels.unpackPanels(left, delta.ptr, m, batch, 4 * batch)
    const right = arena.allocate(32 * batch * Math.ceil(n / 8))
    kernels.transposePanels(right, x.ptr, n, batch)
    kernels.multiplyPanels(toPtr, 4 * n, 32, left, 4 * batch, right, 32 * batch, m, batch, n, 0)
  })
}
