import { initialize, takenOptions } from '../initializers/names'
import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import type { Arena } from '../wasm/instance'
import type { Weighted } from './document'

/** The weights of a layer, (out, in, ...) row-major, as `initialize` draws them for the stream `STREAM.weight`. */
export function drawWeights(layer: Weighted, seed: bigint): Float32Array {
  const at = { seed, stream: `${layer.stream}.weight` }
  if (layer.kind === 'dense') return initialize(layer.init, weightShape(layer), at)
  const layout = layer.from.length === 2 ? 'OIW' : 'OIHW'
  const options = takenOptions('network', layer.init, { ...at, layout, groups: layer.groups })
  return initialize(layer.init, weightShape(layer), options)
}

/** [out, in, ...], `in` of one group. */
export function weightShape(layer: Weighted): number[] {
  if (layer.kind === 'dense') return [layer.to[0], layer.from.reduce((a, b) => a * b, 1)]
  return [layer.to[0], layer.from[0] / layer.groups, ...layer.window.kernel]
}

/** One normal number a channel, stream `STREAM.bias`. */
export function drawBias(arena: Arena, toPtr: number, layer: Weighted, seed: bigint): void {
  const key = streamKey('propagate', { seed, stream: `${layer.stream}.bias` }, arena)
  arena.kernels.draw(toPtr, 0n, layer.to[0], key, NORMAL, 0, layer.bias, 0, 0)
}
