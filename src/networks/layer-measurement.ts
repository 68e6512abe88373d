import { type LayerStatistics, layerStatistics } from '../network/layer-statistics'
import { panelsLen } from '../network/panels'
import { powerOfTwo } from '../network/power-of-two'
import type { Signal } from '../network/weights-engine'
import type { Arena } from '../wasm/instance'
import { type Layer, unitsOf } from './document'

/** What the gradient does at a layer's output, as logarithms. */
export interface LayerGradient {
  /** ln of the mean over batch and units of (dL/d output)^2. */
  logSecondMoment: number
  /** ln |dL/dW|_F summed over the batch; null where there are no weights. */
  logWeightGradNorm: number | null
}

/** One layer under one seed. */
export interface LayerMeasurement {
  forward: LayerStatistics
  /** Mean of the squares at each position, over batch and channels; empty where there are no positions. */
  profile: number[]
  backward: LayerGradient | null
}

/** f(c x) = c f(x) for c > 0: rectifiers between weights without biases, and residuals of such. */
export function isHomogeneous(layers: readonly Layer[]): boolean {
  return layers.every((layer) => {
    switch (layer.kind) {
      case 'dense':
      case 'conv':
        return layer.bias === 0
      case 'activation':
        return layer.activation.homogeneous
      case 'residual':
        return isHomogeneous(layer.layers)
      default:
        return false
    }
  })
}

/** A layer's output, as it was before any rescaling. */
export function measuredLayer(arena: Arena, layer: Layer, out: Signal): LayerMeasurement {
  const { panels, exponent } = out
  const ends = layer.kind === 'activation' ? layer.activation.ends : null
  return {
    forward: layerStatistics(arena, panels, exponent, ends),
    profile: profileOf(arena, layer, out),
    backward: null,
  }
}

function profileOf(arena: Arena, { to }: Layer, { panels: out, exponent }: Signal): number[] {
  if (to.length === 1) return []
  const positions = unitsOf(to.slice(1))
  const sums = new Float64Array(positions)
  const values = arena.f32(out.ptr, panelsLen(out))
  for (let b = 0; b < out.batch; b++)
    for (let i = 0; i < out.units; i++) {
      const value = values[((b >> 3) * out.units + i) * 8 + (b & 7)]
      sums[i % positions] += value * value
    }
  const count = (out.batch * out.units) / positions
  const scale = powerOfTwo(exponent)
  return Array.from(sums, (sum) => (sum / count) * scale * scale)
}
