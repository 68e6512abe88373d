import type { Draw } from '../initializers/draw'
import { NORMAL } from '../random/draw'
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
  prepare(arena, x, units, layers) {
    return layers * recordBytes(arena, x, units) > KEPT_BYTES ? null : factored(arena, x, units)
  },
  forward(arena, z, x, draw, seed, layer, prepared) {
    const factor = prepared ?? factored(arena, x, z.units)
    const g = seenWeights(arena, x, factor)
    const key = streamKey('propagate', { seed, stream: `${layer}.law` }, arena)
    arena.kernels.lawForward(z.ptr, g, factor, z.units, x.batch, key, stddev(draw))
  },
  backward(arena, grad, delta, x, draw, seed, layer, prepared = null) {
    const { kernels } = arena
    const [m, n, { batch }] = [delta.units, x.units, x]
    const factor = prepared ?? factored(arena, x, m)
    const g = seenWeights(arena, x, factor)
    const [key, fresh] = ['law', 'law.back'].map((name) =>
      streamKey('propagate', { seed, stream: `${layer}.${name}` }, arena),
    )
    if (prepared === null) kernels.draw(g, 0n, m * batch, key, NORMAL, 0, stddev(draw), 0, 0)
    const work = arena.allocate(kernels.lawWorkBytes(m, n, batch))
    const squares = arena.allocate(16)
    kernels.lawBackward(grad.ptr, squares, delta.ptr, g, factor, m, n, batch, fresh, stddev(draw), work)
    const [square, weightGradSquare] = arena.f64(squares, 2)
    return { secondMoment: square / (m * batch), weightGradSquare }
  },
}

/** What the records of all layers may take together. */
const KEPT_BYTES = 2 ** 25

/** Bytes of a factored input, and of what it sees of the weights of `units` outputs. */
function recordBytes(arena: Arena, x: Panels, units: number): number {
  return arena.kernels.lawFactorBytes(x.units, x.batch) + 4 * units * x.batch
}

function factored(arena: Arena, x: Panels, units: number): number {
  const ptr = arena.allocate(recordBytes(arena, x, units))
  arena.kernels.lawFactor(ptr, x.ptr, x.units, x.batch)
  return ptr
}

function seenWeights(arena: Arena, x: Panels, factor: number): number {
  return factor + arena.kernels.lawFactorBytes(x.units, x.batch)
}

/** Whether a draw is of independent normals about 0, the one law that is the same in every basis. */
export function isRotationInvariant(draw: Draw): boolean {
  return draw.distribution === 'normal' && draw.mean === 0
}

function stddev(draw: Draw): number {
  return draw.distribution === 'normal' ? draw.stddev : Number.NaN
}
