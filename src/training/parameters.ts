import type { Draw } from '../initializers/draw'
import { materialise } from '../initializers/materialise'
import type { Recipe } from '../initializers/names'
import type { Arena } from '../wasm/instance'

/** Where one dense layer's numbers lie, in elements from the start of a stretch of parameters, and what becomes of its outputs. */
export interface LayerPlace {
  readonly fanIn: number
  readonly fanOut: number
  /** fanOut x fanIn, row-major. */
  readonly weight: number
  /** fanOut. */
  readonly bias: number
  /** Whether the activation follows. */
  readonly activated: boolean
  /** What W h is multiplied by, before the bias. */
  readonly multiplier: number
  /** Where the layer ends a residual branch. */
  readonly join: Join | null
}

/** x + scale F(x): the branch F began `layers` layers below, at x. */
export interface Join {
  readonly layers: number
  /** Place of the scale, one number. */
  readonly scale: number
  /** Whether the scale is trained. */
  readonly learned: boolean
}

/** All parameters of a network in one stretch, so that an optimizer's step is one call; gradients and moments lie alike. */
export interface ParameterPlan {
  readonly layers: readonly LayerPlace[]
  /** Elements, a multiple of 4; those between the tensors stay 0. */
  readonly len: number
}

/** A network that is more than a chain of dense layers. */
export interface Structure {
  /** Layers of each residual branch, the layers between the first and the last in branches; the last of a branch is linear. */
  branchLayers?: number
  /** Whether the scales of the branches are trained. */
  learnedScales?: boolean
  /** What the last layer's W h is multiplied by; default 1. */
  readout?: number
}

/** Each tensor begins on a cache line. */
export const LINE = 16

export function parameterPlan(widths: readonly number[], structure: Structure = {}): ParameterPlan {
  const { branchLayers, learnedScales = false, readout = 1 } = structure
  const depth = widths.length - 1
  let len = 0
  const place = (elements: number) => {
    const start = len
    len += Math.ceil(elements / LINE) * LINE
    return start
  }
  const layers = widths.slice(1).map((fanOut, i): LayerPlace => {
    const fanIn = widths[i]
    const last = i === depth - 1
    const ends = branchLayers !== undefined && i > 0 && !last && i % branchLayers === 0
    return {
      fanIn,
      fanOut,
      weight: place(fanOut * fanIn),
      bias: place(fanOut),
      activated: !last && !ends,
      multiplier: last ? readout : 1,
      join: ends ? { layers: branchLayers, scale: place(1), learned: learnedScales } : null,
    }
  })
  return { layers, len }
}

/** A stretch of zeros for parameters, gradients or moments. @throws OutOfMemoryError */
export function zeroStretch(arena: Arena, { len }: { readonly len: number }): number {
  const ptr = arena.allocate(4 * len)
  arena.f32(ptr, len).fill(0)
  return ptr
}

/** What an initializer draws for each layer. */
export function drawsOf({ layers }: ParameterPlan, init: Recipe): Draw[] {
  return layers.map(({ fanIn, fanOut }) => init.draw(fanIn, fanOut))
}

/** Fresh parameters: weights `layers.L.weight`, L = 1 .. depth, biases of 0, the scales of branches as given. @throws OutOfMemoryError */
export function initialParameters(
  arena: Arena,
  plan: ParameterPlan,
  draws: readonly Draw[],
  seed: bigint,
  scale = 1,
): number {
  const ptr = zeroStretch(arena, plan)
  plan.layers.forEach(({ fanIn, fanOut, weight, join }, i) => {
    const stream = `layers.${i + 1}.weight`
    const values = materialise('race', draws[i], [fanOut, fanIn], { seed, stream })
    arena.f32(ptr + 4 * weight, values.length).set(values)
    if (join) arena.f32(ptr + 4 * join.scale, 1)[0] = scale
  })
  return ptr
}
