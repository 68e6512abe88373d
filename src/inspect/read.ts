/** Tensors in memory: checked, summed up, and their values handed to the chain. */

import { wrongKind, wrongValue } from '../check'
import { fromStorage, isLogical, logicalAxes } from '../initializers/layout'
import type { Dtype } from '../initializers/precision'
import type { Shape } from '../initializers/shape'
import type { ChainLayer } from './chain'
import type { LayerValues } from './chain-network'
import type { Convention } from './role'
import { openSummary, type TensorSummary } from './summary'
import { checkFacts, checkValues, chunksOf, type InspectTensor, type Values } from './tensor'

/** One pass over each tensor. @throws TypeError or RangeError naming the tensor */
export function summarise(tensors: readonly InspectTensor[], convention: Convention): TensorSummary[] {
  if (!Array.isArray(tensors)) wrongKind('inspect', 'tensors', 'an array of { name, shape, data }', tensors)
  const names = new Set<string>()
  return tensors.map((tensor, i) => {
    const where = `inspect: tensors[${i}]`
    const count = checkFacts(where, tensor)
    if (names.has(tensor.name)) wrongValue(where, 'name', 'one that comes once', tensor.name)
    names.add(tensor.name)
    const open = openSummary(tensor, convention, 'f32')
    let dtype: Dtype = 'f32'
    let read = 0
    for (const values of chunksOf(where, tensor, count)) {
      checkValues(where, values)
      if (values instanceof Float64Array) dtype = 'f64'
      read += values.length
      if (read > count) break
      open.push(values)
    }
    if (read !== count) wrongValue(where, 'chunks', `${count} values, as the shape says`, read)
    const summary = open.close()
    return { ...summary, dtype: tensor.dtype ?? dtype }
  })
}

/** The values of a layer as (out, in, ...), and its biases, from a reader of whole tensors by name. */
export function layerValues(read: (name: string) => Values): (layer: ChainLayer) => LayerValues {
  return ({ name, fans, summary, biasName }) => ({
    weight: () => logical(single(read(name)), summary.facts.shape, fans.layout),
    bias: () => (biasName === null ? null : single(read(biasName))),
  })
}

function logical(stored: Float32Array, shape: Shape, layout: string): Float32Array {
  const axes = logicalAxes(layout)
  if (isLogical(axes)) return stored
  const out = new Float32Array(stored.length)
  fromStorage(stored, out, shape, axes)
  return out
}

function single(values: Values): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
