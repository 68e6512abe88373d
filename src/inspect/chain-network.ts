/** A chain as layers of the experiment room, so that its passes can be run: what the file does not say, sizes and borders, is declared or taken as usual. */

import { oneOf, wrongKind, wrongValue } from '../check'
import { sizeOf } from '../initializers/layout'
import type { ActivationKernel } from '../network/activation-kernel'
import type { Batch } from '../network/spec'
import { type Layer, type Size, unitsOf, type Weighted } from '../networks/document'
import { PADDINGS, type Padding, windowOf } from '../networks/window'
import type { ChainLayer } from './chain'

/** What is declared of a batch beside its values. */
export interface SampleOptions {
  /** Sizes of a sample that a convolution reads: [channels, ...space], or with the kernels of TensorFlow, channels last, [...space, channels]. */
  inputSize?: Size
  /** What convolutions read beyond the border; default 'zero', which keeps the size. */
  padding?: Padding
}

/** The values of a layer: weights (out, in, ...) row-major, and biases or null. Asked for as they are needed. */
export interface LayerValues {
  weight(): Float32Array
  bias(): Float32Array | null
}

/** The chain, and what a sample is: [channels, ...space], or the inputs of a dense layer. */
export interface ChainNetwork {
  input: Size
  /** Weights and activation in turn; the last activation is the last layer. */
  layers: Layer[]
  /** Those with weights, in the order of the chain. */
  weighted: Weighted[]
  /** Whether samples, and what is flattened for a dense layer, have their channels last. */
  channelsLast: boolean
}

const space = ({ fans }: ChainLayer) => [...'DHW'].filter((letter) => fans.layout.includes(letter))
const isConv = ({ summary }: ChainLayer) => summary.reading.role === 'conv'

/** @throws RangeError for a batch or a layer that does not fit, and for what the passes do not know: transposed and 3-D kernels */
export function chainNetwork(
  chain: readonly ChainLayer[],
  activation: ActivationKernel,
  batch: Batch,
  { inputSize, padding = 'zero' }: SampleOptions,
): ChainNetwork {
  oneOf('inspect', 'padding', padding, PADDINGS)
  const channelsLast = chain.some((layer) => isConv(layer) && /[OM]$/.test(layer.fans.layout))
  const input = sampleSize(chain[0], batch.columns, inputSize, channelsLast)
  const weighted: Weighted[] = []
  const layers = chain.flatMap((layer): Layer[] => {
    const from = weighted[weighted.length - 1]?.to ?? input
    const own = isConv(layer) ? convLayer(layer, from, padding) : denseLayer(layer, from)
    weighted.push(own)
    return [own, { path: layer.name, kind: 'activation', from: own.to, to: own.to, activation }]
  })
  return { input, layers, weighted, channelsLast }
}

function sampleSize(first: ChainLayer, columns: number, given: unknown, channelsLast: boolean): Size {
  const { name, inputs } = first
  if (!isConv(first)) {
    if (given !== undefined) wrongValue('inspect', 'inputSize', `none: '${name}' is dense`, given)
    if (columns !== inputs) wrongValue('inspect', 'batch.columns', `${inputs}, the inputs of '${name}'`, columns)
    return [inputs]
  }
  if (given === undefined) return usualSize(first, columns)
  const axes = space(first).length + 1
  if (!Array.isArray(given) || given.length !== axes)
    return wrongKind('inspect', 'inputSize', `${axes} sizes of a sample that '${name}' reads`, given)
  const size: Size = channelsLast ? [given[axes - 1], ...given.slice(0, -1)] : given
  if (size[0] !== inputs) wrongValue('inspect', 'inputSize', `${inputs} channels, as '${name}' reads`, given)
  if (unitsOf(size) !== columns) wrongValue('inspect', 'inputSize', `${columns} values, the columns of batch`, given)
  return size
}

/** A line, or a square. */
function usualSize(first: ChainLayer, columns: number): Size {
  const { name, inputs } = first
  const positions = columns / inputs
  if (!Number.isInteger(positions))
    return wrongValue('inspect', 'batch.columns', `a multiple of ${inputs}, the channels of '${name}'`, columns)
  if (space(first).length === 1) return [inputs, positions]
  const side = Math.sqrt(positions)
  if (Number.isInteger(side)) return [inputs, side, side]
  return wrongValue(
    'inspect',
    'inputSize',
    `the sizes of a sample: ${inputs} x ${positions} values are no squares`,
    undefined,
  )
}

function denseLayer(layer: ChainLayer, from: Size): Weighted {
  const { name, inputs, outputs } = layer
  if (unitsOf(from) !== inputs)
    wrongValue(
      'inspect',
      'batch',
      `a chain whose sizes meet: '${name}' takes ${inputs} values and gets ${from.join(' x ')}; declare stride and padding (pooling is not known), or leave the batch out`,
      unitsOf(from),
    )
  return { path: name, kind: 'dense', from, to: [outputs], ...stored(layer) }
}

function convLayer(layer: ChainLayer, from: Size, padding: Padding): Weighted {
  const { name, inputs, outputs, fans, summary } = layer
  const { reading, facts } = summary
  const axes = space(layer)
  if (reading.transposed || axes.length > 2)
    wrongValue('inspect', 'batch', 'no transposed and no 3-D kernels in its chain; leave the batch out', `'${name}'`)
  const kernel = axes.map((letter) => sizeOf(letter, fans.layout, facts.shape))
  const window = windowOf('inspect', `'${name}'`, from.slice(1), kernel, facts.stride ?? 1, padding)
  const groups = fans.layout.includes('M') ? inputs : reading.groups
  return { path: name, kind: 'conv', from, to: [outputs, ...window.to], groups, window, ...stored(layer) }
}

/** Weights that are in the file, and not drawn. */
function stored({ name, weightSquare }: ChainLayer) {
  return { init: 'as stored', weightVariance: weightSquare, bias: 0, stream: name }
}
