import { type Panels, panelStride } from '../network/panels'
import { weightGradSquare } from '../network/weight-products'
import type { Arena } from '../wasm/instance'
import type { LinearMap } from './linear-map'

/** W: outputs x inputs, row-major at weightsPtr. */
export function denseMap(arena: Arena, weightsPtr: number): LinearMap {
  return {
    forward: (out, x) => denseForward(arena, weightsPtr, out, x),
    back: (grad, delta) => denseBack(arena, weightsPtr, grad, delta),
    gradient: (toPtr, x, delta) => denseGradient(arena, toPtr, x, delta),
    gradientSquare: (x, delta) => arena.scratch(() => weightGradSquare(arena, delta, x)),
  }
}

/** out = W x. */
export function denseForward({ kernels }: Arena, weightsPtr: number, out: Panels, x: Panels): void {
  const [m, k, n] = [out.units, x.units, 8 * x.panels]
  kernels.multiplyPanels(out.ptr, 32, panelStride(out), weightsPtr, 4 * k, x.ptr, panelStride(x), m, k, n, 0)
}

/** grad = W^T delta. */
export function denseBack(arena: Arena, weightsPtr: number, grad: Panels, delta: Panels): void {
  const { kernels } = arena
  const [m, k, n] = [delta.units, grad.units, 8 * grad.panels]
  arena.scratch(() => {
    const turned = arena.allocate(4 * m * k)
    kernels.transpose(turned, 4 * m, weightsPtr, 4 * k, m, k)
    const stride = panelStride(delta)
    kernels.multiplyPanels(grad.ptr, 32, panelStride(grad), turned, 4 * m, delta.ptr, stride, k, m, n, 0)
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
