/** Depth scaling of the residual branches of a document: their scales, whether these are trained, and what the weights are multiplied by. */

import { wrongValue } from '../check'
import { roleFactor } from '../initializers/depth-scaling'
import { flat } from '../networks/cost'
import type { Layer, Weighted } from '../networks/document'
import type { Method } from './contender'

export type Residual = Extract<Layer, { kind: 'residual' }>

/** The layers with the scales that their branches start from. */
export interface BranchScaling {
  layers: Layer[]
  /** Whether the scales are trained. */
  learned: boolean
  /** Of layers whose drawn weights are multiplied by something; biases are not. */
  factors: ReadonlyMap<Weighted, number>
}

/** The residual layers, those within a branch where it stands. */
export function residualLayers(layers: readonly Layer[]): Residual[] {
  return flat(layers).filter((layer) => layer.kind === 'residual')
}

/** @throws RangeError naming the path of the layer that the method cannot scale */
export function branchScaling(
  where: string,
  name: string,
  { scale, learned, fixup }: NonNullable<Method['residual']>,
  layers: readonly Layer[],
): BranchScaling {
  const blocks = residualLayers(layers)
  if (blocks.length === 0) wrongValue(where, 'network.layers', `a residual layer for '${name}' to scale`, 'none')
  return {
    layers: withScale(layers, scale(blocks.length)),
    learned,
    factors: fixup ? fixupFactors(where, name, layers, blocks) : new Map(),
  }
}

function withScale(layers: readonly Layer[], scale: number): Layer[] {
  return layers.map((layer) =>
    layer.kind === 'residual' ? { ...layer, scale, layers: withScale(layer.layers, scale) } : layer,
  )
}

/** Zhang et al. 2019, section 3: branches^(-1/(2 m - 2)) in a branch of m layers with weights, 0 in its last and in the readout. */
function fixupFactors(
  where: string,
  name: string,
  layers: readonly Layer[],
  blocks: readonly Residual[],
): Map<Weighted, number> {
  const factors = new Map<Weighted, number>()
  for (const { path, layers: branch } of blocks) {
    const other = branch.find(({ kind }) => kind === 'residual' || /Norm$/.test(kind))
    if (other) wrongValue(where, other.path, `no norm and no residual within a branch, for '${name}'`, other.kind)
    const weighted = branch.filter(isWeighted)
    if (weighted.length === 0) wrongValue(where, `${path}.layers`, `a layer with weights, for '${name}'`, 'none')
    const rule = { rule: 'fixup', branches: blocks.length, layersPerBranch: weighted.length } as const
    weighted.forEach((layer, i) => {
      factors.set(layer, roleFactor(rule, i === weighted.length - 1 ? 'residual-out' : 'residual'))
    })
  }
  const readout = layers.findLast(isWeighted)
  if (readout) factors.set(readout, 0)
  return factors
}

function isWeighted(layer: Layer): layer is Weighted {
  return layer.kind === 'dense' || layer.kind === 'conv'
}
