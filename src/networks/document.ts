/** A network as plain data, ready for JSON: what people build from dense, convolution, norm and residual layers. */

import type { ActivationSpec } from '../activations/activation'
import type { ActivationKernel } from '../network/activation-kernel'
import type { Padding, Window } from './window'

/** What a layer with weights is drawn by. */
interface Drawn {
  /** Name of an initializer; default that of the experiment. */
  init?: string
  /** Standard deviation of the biases; default 0. */
  bias?: number
  /** Weights are drawn from the stream `STREAM.weight`, biases from `STREAM.bias`; default the layer's path, 'layers.3'. No two layers share one. */
  stream?: string
}

/** W x + b; every value of the layer before is an input. */
export interface DenseLayer extends Drawn {
  kind: 'dense'
  units: number
}

/** A convolution, 1-D or 2-D as its input is. */
export interface ConvLayer extends Drawn {
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

/** The layers so many times after each other, each time drawn anew: short for writing them out. Its paths are 'layers[3][time][0]'. */
export interface RepeatLayer {
  kind: 'repeat'
  times: number
  layers: readonly LayerDocument[]
}

/** One layer of a document. */
export type LayerDocument = DenseLayer | ConvLayer | ActivationLayer | NormLayer | ResidualLayer | RepeatLayer

/** What goes in, and the layers it passes, first to last. */
export interface LayeredNetwork {
  /** Address of the document's schema, for editors: evenkeel/network.schema.json. */
  $schema?: string
  /** [features], [channels, length] or [channels, height, width]. */
  input: readonly number[]
  layers: readonly LayerDocument[]
}

/**
 * Short for dense layers with an activation after each: the network of `propagate` with the same options, of the same weights. Layer L is
 * `layers[2 L - 2]` and `layers[2 L - 1]`, its stream 'layers.L'.
 */
export type DenseNetwork = {
  $schema?: string
  /** Default 'relu'. */
  activation?: ActivationSpec
  init?: string
  /** Default 0. */
  bias?: number
} & (
  | { depth: number; width: number }
  /** [features, units of layer 1, ..., units of layer L]. */
  | { widths: readonly number[] }
)

/** A network: its layers, or the short form of a dense one. */
export type NetworkDocument = LayeredNetwork | DenseNetwork

/** [channels, ...space]. */
export type Size = readonly number[]

interface Placed {
  /** 'layers[3].layers[0]'. */
  path: string
  from: Size
  to: Size
}

interface Weights {
  init: string
  weightVariance: number
  bias: number
  stream: string
}

/** A layer with every default filled in and its sizes known. */
export type Layer = Placed &
  (
    | ({ kind: 'dense' } & Weights)
    | ({ kind: 'conv'; groups: number; window: Window } & Weights)
    | { kind: 'activation'; activation: ActivationKernel }
    | { kind: 'layerNorm' | 'rmsNorm' | 'batchNorm' }
    | { kind: 'residual'; scale: number; layers: Layer[] }
  )

/** A layer with weights. */
export type Weighted = Extract<Layer, { kind: 'dense' | 'conv' }>

/** Values of one sample anywhere in a network. */
export const MOST_UNITS = 1 << 24
/** Layers of a network, repeated ones counted each time. */
export const MOST_LAYERS = 200_000
export const KINDS = ['dense', 'conv', 'activation', 'layerNorm', 'rmsNorm', 'batchNorm', 'residual', 'repeat'] as const

/** Values of one sample. */
export function unitsOf(size: Size): number {
  return size.reduce((a, b) => a * b, 1)
}
