/** Networks as theory takes them. */
import type { Activation } from '../activations/activation'

/** What moments need of a layer; positions are numbered row by row. */
export type MomentLayer =
  | { kind: 'dense'; units: number; inputs: number; weightVariance: number; biasVariance: number }
  | {
      kind: 'conv'
      channels: number
      /** Channels that one output reads, and outputs that read one channel. */
      fanIn: number
      fanOut: number
      weightVariance: number
      biasVariance: number
      /** For each output position and tap the input position that is read, or -1. */
      source: Int32Array
      taps: number
      /** Of the input. */
      positions: number
    }
  | { kind: 'activation'; activation: Activation }
  | { kind: 'layerNorm' | 'rmsNorm' | 'batchNorm' }
  | { kind: 'residual'; scale: number; layers: readonly MomentLayer[] }

/** At each position, over the units. */
export interface Place {
  /** Second moment. */
  q: number
  /** Half the second moment of the difference of two samples. */
  gap: number
  mean: number
}

export function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

/** Over the positions. */
export function meanPlace(places: readonly Place[]): Place {
  const of = (key: keyof Place) => average(places.map((place) => place[key]))
  return { q: of('q'), gap: of('gap'), mean: of('mean') }
}
