/** The layers of a model one after another: which tensors they are, and whether each takes what the one before gives. */

import { wrongValue } from '../check'
import type { Fans } from '../initializers/fans'
import { sizeOf } from '../initializers/layout'
import type { WeightStep } from '../io/model-step'
import type { TensorJudgement } from './judge'
import type { TensorSummary } from './summary'

/** A dense or convolution layer of a chain, as theory needs it. */
export interface ChainLayer {
  name: string
  summary: TensorSummary
  fans: Fans
  /** Channels. */
  inputs: number
  outputs: number
  /** Mean of w^2. */
  weightSquare: number
  /** Mean of b^2; 0 without a bias. */
  biasSquare: number
  biasName: string | null
}

export interface Chain {
  layers: ChainLayer[]
  /** Why there is no chain, naming the tensor; null when there is one. */
  broken: string | null
}

/**
 * The chain of the named tensors, or of all dense and convolution weights, in the order of the file or else of their names' numbers; a step
 * may say which its bias is.
 */
export function chainOf(
  summaries: readonly TensorSummary[],
  judgements: readonly TensorJudgement[],
  named: readonly (string | WeightStep)[] | undefined,
): Chain {
  const layers = summaries.flatMap((summary, i) => {
    const { fans } = judgements[i]
    const isLayer = summary.reading.role === 'dense' || summary.reading.role === 'conv'
    return fans !== null && isLayer ? [layerOf(summary, fans, summaries)] : []
  })
  if (named !== undefined) {
    const steps = named.map((step) => (typeof step === 'string' ? { name: step, bias: undefined } : step))
    return checked(
      steps.map(({ name, bias }) => withBias(layers.find((layer) => layer.name === name)!, bias, summaries)),
    )
  }
  if (layers.length === 0) return { layers, broken: 'no dense or convolution weight' }
  const inFile = checked(layers)
  if (inFile.broken === null) return inFile
  const byName = checked([...layers].sort((a, b) => natural(a.name, b.name)))
  return byName.broken === null ? byName : inFile
}

function layerOf(summary: TensorSummary, fans: Fans, summaries: readonly TensorSummary[]): ChainLayer {
  const { facts, reading, statistics } = summary
  const size = (letter: string) => sizeOf(letter, fans.layout, facts.shape)
  const [mine, theirs] = reading.transposed ? [1, reading.groups] : [reading.groups, 1]
  const depthwise = fans.layout.includes('M')
  const inputs = depthwise ? size('I') : size('I') * mine
  const outputs = depthwise ? size('I') * size('M') : size('O') * theirs
  const bias = biasOf(facts.name, outputs, summaries)
  return {
    ...{ name: facts.name, summary, fans, inputs, outputs },
    weightSquare: statistics.sum2 / statistics.count,
    biasSquare: bias === undefined ? 0 : bias.statistics.sum2 / bias.statistics.count,
    biasName: bias?.facts.name ?? null,
  }
}

/** The layer with the bias that its step names. */
function withBias(layer: ChainLayer, name: string | null | undefined, summaries: readonly TensorSummary[]): ChainLayer {
  if (name === undefined) return layer
  const bias = summaries.find(({ facts, reading }) => facts.name === name && reading.role === 'vector')
  if (name !== null && bias?.statistics.count !== layer.outputs)
    wrongValue('inspect', `the bias of '${layer.name}'`, `${layer.outputs} values`, name)
  const square = bias === undefined ? 0 : bias.statistics.sum2 / bias.statistics.count
  return { ...layer, biasName: name, biasSquare: square }
}

function biasOf(name: string, outputs: number, summaries: readonly TensorSummary[]): TensorSummary | undefined {
  const wanted = name.replace(/(weight|kernel|depthwise_kernel|W|w)$/, 'bias')
  if (wanted === name) return undefined
  return summaries.find(
    ({ facts, reading, statistics }) =>
      facts.name === wanted && reading.role === 'vector' && statistics.count === outputs,
  )
}

function checked(layers: ChainLayer[]): Chain {
  for (let i = 1; i < layers.length; i++) {
    const [below, above] = [layers[i - 1], layers[i]]
    const flattened = below.summary.reading.role === 'conv' && above.summary.reading.role === 'dense'
    const fits = above.inputs === below.outputs || (flattened && above.inputs % below.outputs === 0)
    if (!fits)
      return {
        layers,
        broken: `'${above.name}' takes ${above.inputs} values and '${below.name}' gives ${below.outputs}`,
      }
  }
  return { layers, broken: null }
}

/** Positions of each layer's outputs beside those of the last convolution: what a dense layer flattens, and what strides above take away. */
export function positionsOf(layers: readonly ChainLayer[]): number[] {
  const positions = new Array<number>(layers.length).fill(1)
  for (let l = layers.length - 2; l >= 0; l--) {
    const above = layers[l + 1]
    const dense = above.summary.reading.role === 'dense'
    positions[l] = dense ? above.inputs / layers[l].outputs : positions[l + 1] * stepOf(above)
  }
  return positions
}

/** How many times as many positions go in as come out. */
function stepOf({ summary: { facts, reading } }: ChainLayer): number {
  const { stride = 1, shape } = facts
  const steps = typeof stride === 'number' ? stride ** (shape.length - 2) : stride.reduce((a, b) => a * b, 1)
  return reading.transposed ? 1 / steps : steps
}

/** 'layers.2' before 'layers.10'. */
function natural(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.split(/(\d+)/))
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue
    if (i % 2 === 1 && Number(x[i]) !== Number(y[i])) return Number(x[i]) - Number(y[i])
    return x[i] < y[i] ? -1 : 1
  }
  return x.length - y.length
}
