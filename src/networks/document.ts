/** A network as plain data, ready for JSON: what people build from dense, convolution, norm and residual layers. */

import type { ActivationSpec } from '../activations/activation'
import { finite, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import { initStd, type NamedOptions } from '../initializers/names'
import { type ActivationKernel, activationKernel } from '../network/activation-kernel'
import { PADDINGS, type Padding, type Window, windowOf } from './window'

/** W x + b; every value of the layer before is an input. */
export interface DenseLayer {
  kind: 'dense'
  units: number
  /** Name of an initializer; default that of the experiment. */
  init?: string
  /** Standard deviation of the biases; default 0. */
  bias?: number
}

/** A convolution, 1-D or 2-D as its input is. */
export interface ConvLayer {
  kind: 'conv'
  /** Output channels, a multiple of groups. */
  channels: number
  /** Size along each spatial axis, one for all or one each. */
  kernel: number | readonly number[]
  /** Default 1. */
  stride?: number | readonly number[]
  /** 'zero', 'circular' and 'reflect' give ceil(size / stride) positions, 'none' what fits. Default 'zero'. */
  padding?: Padding
  /** Default 1. */
  groups?: number
  init?: string
  bias?: number
}

/** f of every value. */
export interface ActivationLayer {
  kind: 'activation'
  name: ActivationSpec
}

/** (x - mean)/sqrt(variance + 1e-5): over a sample's units (layerNorm), a channel's values of the batch (batchNorm); rmsNorm leaves the mean. */
export interface NormLayer {
  kind: 'layerNorm' | 'rmsNorm' | 'batchNorm'
}

/** x + scale F(x), F the layers. */
export interface ResidualLayer {
  kind: 'residual'
  /** Default 1. */
  scale?: number
  layers: readonly LayerDocument[]
}

/** One layer of a document. */
export type LayerDocument = DenseLayer | ConvLayer | ActivationLayer | NormLayer | ResidualLayer

/** What goes in, and the layers it passes, first to last. */
export interface NetworkDocument {
  /** [features], [channels, length] or [channels, height, width]. */
  input: readonly number[]
  layers: readonly LayerDocument[]
}

/** [channels, ...space]. */
export type Size = readonly number[]

interface Placed {
  /** 'layers[3].layers[0]'. */
  path: string
  from: Size
  to: Size
}

/** A layer with every default filled in and its sizes known. */
export type Layer = Placed &
  (
    | { kind: 'dense'; init: string; weightVariance: number; bias: number }
    | { kind: 'conv'; init: string; weightVariance: number; bias: number; groups: number; window: Window }
    | { kind: 'activation'; activation: ActivationKernel }
    | { kind: 'layerNorm' | 'rmsNorm' | 'batchNorm' }
    | { kind: 'residual'; scale: number; layers: Layer[] }
  )

const MOST_UNITS = 1 << 24
const KINDS = ['dense', 'conv', 'activation', 'layerNorm', 'rmsNorm', 'batchNorm', 'residual'] as const
const FIELDS: Record<(typeof KINDS)[number], readonly string[]> = {
  dense: ['kind', 'units', 'init', 'bias'],
  conv: ['kind', 'channels', 'kernel', 'stride', 'padding', 'groups', 'init', 'bias'],
  activation: ['kind', 'name'],
  layerNorm: ['kind'],
  rmsNorm: ['kind'],
  batchNorm: ['kind'],
  residual: ['kind', 'scale', 'layers'],
}

/** Values of one sample. */
export function unitsOf(size: Size): number {
  return size.reduce((a, b) => a * b, 1)
}

/** The layers of a document, checked. @throws TypeError or RangeError naming the layer's path */
export function checkedDocument(where: string, value: unknown, init: string): { input: Size; layers: Layer[] } {
  const { input, layers } = options<NetworkDocument>(`${where}: network`, value, ['input', 'layers'])
  if (!Array.isArray(input) || input.length < 1 || input.length > 3)
    wrongKind(where, 'network.input', '[features], [channels, length] or [channels, height, width]', input)
  const size = input.map((n, i) => integer(where, `network.input[${i}]`, n, 1, MOST_UNITS))
  return {
    input: bounded(where, 'network.input', size),
    layers: checkedLayers(where, 'network.layers', layers, size, init),
  }
}

function bounded(where: string, path: string, size: Size): Size {
  return unitsOf(size) <= MOST_UNITS ? size : wrongValue(where, path, `at most ${MOST_UNITS} values`, size)
}

function checkedLayers(where: string, path: string, value: unknown, input: Size, init: string): Layer[] {
  if (!Array.isArray(value) || value.length === 0) wrongKind(where, path, 'an array of layers, not empty', value)
  let from = input
  return value.map((layer, i) => {
    const checked = checkedLayer(where, `${path}[${i}]`, layer, from, init)
    from = bounded(where, checked.path, checked.to)
    return checked
  })
}

function checkedLayer(where: string, path: string, value: unknown, from: Size, init: string): Layer {
  const kind = oneOf(where, `${path}.kind`, (value as LayerDocument | null | undefined)?.kind, KINDS)
  const layer = options<LayerDocument>(`${where}: ${path}`, value, FIELDS[kind]) as never
  switch (kind) {
    case 'dense':
      return checkedDense(where, path, layer, from, init)
    case 'conv':
      return checkedConv(where, path, layer, from, init)
    case 'activation':
      return { path, kind, from, to: from, activation: activationKernel(where, (layer as ActivationLayer).name) }
    case 'residual':
      return checkedResidual(where, path, layer, from, init)
    default:
      return { path, kind, from, to: from }
  }
}

function checkedDense(where: string, path: string, o: DenseLayer, from: Size, fallback: string): Layer {
  const to = [integer(where, `${path}.units`, o.units, 1, MOST_UNITS)]
  const init = (o.init ?? fallback) as string
  const std = stddev(where, path, init, [to[0], unitsOf(from)], {})
  const bias = finite(where, `${path}.bias`, withDefault(o.bias, 0), 0)
  return { path, kind: 'dense', from, to, init, weightVariance: std * std, bias }
}

/** Standard deviation of the weights; what their initializer refuses is refused with the layer's path. */
function stddev(where: string, path: string, init: string, shape: number[], o: NamedOptions): number {
  try {
    return initStd(init, shape, o)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      error.message = error.message.replace(/^initStd: (name|shape)/, `${where}: ${path}.init`)
    throw error
  }
}

function checkedConv(where: string, path: string, o: ConvLayer, from: Size, fallback: string): Layer {
  if (from.length < 2) wrongValue(where, path, 'an input of [channels, length] or [channels, height, width]', from)
  const groups = integer(where, `${path}.groups`, withDefault(o.groups, 1), 1)
  if (from[0] % groups !== 0)
    wrongValue(where, `${path}.groups`, `a divisor of ${from[0]}, the input's channels`, groups)
  const channels = integer(where, `${path}.channels`, o.channels, 1, MOST_UNITS)
  if (channels % groups !== 0) wrongValue(where, `${path}.channels`, `a multiple of ${groups}, the groups`, channels)
  const padding = oneOf(where, `${path}.padding`, withDefault(o.padding, 'zero'), PADDINGS)
  const window = windowOf(where, path, from.slice(1), o.kernel, withDefault(o.stride, 1), padding)
  const init = (o.init ?? fallback) as string
  const layout = from.length === 2 ? 'OIW' : 'OIHW'
  const std = stddev(where, path, init, [channels, from[0] / groups, ...window.kernel], { layout, groups })
  const bias = finite(where, `${path}.bias`, withDefault(o.bias, 0), 0)
  const to = [channels, ...window.to]
  return { path, kind: 'conv', from, to, init, weightVariance: std * std, bias, groups, window }
}

function checkedResidual(where: string, path: string, o: ResidualLayer, from: Size, init: string): Layer {
  const scale = finite(where, `${path}.scale`, withDefault(o.scale, 1))
  const layers = checkedLayers(where, `${path}.layers`, o.layers, from, init)
  const { to } = layers[layers.length - 1]
  if (to.length !== from.length || to.some((n, i) => n !== from[i]))
    wrongValue(where, `${path}.layers`, `an output of the input's size [${from.join(', ')}]`, to)
  return { path, kind: 'residual', from, to, scale, layers }
}
