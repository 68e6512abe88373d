import type { MomentLayer } from '../theory/network-moments'
import { type Layer, unitsOf } from './document'
import { sourcePositions } from './window'

/** The layers as theory takes them: variances and what is read where, no streams and no sizes of batches. */
export function momentLayers(layers: readonly Layer[]): MomentLayer[] {
  return layers.map((layer) => {
    switch (layer.kind) {
      case 'dense': {
        const { weightVariance, bias } = layer
        return {
          kind: 'dense',
          units: layer.to[0],
          inputs: unitsOf(layer.from),
          weightVariance,
          biasVariance: bias * bias,
        }
      }
      case 'conv':
        return convolutionMoments(layer)
      case 'activation':
        return { kind: 'activation', activation: layer.activation.activation }
      case 'residual':
        return { kind: 'residual', scale: layer.scale, layers: momentLayers(layer.layers) }
      default:
        return { kind: layer.kind }
    }
  })
}

function convolutionMoments({
  from,
  to,
  groups,
  window,
  weightVariance,
  bias,
}: Extract<Layer, { kind: 'conv' }>): MomentLayer {
  const source = sourcePositions(window)
  const taps = unitsOf(window.kernel)
  const reads = Array.from({ length: unitsOf(window.to) }, (_, p) =>
    Array.from(source.subarray(p * taps, (p + 1) * taps)).filter((at) => at >= 0),
  )
  return {
    kind: 'conv',
    fanIn: from[0] / groups,
    fanOut: to[0] / groups,
    weightVariance,
    biasVariance: bias * bias,
    reads,
    positions: unitsOf(window.from),
  }
}
