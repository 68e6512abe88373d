/** A document's trunk as steps: weights or a residual block and what follows up to the next. */

import { knownActivation } from '../report/cause'
import type { Layer } from './document'
import type { NetworkLayerResult } from './result'

export interface Station {
  /** Layer with weights, or residual; the first of all where there is neither. */
  head: Layer
  /** Names of the norms and of the activation between this and the next. */
  norm: Layer['kind'] | null
  activation: string | null
  /** Index of its last layer among all. */
  index: number
  /** That layer, and how it is called: the head's path. */
  end: NetworkLayerResult
  name: string
}

/** The trunk's layers, residuals without their branches, with their places among all. */
export function trunkIndices(rows: readonly NetworkLayerResult[]): number[] {
  return rows.flatMap(({ path }, i) => (path.includes('.') ? [] : [i]))
}

/** Whether it does the same to signals of any size. */
export function isScaleFree({ norm, activation }: Station): boolean {
  return norm === null && (activation === null || knownActivation(activation)?.negativeSlope != null)
}

const leads = ({ kind }: Layer) => kind === 'dense' || kind === 'conv' || kind === 'residual'

/** `layers` are the trunk's, `rows` all of them; what stands before the first weights is no step unless there are none. */
export function stations(layers: readonly Layer[], rows: readonly NetworkLayerResult[]): Station[] {
  const indices = trunkIndices(rows)
  const found: Station[] = []
  const none = !layers.some(leads)
  layers.forEach((layer, i) => {
    const index = indices[i]
    const end = rows[index]
    if (leads(layer) || (none && i === 0))
      found.push({ head: layer, norm: null, activation: null, index, end, name: end.path })
    const last = found[found.length - 1]
    if (last === undefined) return
    Object.assign(last, { index, end })
    if (layer.kind === 'activation') last.activation = layer.activation.activation.name
    else if (!leads(layer)) last.norm = layer.kind
  })
  return found
}
