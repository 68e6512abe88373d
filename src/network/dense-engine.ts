import type { Draw } from '../initializers/draw'
import type { Arena } from '../wasm/instance'
import type { Panels } from './panels'

export interface GradientSquares {
  /** Mean of delta^2 over batch and units. */
  secondMoment: number
  /** |delta x^T|_F^2. */
  weightGradSquare: number
}

/** How a dense layer is drawn and applied: with its weights made, or with them integrated out (law-engine.ts). `layer` is 'layers.L'. */
export interface DenseEngine {
  /** Address of what forward and backward both need of x and of W: units x x.units, or null where it is made anew each time; of each of `layers` layers. */
  prepare?(arena: Arena, x: Panels, units: number, layers: number): number | null
  /** z = W x. */
  forward(arena: Arena, z: Panels, x: Panels, draw: Draw, seed: bigint, layer: string, prepared?: number | null): void
  /** grad = W^T delta for the W that made z from x; delta's columns beyond the batch are 0. */
  backward(
    arena: Arena,
    grad: Panels,
    delta: Panels,
    x: Panels,
    draw: Draw,
    seed: bigint,
    layer: string,
    prepared?: number | null,
  ): GradientSquares
}
