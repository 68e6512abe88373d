import { materialise } from '../initializers/materialise'
import type { Recipe } from '../initializers/names'
import type { Arena } from '../wasm/instance'

/** Where one dense layer's numbers lie, in elements from the start of a stretch of parameters. */
export interface LayerPlace {
  readonly fanIn: number
  readonly fanOut: number
  /** fanOut x fanIn, row-major. */
  readonly weight: number
  /** fanOut. */
  readonly bias: number
}

/** All parameters of a dense network in one stretch, so that an optimizer's step is one call; gradients and moments lie alike. */
export interface ParameterPlan {
  readonly layers: readonly LayerPlace[]
  /** Elements, a multiple of 4; those between the tensors stay 0. */
  readonly len: number
}

/** Each tensor begins on a cache line. */
const LINE = 16

export function parameterPlan(widths: readonly number[]): ParameterPlan {
  let len = 0
  const place = (elements: number) => {
    const start = len
    len += Math.ceil(elements / LINE) * LINE
    return start
  }
  const layers = widths.slice(1).map((fanOut, i) => {
    const fanIn = widths[i]
    return { fanIn, fanOut, weight: place(fanOut * fanIn), bias: place(fanOut) }
  })
  return { layers, len }
}

/** A stretch of zeros for parameters, gradients or moments. @throws OutOfMemoryError */
export function zeroStretch(arena: Arena, { len }: ParameterPlan): number {
  const ptr = arena.allocate(4 * len)
  arena.f32(ptr, len).fill(0)
  return ptr
}

/** Fresh parameters: weights `layers.L.weight`, L = 1 .. depth, as the initializer of that name gives them, and biases of 0. @throws OutOfMemoryError */
export function initialParameters(arena: Arena, plan: ParameterPlan, init: Recipe, seed: bigint): number {
  const ptr = zeroStretch(arena, plan)
  plan.layers.forEach(({ fanIn, fanOut, weight }, i) => {
    const stream = `layers.${i + 1}.weight`
    const values = materialise('race', init.draw(fanIn, fanOut), [fanOut, fanIn], { seed, stream })
    arena.f32(ptr + 4 * weight, values.length).set(values)
  })
  return ptr
}
