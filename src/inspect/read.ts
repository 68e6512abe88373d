/** Tensors in memory: checked, summed up, and their values handed to the chain. */

import { wrongKind, wrongValue } from '../check'
import { fromStorage, isLogical, logicalAxes } from '../initializers/layout'
import type { Dtype } from '../initializers/precision'
import type { Shape } from '../initializers/shape'
import type { ModelValues } from './measure-chain'
import type { Convention } from './role'
import { openSummary, type TensorSummary } from './summary'
import { checkFacts, checkValues, chunksOf, type InspectTensor, type Values } from './tensor'

/** One pass over each tensor; `vectors` are known to be such. @throws TypeError or RangeError naming the tensor */
export function summarise(
  tensors: readonly InspectTensor[],
  convention: Convention,
  vectors: ReadonlySet<string> = new Set(),
): TensorSummary[] {
  if (!Array.isArray(tensors)) wrongKind('inspect', 'tensors', 'an array of { name, shape, data }', tensors)
  const names = new Set<string>()
  return tensors.map((tensor, i) => {
    const where = `inspect: tensors[${i}]`
    const count = checkFacts(where, tensor)
    if (names.has(tensor.name)) wrongValue(where, 'name', 'one that comes once', tensor.name)
    names.add(tensor.name)
    const facts = vectors.has(tensor.name) ? { ...tensor, role: 'vector' as const } : tensor
    const open = openSummary(facts, convention, 'f32')
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

/** The values of layers as (out, in, ...) with their biases, and those of vectors, from a reader of whole tensors by name. */
export function modelValues(read: (name: string) => Values): ModelValues {
  return {
    layer: ({ name, fans, summary, biasName }) => ({
      weight: () => logical(single(read(name)), summary.facts.shape, fans.layout),
      bias: () => (biasName === null ? null : single(read(biasName))),
    }),
    vector: (name) => single(read(name)),
  }
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
