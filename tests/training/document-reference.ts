/** Networks of documents in plain f64: the outputs of a batch, from weights and biases given layer by layer. */

import { activation } from '../../src/activations/resolve'
import type { Layer, Weighted } from '../../src/networks/document'
import { plainConvolution } from '../networks/reference'

/** Weights (out, in, ...) row-major and a bias for each channel. */
export interface PlainNumbers {
  weight: Float64Array
  bias: Float64Array
}

/** By the layers with weights, those of a residual branch where the residual stands. */
export type PlainNetwork = ReadonlyMap<Weighted, PlainNumbers>

const EPSILON = 1e-5

/** The samples of a batch, each its own array, through the layers. */
export function plainForward(layers: readonly Layer[], numbers: PlainNetwork, x: Float64Array[]): Float64Array[] {
  return layers.reduce((h, layer) => plainLayer(layer, numbers, h), x)
}

function plainLayer(layer: Layer, numbers: PlainNetwork, x: Float64Array[]): Float64Array[] {
  switch (layer.kind) {
    case 'dense': {
      const { weight, bias } = numbers.get(layer)!
      return x.map((h) => bias.map((b, i) => h.reduce((sum, v, j) => sum + weight[i * h.length + j] * v, b)))
    }
    case 'conv': {
      const { weight, bias } = numbers.get(layer)!
      const { from, to, groups, window } = layer
      const { forward } = plainConvolution(weight, from[0], to[0], groups, window)
      return x.map((h) => forward(h).map((v, i, all) => v + bias[Math.floor((i * to[0]) / all.length)]))
    }
    case 'activation': {
      const { f } = activation(layer.activation.activation.name)
      return x.map((h) => h.map(f))
    }
    case 'residual': {
      const branch = plainForward(layer.layers, numbers, x)
      return x.map((h, b) => h.map((v, i) => v + layer.scale * branch[b][i]))
    }
    case 'batchNorm':
      return acrossBatch(x, layer.from[0])
    default:
      return x.map((h) => normalized(h, layer.kind === 'layerNorm'))
  }
}

function normalized(values: Float64Array, centred: boolean): Float64Array {
  const mean = centred ? values.reduce((a, b) => a + b) / values.length : 0
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
  return values.map((v) => (v - mean) / Math.sqrt(variance + EPSILON))
}

/** Each channel's values of all samples together. */
function acrossBatch(x: Float64Array[], channels: number): Float64Array[] {
  const positions = x[0].length / channels
  const out = x.map((h) => h.slice())
  for (let c = 0; c < channels; c++) {
    const at = (h: Float64Array) => h.subarray(c * positions, (c + 1) * positions)
    const own = normalized(Float64Array.from(x.flatMap((h) => [...at(h)])), true)
    for (const [b, h] of out.entries()) at(h).set(own.subarray(b * positions, (b + 1) * positions))
  }
  return out
}
