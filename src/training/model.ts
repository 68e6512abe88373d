import type { ActivationKernel } from '../network/activation-kernel'
import type { Panels } from '../network/panels'
import type { Arena } from '../wasm/instance'
import type { LsuvLayer } from './lsuv'
import type { ParameterPlan } from './parameters'
import { passBackward, passForward } from './passes'

/** A network as training sees it: its numbers in one stretch, a pass forward and one back. */
export interface Model {
  /** Elements of a stretch, a multiple of 4; those of no tensor stay 0. */
  readonly len: number
  forward(arena: Arena, parameters: number, x: Panels): ModelPass
}

/** A batch that went through; valid as long as the arena's scratch. */
export interface ModelPass {
  /** What the loss is taken of. */
  outputs: Panels
  /** What each layer hands on, the last one's outputs at the end. */
  signals: readonly Panels[]
  /**
   * From the loss's gradient by the outputs, 0 beyond the batch, that by every parameter, written to `gradients` (nowhere when null);
   * `onDelta` hears the gradient at each layer, by its place among the signals, while it lasts.
   */
  back(gradients: number | null, delta: Panels, onDelta?: DeltaListener): void
}

/** Hears the gradient at a layer while it lasts. */
export type DeltaListener = (layer: number, delta: Panels) => void

/** A network about to be trained, its numbers drawn. */
export interface Start {
  model: Model
  parameters: number
  /** What LSUV did to each layer, null without it. */
  lsuv: LsuvLayer[] | null
}

/** A chain of dense layers, or residual branches of them: signals h_l, gradients dL/dz_l. */
export function chainModel(plan: ParameterPlan, activation: ActivationKernel): Model {
  return {
    len: plan.len,
    forward(arena, parameters, x) {
      const all = passForward(arena, plan, parameters, activation, x)
      const signals = all.slice(1).map(({ h }) => h)
      return {
        outputs: signals[signals.length - 1],
        signals,
        back: (gradients, delta, onDelta) =>
          passBackward(arena, plan, parameters, gradients, activation, all, delta, (l, own) => onDelta?.(l - 1, own)),
      }
    },
  }
}
