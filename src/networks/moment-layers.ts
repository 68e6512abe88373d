import type { MomentLayer } from '../theory/moment-layer'
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
  return {
    kind: 'conv',
    channels: to[0],
    fanIn: from[0] / groups,
    fanOut: to[0] / groups,
    weightVariance,
    biasVariance: bias * bias,
    source: sourcePositions(window),
    taps: unitsOf(window.kernel),
    positions: unitsOf(window.from),
  }
}
