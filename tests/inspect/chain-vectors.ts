import { expect } from 'vitest'
import type { Inspection } from '../../src/inspect/inspect'
import type { LayerSignal } from '../../src/inspect/predict-chain'
import type { TensorStream } from '../../src/io/tensor-stream'
import type { Batch } from '../../src/network/spec'

/** A model's input and what a framework says of the signal in it, layer by layer. */
export interface ChainVectors {
  input: number[]
  layers: LayerSignal[]
}

/** The batch of scripts/inspect-vectors.py. */
export function batchOf(input: readonly number[]): Batch {
  const [rows, columns] = [5, input.reduce((a, b) => a * b, 1)]
  const value = (_: unknown, i: number) => 3.4 * (((i * 7919) % 1009) / 1009 - 0.5)
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, value) }
}

/** Rounding of f32 products and sums over at most 288 terms, in a dozen steps: 2^-24 each on the way, some of it in the mean. */
export function expectSignal({ chain }: Pick<Inspection, 'chain'>, { layers }: ChainVectors, tolerance = 1e-5): void {
  expect(chain.layers.length).toBe(layers.length)
  chain.layers.forEach(({ measured }, l) => {
    for (const key of ['secondMoment', 'gradient', 'cosine'] as const)
      expect(Math.abs(measured![key]! / layers[l][key]! - 1), `${key} of layer ${l + 1}`).toBeLessThan(tolerance)
  })
}

/** The values of a tensor of a file in memory. */
export function valuesOf({ values }: TensorStream): Float32Array {
  return Float32Array.from([...(values() as Iterable<Float32Array>)].flatMap((part) => [...part]))
}
