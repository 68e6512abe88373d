/** A chain as layers of the experiment room and what stands between them, each with its sizes: what the file does not say is declared or taken as usual. */

import { oneOf, wrongKind, wrongValue } from '../check'
import { sizeOf } from '../initializers/layout'
import type { FlattenStep, NormStep, PadStep, PoolStep } from '../io/model-step'
import { activationKernel } from '../network/activation-kernel'
import type { Batch } from '../network/spec'
import { type Layer, MOST_UNITS, type Size, unitsOf, type Weighted } from '../networks/document'
import { PADDINGS, type Padding, type Window, windowOf } from '../networks/window'
import type { ChainLayer } from './chain'
import { reachOf } from './reach'
import type { ChainStep } from './steps'

/** What is declared of a batch beside its values. */
export interface SampleOptions {
  /** Sizes of a sample that a convolution reads: [channels, ...space], or with the kernels of TensorFlow, channels last, [...space, channels]. */
  inputSize?: Size
  /** What convolutions read beyond the border; default as each tensor's `pads` say, else 'zero', which keeps the size. */
  padding?: Padding
}

/** The values of a layer: weights (out, in, ...) row-major, and biases or null. Asked for as they are needed. */
export interface LayerValues {
  weight(): Float32Array
  bias(): Float32Array | null
}

/** What stands at one place of a chain: a layer of the experiment room, a window over each channel, or a norm. */
export type Place =
  | { kind: 'layer'; layer: Layer }
  | { kind: 'pool'; window: Window; channels: number; largest: boolean; countPads: boolean }
  | { kind: 'norm'; step: NormStep; channels: number; units: number; turned: Size | null }

/** The chain, and what a sample is: [channels, ...space], or the inputs of a dense layer. */
export interface ChainNetwork {
  input: Size
  /** In their order. */
  places: Place[]
  /** Those with weights. */
  weighted: Weighted[]
  /** Whether samples, and what is flattened, have their channels last. */
  channelsLast: boolean
}

const space = ({ fans }: ChainLayer) => [...'DHW'].filter((letter) => fans.layout.includes(letter))
const isConv = ({ summary }: ChainLayer) => summary.reading.role === 'conv'

/** The signal's size at one place; what was flattened keeps the sizes that it had. */
interface At {
  size: Size
  flat: boolean
}

/** @throws RangeError for a batch or a layer that does not fit, and for what the passes do not know: transposed and 3-D kernels */
export function chainNetwork(
  steps: readonly ChainStep[],
  batch: Batch,
  { inputSize, padding }: SampleOptions,
): ChainNetwork {
  if (padding !== undefined) oneOf('inspect', 'padding', padding, PADDINGS)
  const chain = steps.flatMap((step) => (step.kind === 'weights' ? [step.layer] : []))
  const channelsLast = chain.some((layer) => isConv(layer) && /[OM]$/.test(layer.fans.layout))
  const input = sampleSize(chain[0], batch.columns, inputSize, channelsLast)
  const weighted: Weighted[] = []
  const places: Place[] = []
  let at: At = { size: input, flat: input.length === 1 }
  for (const step of steps) {
    const [place, next] = placed(step, at, padding, channelsLast)
    if (place?.kind === 'layer' && (place.layer.kind === 'dense' || place.layer.kind === 'conv'))
      weighted.push(place.layer)
    if (place) places.push(place)
    if (unitsOf(next.size) > MOST_UNITS) wrongValue('inspect', 'batch', `at most ${MOST_UNITS} values`, next.size)
    at = next
  }
  return { input, places, weighted, channelsLast }
}

/** What a step is at its place, null where it changes no value, and the size behind it. */
function placed(step: ChainStep, at: At, padding: Padding | undefined, channelsLast: boolean): [Place | null, At] {
  const { size, flat } = at
  switch (step.kind) {
    case 'weights': {
      const layer = isConv(step.layer) ? convLayer(step.layer, at, padding) : denseLayer(step.layer, at)
      return [
        { kind: 'layer', layer },
        { size: layer.to, flat: layer.to.length === 1 },
      ]
    }
    case 'activation': {
      const activation = activationKernel('inspect', step.activation)
      const path = step.activation.name
      return [{ kind: 'layer', layer: { path, kind: 'activation', from: size, to: size, activation } }, at]
    }
    case 'norm': {
      const axes = flat ? 1 : size.length
      if (step.axes !== undefined && step.axes !== axes)
        wrongValue('inspect', `${step.norm}-norm`, `all ${axes} axes of a sample`, step.axes)
      if (step.lastAxis !== undefined && step.lastAxis !== axes)
        wrongValue('inspect', `${step.norm}-norm`, `axis ${axes}, the last of its signal`, step.lastAxis)
      const turned = flat && size.length > 1 && channelsLast ? size : null
      return [{ kind: 'norm', step, channels: flat ? unitsOf(size) : size[0], units: unitsOf(size), turned }, at]
    }
    case 'flatten':
      return [null, { size, flat: true }]
    default: {
      const place = poolPlace(step, at)
      return [place, { size: [size[0], ...place.window.to], flat }]
    }
  }
}

/** Zeros around a channel are means of one value each. */
function poolPlace(step: Exclude<PoolStep | PadStep, FlattenStep>, { size, flat }: At): Place & { kind: 'pool' } {
  const from = size.slice(1)
  if (flat || from.length === 0)
    wrongValue('inspect', step.kind, 'channels of a line or an image before it, to pool', flat ? 'units' : size)
  const pool = step.kind === 'pad' ? { pool: 'average', kernel: 1, stride: 1, pads: step.pads, countPads: true } : step
  const kernel = pool.kernel === 'all' ? from : (pool.kernel as number | number[])
  const stride = 'stride' in pool && pool.stride !== undefined ? pool.stride : kernel
  const window = reachOf(step.kind, from, { ...pool, kernel, stride })
  return { kind: 'pool', window, channels: size[0], largest: pool.pool === 'max', countPads: pool.countPads ?? false }
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

function denseLayer(layer: ChainLayer, { size, flat }: At): Weighted {
  const { name, inputs, outputs } = layer
  if (!flat) wrongValue('inspect', `'${name}'`, 'a flatten step between channels and a dense weight', size)
  if (unitsOf(size) !== inputs)
    wrongValue(
      'inspect',
      'batch',
      `a chain whose sizes meet: '${name}' takes ${inputs} values and gets ${size.join(' x ')}; declare stride and padding, pooling as a step, or leave the batch out`,
      unitsOf(size),
    )
  return { path: name, kind: 'dense', from: size, to: [outputs], ...stored(layer) }
}

function convLayer(layer: ChainLayer, { size, flat }: At, padding: Padding | undefined): Weighted {
  const { name, inputs, outputs, fans, summary } = layer
  const { reading, facts } = summary
  const axes = space(layer)
  if (reading.transposed || axes.length > 2)
    wrongValue('inspect', 'batch', 'no transposed and no 3-D kernels in its chain; leave the batch out', `'${name}'`)
  if (flat || size.length !== axes.length + 1 || size[0] !== inputs)
    wrongValue('inspect', `'${name}'`, `${inputs} channels of ${axes.length} axes to read`, size)
  const kernel = axes.map((letter) => sizeOf(letter, fans.layout, facts.shape))
  const { stride = 1, pads, dilation } = facts
  const [path, from] = [`'${name}'`, size.slice(1)]
  const own = padding === undefined && (pads !== undefined || dilation !== undefined)
  const window = own
    ? reachOf(path, from, { kernel, stride, pads: pads ?? 'same-upper', dilation })
    : windowOf('inspect', path, from, kernel, stride, padding ?? 'zero')
  const groups = fans.layout.includes('M') ? inputs : reading.groups
  return { path: name, kind: 'conv', from: size, to: [outputs, ...window.to], groups, window, ...stored(layer) }
}

/** Weights that are in the file, and not drawn. */
function stored({ name, weightSquare }: ChainLayer) {
  return { init: 'as stored', weightVariance: weightSquare, bias: 0, stream: name }
}
