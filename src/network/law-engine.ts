import type { Draw } from '../initializers/draw'
import { streamKey } from '../random/stream'
import type { Arena } from '../wasm/instance'
import type { DenseEngine } from './dense-engine'
import type { Panels } from './panels'

/**
 * Gaussian weights integrated out (assembly/law/dense.ts): the same distribution as with weights, forward and backward, from
 * batch x (fanIn + fanOut) normals a layer. Streams `layers.L.law`, what the activations see of W, and `layers.L.law.back`, what only
 * the gradient sees.
 */
export const LAW: DenseEngine = {
  prepare(arena, x, layers) {
    return layers * arena.kernels.lawFactorBytes(x.units, x.batch) > KEPT_BYTES ? null : factored(arena, x)
  },
  forward(arena, z, x, draw, seed, layer, prepared) {
    const factor = prepared ?? factored(arena, x)
    const work = arena.allocate(arena.kernels.lawWorkBytes(z.units, x.units, x.batch))
    const key = streamKey('propagate', { seed, stream: `${layer}.law` }, arena)
    arena.kernels.lawForward(z.ptr, factor, z.units, x.units, x.batch, key, stddev(draw), work)
  },
  backward(arena, grad, delta, x, draw, seed, layer, prepared) {
    const { kernels } = arena
    const factor = prepared ?? factored(arena, x)
    const work = arena.allocate(kernels.lawWorkBytes(delta.units, x.units, x.batch))
    const squares = arena.allocate(16)
    const [key, fresh] = ['law', 'law.back'].map((name) =>
      streamKey('propagate', { seed, stream: `${layer}.${name}` }, arena),
    )
    const [m, n] = [delta.units, x.units]
    kernels.lawBackward(grad.ptr, squares, delta.ptr, factor, m, n, x.batch, key, fresh, stddev(draw), work)
    const [square, weightGradSquare] = arena.f64(squares, 2)
    return { secondMoment: square / (m * x.batch), weightGradSquare }
  },
}

/** What the factors of all inputs may take together. */
const KEPT_BYTES = 2 ** 25

function factored(arena: Arena, x: Panels): number {
  const ptr = arena.allocate(arena.kernels.lawFactorBytes(x.units, x.batch))
  arena.kernels.lawFactor(ptr, x.ptr, x.units, x.batch)
  return ptr
}

/** Whether a draw is of independent normals about 0, the one law that is the same in every basis. */
export function isRotationInvariant(draw: Draw): boolean {
  return draw.distribution === 'normal' && draw.mean === 0
}

function stddev(draw: Draw): number {
  return draw.distribution === 'normal' ? draw.stddev : Number.NaN
}
