/** From a document, in its short form or its long one, to layers with every default filled in: refused with the path of what is wrong. */

import { finite, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import type { NamedOptions } from '../initializers/names'
import {
  type ActivationLayer,
  type ConvLayer,
  type DenseLayer,
  type DenseNetwork,
  KINDS,
  type Layer,
  type LayerDocument,
  type LayeredNetwork,
  MOST_LAYERS,
  MOST_UNITS,
  type RepeatLayer,
  type ResidualLayer,
  type Size,
  unitsOf,
} from './document'
import { checkedActivation, checkedStd } from './layer-checks'
import { longForm, SHORT } from './short-form'
import { PADDINGS, windowOf } from './window'

const FIELDS: Record<(typeof KINDS)[number], readonly string[]> = {
  dense: ['kind', 'units', 'init', 'bias', 'stream'],
  conv: ['kind', 'channels', 'kernel', 'stride', 'padding', 'groups', 'init', 'bias', 'stream'],
  activation: ['kind', 'name'],
  layerNorm: ['kind'],
  rmsNorm: ['kind'],
  batchNorm: ['kind'],
  residual: ['kind', 'scale', 'layers'],
  repeat: ['kind', 'times', 'layers'],
}
const LONG = ['$schema', 'input', 'layers']
/** Layers within layers: a stranger's JSON must not overflow the stack. */
const MOST_NESTED = 64

/** What the checks of one document share. */
interface Checking {
  where: string
  /** Initializer of the layers that name none. */
  init: string
  streams: Set<string>
  layers: number
}

export interface CheckedDocument {
  input: Size
  layers: Layer[]
}

/** The layers of a document, checked. @throws TypeError or RangeError naming the layer's path */
export function checkedDocument(where: string, value: unknown, init: string): CheckedDocument {
  const given = options<Partial<LayeredNetwork>>(`${where}: network`, value, [...new Set([...LONG, ...SHORT])])
  if (given.$schema !== undefined && typeof given.$schema !== 'string')
    wrongKind(where, 'network.$schema', 'the address of a schema', given.$schema)
  const short = given.layers === undefined && given.input === undefined
  const network = short ? longForm(where, given as DenseNetwork, init) : given
  const { input, layers } = options<LayeredNetwork>(`${where}: network`, network, LONG)
  if (!Array.isArray(input) || input.length < 1 || input.length > 3)
    wrongKind(where, 'network.input', '[features], [channels, length] or [channels, height, width]', input)
  const size = input.map((n, i) => integer(where, `network.input[${i}]`, n, 1, MOST_UNITS))
  const checking = { where, init, streams: new Set<string>(), layers: 0 }
  return {
    input: bounded(where, 'network.input', size),
    layers: checkedLayers(checking, 'network.layers', 0, layers, size),
  }
}

function bounded(where: string, path: string, size: Size): Size {
  return unitsOf(size) <= MOST_UNITS ? size : wrongValue(where, path, `at most ${MOST_UNITS} values`, size)
}

function checkedLayers(c: Checking, path: string, nested: number, value: unknown, input: Size): Layer[] {
  if (!Array.isArray(value) || value.length === 0) wrongKind(c.where, path, 'an array of layers, not empty', value)
  if (nested > MOST_NESTED) wrongValue(c.where, path, `at most ${MOST_NESTED} layers within layers`, nested)
  let from = input
  return value.flatMap((layer, i) => {
    const checked = checkedLayer(c, `${path}[${i}]`, nested, layer, from)
    from = checked[checked.length - 1].to
    return checked
  })
}

/** One layer, or those that are repeated. */
function checkedLayer(c: Checking, path: string, nested: number, value: unknown, from: Size): Layer[] {
  const kind = oneOf(c.where, `${path}.kind`, (value as LayerDocument | null | undefined)?.kind, KINDS)
  const layer = options<LayerDocument>(`${c.where}: ${path}`, value, FIELDS[kind]) as never
  if (kind === 'repeat') return repeated(c, path, nested + 1, layer, from)
  if (++c.layers > MOST_LAYERS) wrongValue(c.where, path, `at most ${MOST_LAYERS} layers in all`, c.layers)
  const checked = ofKind(c, path, nested, kind, layer, from)
  bounded(c.where, path, checked.to)
  return [checked]
}

function ofKind(
  c: Checking,
  path: string,
  nested: number,
  kind: Exclude<(typeof KINDS)[number], 'repeat'>,
  layer: never,
  from: Size,
): Layer {
  switch (kind) {
    case 'dense':
      return checkedDense(c, path, layer, from)
    case 'conv':
      return checkedConv(c, path, layer, from)
    case 'activation': {
      const activation = checkedActivation(c.where, `${path}.name`, (layer as ActivationLayer).name)
      return { path, kind, from, to: from, activation }
    }
    case 'residual':
      return checkedResidual(c, path, nested + 1, layer, from)
    default:
      return { path, kind, from, to: from }
  }
}

function repeated(c: Checking, path: string, nested: number, o: RepeatLayer, input: Size): Layer[] {
  const times = integer(c.where, `${path}.times`, o.times, 1, MOST_LAYERS)
  let from = input
  return Array.from({ length: times }, (_, time) => {
    const layers = checkedLayers(c, `${path}[${time}]`, nested, o.layers, from)
    from = layers[layers.length - 1].to
    return layers
  }).flat()
}

/** 'layers.3' of layers[3] where the layer names none. */
function streamOf(c: Checking, path: string, given: unknown): string {
  const stream = withDefault(given, path.replace(/^network\./, '').replace(/\[(\d+)\]/g, '.$1'))
  if (typeof stream !== 'string' || stream === '') return wrongKind(c.where, `${path}.stream`, 'a name', stream)
  if (c.streams.has(stream)) wrongValue(c.where, `${path}.stream`, 'a name that no other layer has', stream)
  c.streams.add(stream)
  return stream
}

function checkedDense(c: Checking, path: string, o: DenseLayer, from: Size): Layer {
  const to = [integer(c.where, `${path}.units`, o.units, 1, MOST_UNITS)]
  return { path, kind: 'dense', from, to, ...weights(c, path, o, [to[0], unitsOf(from)], {}) }
}

function weights(c: Checking, path: string, o: DenseLayer | ConvLayer, shape: number[], more: NamedOptions) {
  const init = withDefault(o.init, c.init) as string
  const std = checkedStd(c.where, path, init, shape, more)
  const bias = finite(c.where, `${path}.bias`, withDefault(o.bias, 0), 0)
  return { init, weightVariance: std * std, bias, stream: streamOf(c, path, o.stream) }
}

function checkedConv(c: Checking, path: string, o: ConvLayer, from: Size): Layer {
  const { where } = c
  if (from.length < 2) wrongValue(where, path, 'an input of [channels, length] or [channels, height, width]', from)
  const groups = integer(where, `${path}.groups`, withDefault(o.groups, 1), 1)
  if (from[0] % groups !== 0)
    wrongValue(where, `${path}.groups`, `a divisor of ${from[0]}, the input's channels`, groups)
  const channels = integer(where, `${path}.channels`, o.channels, 1, MOST_UNITS)
  if (channels % groups !== 0) wrongValue(where, `${path}.channels`, `a multiple of ${groups}, the groups`, channels)
  const padding = oneOf(where, `${path}.padding`, withDefault(o.padding, 'zero'), PADDINGS)
  const window = windowOf(where, path, from.slice(1), o.kernel, withDefault(o.stride, 1), padding)
  const layout = from.length === 2 ? 'OIW' : 'OIHW'
  const drawn = weights(c, path, o, [channels, from[0] / groups, ...window.kernel], { layout, groups })
  return { path, kind: 'conv', from, to: [channels, ...window.to], groups, window, ...drawn }
}

function checkedResidual(c: Checking, path: string, nested: number, o: ResidualLayer, from: Size): Layer {
  const scale = finite(c.where, `${path}.scale`, withDefault(o.scale, 1))
  const layers = checkedLayers(c, `${path}.layers`, nested, o.layers, from)
  const { to } = layers[layers.length - 1]
  if (to.length !== from.length || to.some((n, i) => n !== from[i]))
    wrongValue(c.where, `${path}.layers`, `an output of the input's size [${from.join(', ')}]`, to)
  return { path, kind: 'residual', from, to, scale, layers }
}
