/** The input-output Jacobian of a document at its batch's first sample, units of the output x values of the input. */

import { GROUP, type JacobianProbe, jacobianProbes, type Tangents } from '../network/jacobian-probes'
import { jacobianSpectrum } from '../network/jacobian-spectrum'
import { firstSample } from '../network/linearised'
import { allocatePanels, type Panels, panelsLen } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { unitsOf } from './document'
import { isHomogeneous } from './layer-measurement'
import { drawnNumbers } from './layer-numbers'
import { passLayers } from './passes'
import type { NetworkSpec } from './spec'

/** Probes of a seed's Jacobian, or its moments and singular values. */
export interface DocumentJacobian {
  probes: JacobianProbe[]
  spectrum?: number[]
}

/** Null where none was asked for. The directions are those of `propagate`. */
export function documentJacobian(spec: NetworkSpec, seed: bigint): DocumentJacobian | null {
  const { jacobian, input, layers } = spec
  if (jacobian === 0) return null
  const [features, units] = [unitsOf(input), unitsOf(layers[layers.length - 1].to)]
  return inArena((arena) => {
    const columns = jacobian === 'exact' ? units : GROUP
    const tangents = tangentsOf(arena, spec, seed, columns)
    if (jacobian === 'exact') return jacobianSpectrum(arena, tangents.back, features, units)
    return { probes: jacobianProbes(arena, tangents, units, seed, jacobian) }
  })
}

/** For so many columns, each of which has the sample's way through to itself. */
function tangentsOf(arena: Arena, spec: NetworkSpec, seed: bigint, columns: number): Tangents {
  const { input, layers, given, rescale } = spec
  const x = repeated(arena, firstSample(arena, given, unitsOf(input), seed), columns)
  const signals = rescale && isHomogeneous(layers)
  const { back, forth } = passLayers(
    {
      ...{ arena, backward: true, rescaleSignals: signals, rescaleGradients: true },
      numbers: (layer) => drawnNumbers(arena, layer, seed),
    },
    layers,
    { panels: x, exponent: 0 },
  )
  return { forth, back: (panels) => back({ panels, exponent: 0 }) }
}

function repeated(arena: Arena, panel: Panels, columns: number): Panels {
  const all = allocatePanels(arena, panel.units, columns)
  const [from, to] = [arena.f32(panel.ptr, panelsLen(panel)), arena.f32(all.ptr, panelsLen(all))]
  for (let i = 0; i < all.panels; i++) to.set(from, i * from.length)
  return all
}
