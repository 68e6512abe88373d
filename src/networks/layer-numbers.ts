import type { Panels } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { convolutionMap } from './convolution'
import { denseMap, drawnDenseMap } from './dense'
import type { Weighted } from './document'
import { drawBias, drawWeights } from './draw'

/** W of a dense or convolution layer. Panels are units x batch; columns beyond the batch are carried along. */
export interface LinearMap {
  /** out = W x. */
  forward(out: Panels, x: Panels): void
  /** grad = W^T delta. */
  back(grad: Panels, delta: Panels): void
  /** dL/dW summed over the batch, written (out, in, ...) row-major at toPtr; delta is 0 beyond the batch. */
  gradient(toPtr: number, x: Panels, delta: Panels): void
  /** |dL/dW|_F^2 of that. */
  gradientSquare(x: Panels, delta: Panels): number
}

/** The numbers of a layer with weights: W, and where a bias for each channel lies; null for none. */
export interface LayerNumbers {
  map: LinearMap
  biasPtr: number | null
}

/** W of a layer, its weights (out, in, ...) row-major at weightsPtr. */
export function layerMap(arena: Arena, layer: Weighted, weightsPtr: number): LinearMap {
  return layer.kind === 'dense' ? denseMap(arena, weightsPtr) : convolutionMap(arena, layer, weightsPtr)
}

/** What a seed draws for a layer: dense weights where they are used and again on the way back, a convolution's once. */
export function drawnNumbers(arena: Arena, layer: Weighted, seed: bigint): LayerNumbers {
  return { map: drawnMap(arena, layer, seed), biasPtr: drawnBias(arena, layer, seed) }
}

function drawnMap(arena: Arena, layer: Weighted, seed: bigint): LinearMap {
  if (layer.kind === 'dense') return drawnDenseMap(arena, layer, seed)
  const weights = drawWeights(layer, seed)
  const ptr = arena.allocate(4 * weights.length)
  arena.f32(ptr, weights.length).set(weights)
  return convolutionMap(arena, layer, ptr)
}

function drawnBias(arena: Arena, layer: Weighted, seed: bigint): number | null {
  if (layer.bias === 0) return null
  const ptr = arena.allocate(4 * layer.to[0])
  drawBias(arena, ptr, layer, seed)
  return ptr
}
