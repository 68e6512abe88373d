/** A network document as the steps of a model whose tensors a file has in its order. */

import { wrongValue } from '../check'
import type { ModelStep, NormStep } from '../io/model-step'
import type { TensorUse } from '../io/tensor-stream'
import { checkedDocument } from '../networks/check-document'
import type { NetworkDocument, Size, Weighted } from '../networks/document'
import type { Window } from '../networks/window'

/** What a document says of a file's tensors. */
export interface DocumentSteps {
  steps: ModelStep[]
  uses: Map<string, TensorUse>
  input: Size
}

interface Named {
  name: string
  shape: readonly number[]
}

const WEIGHT = /(weight|kernel)$/i
const NUMBERS: Record<'scale' | 'shift' | 'mean' | 'variance', RegExp> = {
  scale: /[./](weight|gamma|scale)$/,
  shift: /[./](bias|beta)$/,
  mean: /[./](running_mean|moving_mean)$/,
  variance: /[./](running_var|moving_variance)$/,
}

/**
 * Weights and the numbers of norms are taken in the order of their names, 'layers.2' before 'layers.10', weights as [out, in, ...].
 * @throws RangeError with the path of a residual layer, a border other than zeros, or where the file has other weights or norms
 */
export function documentSteps(document: NetworkDocument, tensors: readonly Named[]): DocumentSteps {
  const { input, layers } = checkedDocument('inspect', document, 'he-normal')
  const sorted = [...tensors].sort((a, b) => natural.compare(a.name, b.name))
  const weights = sorted.filter(({ name, shape }) => shape.length > 1 && WEIGHT.test(name))
  const wanted = layers.filter((layer) => layer.kind === 'dense' || layer.kind === 'conv')
  if (weights.length !== wanted.length)
    wrongValue('inspect', 'network.layers', `${weights.length} layers with weights, as the file has`, wanted.length)
  const norms = normsOf(sorted, weights)
  const places = layers.filter(({ kind }) => /Norm$/.test(kind))
  if (norms.length > 0 && norms.length !== places.length)
    wrongValue('inspect', 'network.layers', `${norms.length} norms, as the file has`, places.length)
  const uses = new Map<string, TensorUse>()
  const steps = layers.flatMap((layer): ModelStep[] => {
    switch (layer.kind) {
      case 'dense':
      case 'conv': {
        const { name } = weights[wanted.indexOf(layer)]
        uses.set(name, useOf(layer))
        const flattened: ModelStep[] = layer.kind === 'dense' && layer.from.length > 1 ? [{ kind: 'flatten' }] : []
        return [...flattened, { kind: 'weights', name }]
      }
      case 'activation':
        return [{ kind: 'activation', name: layer.activation.activation.name }]
      case 'residual':
        return wrongValue('inspect', layer.path, 'layers one after another', layer.kind)
      default: {
        const norm = { batchNorm: 'batch', layerNorm: 'layer', rmsNorm: 'rms' } as const
        return [{ kind: 'norm', norm: norm[layer.kind], ...norms[places.indexOf(layer)] }]
      }
    }
  })
  return { steps, uses, input }
}

const natural = new Intl.Collator('en', { numeric: true })

/** Tensors of one prefix that are no weight and its bias. */
function normsOf(sorted: readonly Named[], weights: readonly Named[]): Partial<NormStep>[] {
  const prefix = (name: string) => name.replace(/[./][^./]*$/, '')
  const others = new Set(weights.map(({ name }) => prefix(name)))
  const groups = new Map<string, Partial<NormStep>>()
  for (const { name } of sorted) {
    const key = prefix(name)
    if (others.has(key)) continue
    for (const [number, ending] of Object.entries(NUMBERS))
      if (ending.test(name)) groups.set(key, { ...groups.get(key), [number]: name })
  }
  return [...groups.values()]
}

function useOf(layer: Weighted): TensorUse {
  if (layer.kind === 'dense') return { role: 'dense', layout: 'OI' }
  const { groups, window, path, from } = layer
  if (window.padding !== 'zero' && window.padding !== 'none')
    wrongValue('inspect', `${path}.padding`, "'zero' or 'none'", window.padding)
  return {
    ...{ role: 'conv', layout: from.length === 2 ? 'OIW' : 'OIHW', stride: window.stride, pads: padsOf(window) },
    ...(groups > 1 ? { groups } : {}),
  }
}

/** Those that give the positions which the document's padding has. */
function padsOf({ from, to, kernel, stride, padding }: Window): number[] {
  const before = kernel.map((taps) => (padding === 'none' ? 0 : Math.floor((taps - 1) / 2)))
  const behind = kernel.map((taps, axis) =>
    Math.max(0, (to[axis] - 1) * stride[axis] + taps - from[axis] - before[axis]),
  )
  return [...before, ...behind]
}
