import type { ActivationKernel } from '../network/activation-kernel'
import { secondMomentOf } from '../network/layer-statistics'
import { copyPanels, type Panels, panelsLen } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { type LayerPlace, LINE, type ParameterPlan } from './parameters'
import { layerForward, preActivation, type Signal } from './passes'

/** Where the second moment is set: of z before the activation, or of h after it. */
export type LsuvAt = 'pre-activation' | 'post-activation'
export const LSUV_AT = ['pre-activation', 'post-activation'] as const satisfies readonly LsuvAt[]

export interface LsuvSettings {
  at: LsuvAt
  /** The second moment wanted. */
  target: number
  /** The largest |second moment / target - 1| that is let pass. */
  tolerance: number
  /** Rescalings of a layer at most. */
  maxIterations: number
}

/** What LSUV did to one layer. */
export interface LsuvLayer {
  /** 1 for the first. */
  layer: number
  /** Second moment with the weights as they were drawn, the layers below rescaled already; null where it is not finite. */
  before: number | null
  after: number | null
  /** What the weights were multiplied by, all in all. */
  scale: number
  iterations: number
  /**
   * 'reached'; 'zero' where the layer gives nothing to scale, 'diverged' where its second moment is not finite: weights left as drawn;
   * 'not-reached' when the target is out of reach, as of a saturated activation: the weights that came closest.
   */
  status: 'reached' | 'zero' | 'diverged' | 'not-reached'
}

/** Rescales the weights of each layer in turn on the batch x, whose columns beyond the batch count for nothing. */
export function scaleLayers(
  arena: Arena,
  plan: ParameterPlan,
  parameters: number,
  activation: ActivationKernel,
  x: Panels,
  settings: LsuvSettings,
): LsuvLayer[] {
  const signals: Signal[] = [{ h: x, kept: x }]
  return plan.layers.map((layer, i) => {
    const found = scaleLayer(arena, layer, parameters, activation, signals[i].h, settings)
    signals.push(layerForward(arena, layer, parameters, activation, signals))
    return { layer: i + 1, ...found }
  })
}

function scaleLayer(
  arena: Arena,
  layer: LayerPlace,
  parameters: number,
  activation: ActivationKernel,
  x: Panels,
  settings: LsuvSettings,
): Omit<LsuvLayer, 'layer'> {
  const measure = () => arena.scratch(() => momentOf(arena, layer, parameters, activation, x, settings.at))
  const weights = weightsAt(arena, parameters + 4 * layer.weight, layer.fanIn * layer.fanOut)
  return scaleToTarget(weights, measure, settings)
}

/** Scales the weights of a layer until what is measured of it is the target. */
export function scaleToTarget(
  weights: DrawnWeights,
  measure: () => number,
  { target, tolerance, maxIterations }: LsuvSettings,
): Omit<LsuvLayer, 'layer'> {
  const error = (moment: number) => Math.abs(moment / target - 1)
  const before = measure()
  if (!(before > 0) || !Number.isFinite(before))
    return before === 0
      ? { before, after: 0, scale: 1, iterations: 0, status: 'zero' }
      : { before: null, after: null, scale: 1, iterations: 0, status: 'diverged' }
  let best = { moment: before, scale: 1 }
  let [moment, scale, iterations] = [before, 1, 0]
  while (iterations < maxIterations && error(best.moment) > tolerance) {
    // in f32, as the weights will have it
    const next = Math.fround(scale * Math.sqrt(target / moment))
    iterations++
    weights.set(next)
    moment = measure()
    scale = next
    // nothing left to follow, or farther off than ever: a step back is all there is to do
    if (!(moment > 0) || !Number.isFinite(moment)) break
    if (error(moment) < error(best.moment)) best = { moment, scale }
  }
  if (scale !== best.scale) weights.set(best.scale)
  const status = error(best.moment) <= tolerance ? 'reached' : 'not-reached'
  return { before, after: best.moment, scale: best.scale, iterations, status }
}

/** The weights as they were drawn times a factor: no rounding adds up over the iterations. */
export interface DrawnWeights {
  set(factor: number): void
}

/** Weights that begin on a cache line, and have its rest to themselves. */
export function weightsAt(arena: Arena, ptr: number, count: number): DrawnWeights {
  const len = Math.ceil(count / LINE) * LINE
  const drawn = arena.f32(ptr, len).slice()
  return {
    set(factor) {
      arena.f32(ptr, len).set(drawn)
      arena.kernels.scale(ptr, len, factor)
    },
  }
}

function momentOf(
  arena: Arena,
  layer: LayerPlace,
  parameters: number,
  activation: ActivationKernel,
  x: Panels,
  at: LsuvAt,
): number {
  const z = preActivation(arena, layer, parameters, x)
  if (at === 'pre-activation' || !layer.activated) return secondMomentOf(arena, z)
  const h = copyPanels(arena, z)
  activation.forward(arena.kernels, h.ptr, panelsLen(h))
  return secondMomentOf(arena, h)
}
