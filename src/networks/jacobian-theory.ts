import { recipe } from '../initializers/names'
import type { JacobianResult } from '../network/result'
import { jacobianResult } from '../report/jacobian-result'
import { jacobian } from '../theory/jacobian'
import { type Layer, unitsOf } from './document'
import type { DocumentJacobian } from './jacobian'

/** The spectra of all seeds beside theory; `below` is the second moment of a unit normal gradient where it leaves the network at its input, null without theory. */
export function networkJacobian(
  layers: readonly Layer[],
  all: readonly DocumentJacobian[],
  below: number | null,
): JacobianResult {
  const [inputs, outputs] = [unitsOf(layers[0].from), unitsOf(layers[layers.length - 1].to)]
  const spectra = all.flatMap(({ spectrum }) => (spectrum ? [spectrum] : []))
  return jacobianResult(
    all.map(({ probes }) => probes),
    spectra,
    // E |J^T v|^2 of a unit normal v is tr J J^T
    { inputs, outputs, theory: below === null ? null : { m1: (inputs * below) / outputs, spread: spreadOf(layers) } },
  )
}

/**
 * m2/m1^2 of equally wide dense layers, each with a homogeneous activation or none: 1 plus what each layer adds, propagation.md 2.5; null for any other network.
 */
function spreadOf(layers: readonly Layer[]): number | null {
  const [width] = layers[0].from
  let spread = 1
  for (const [i, layer] of layers.entries()) {
    if (layer.kind === 'activation' && layers[i - 1]?.kind === 'dense') continue
    if (layer.kind !== 'dense' || layer.from.length > 1 || layer.from[0] !== width || layer.to[0] !== width) return null
    const next = layers[i + 1]
    const activation = next?.kind === 'activation' ? next.activation.activation : 'linear'
    if (typeof activation !== 'string' && activation.negativeSlope === null) return null
    const weights = recipe(layer.init).distribution === 'orthogonal' ? 'orthogonal' : 'gaussian'
    spread += jacobian({ activation, depth: 1, weights }).spread - 1
  }
  return spread
}
