import type { Arena } from '../wasm/instance'
import { convolutionMap } from './convolution'
import { denseMap } from './dense'
import type { LinearMap } from './linear-map'
import type { Weighted } from './passes'

/** W of a layer, its weights (out, in, ...) row-major at weightsPtr. */
export function layerMap(arena: Arena, layer: Weighted, weightsPtr: number): LinearMap {
  return layer.kind === 'dense' ? denseMap(arena, weightsPtr) : convolutionMap(arena, layer, weightsPtr)
}
