import type { ActivationKernel } from '../network/activation-kernel'
import { allocatePanels, copyPanels, type Panels, panelsLen } from '../network/panels'
import { denseBack, denseForward, denseGradient } from '../networks/dense'
import type { Arena } from '../wasm/instance'
import type { LayerPlace, ParameterPlan } from './parameters'

/** What a layer hands on beside what the backward pass reads: f(z) or z to tell f'(z) from, of the end of a branch its F. */
export interface Signal {
  h: Panels
  kept: Panels
}

/** Hears z of layer l, or dL/dz, while it lasts: what follows overwrites it. */
export type LayerListener = (l: number, panels: Panels) => void

/**
 * h_0 = x, z_l = m_l W_l h_(l-1) + b_l, h_l = f(z_l), or z_l of a layer without activation, or at the end of a residual branch that
 * began at h_s h_s + a z_l. Valid as long as the arena's scratch.
 */
export function passForward(
  arena: Arena,
  plan: ParameterPlan,
  parameters: number,
  activation: ActivationKernel,
  x: Panels,
  onPreActivation?: LayerListener,
): Signal[] {
  const signals: Signal[] = [{ h: x, kept: x }]
  for (const layer of plan.layers)
    signals.push(layerForward(arena, layer, parameters, activation, signals, onPreActivation))
  return signals
}

/** What layer l = signals.length makes of the signals below it. */
export function layerForward(
  arena: Arena,
  layer: LayerPlace,
  parameters: number,
  activation: ActivationKernel,
  signals: readonly Signal[],
  onPreActivation?: LayerListener,
): Signal {
  const { kernels } = arena
  const z = preActivation(arena, layer, parameters, signals[signals.length - 1].h)
  onPreActivation?.(signals.length, z)
  if (layer.join) {
    const h = copyPanels(arena, signals[signals.length - layer.join.layers].h)
    kernels.addScaled(h.ptr, z.ptr, panelsLen(h), scaleOf(arena, parameters, layer.join.scale))
    return { h, kept: z }
  }
  const kept = layer.activated && activation.keeps === 'input' ? copyPanels(arena, z) : z
  if (layer.activated) activation.forward(kernels, z.ptr, panelsLen(z))
  return { h: z, kept }
}

/** z = m W x + b, fresh. */
export function preActivation(arena: Arena, layer: LayerPlace, parameters: number, x: Panels): Panels {
  const { kernels } = arena
  const { fanOut, weight, bias, multiplier } = layer
  const z = allocatePanels(arena, fanOut, x.batch)
  denseForward(arena, parameters + 4 * weight, z, x)
  if (multiplier !== 1) kernels.scale(z.ptr, panelsLen(z), multiplier)
  kernels.addBias(z.ptr, parameters + 4 * bias, fanOut, z.panels)
  return z
}

/**
 * The gradient of the loss by every parameter, written to `gradients` (nowhere when null), from delta = dL/dz at the last layer, its
 * columns beyond the batch 0: dL/dW_l = delta_l h_(l-1)^T, dL/db_l = sum of delta_l over the batch,
 * delta_(l-1) = W_l^T delta_l * f'(z_(l-1)); a skip adds its own delta to that of the layer where it began.
 */
export function passBackward(
  arena: Arena,
  plan: ParameterPlan,
  parameters: number,
  gradients: number | null,
  activation: ActivationKernel,
  signals: readonly Signal[],
  outputDelta: Panels,
  onDelta?: LayerListener,
): void {
  let delta = outputDelta
  // two buffers in turn stay in the cache; a delta that a skip keeps outlives its turn
  const widest = plan.layers.reduce((most, { fanIn }) => Math.max(most, fanIn), 0)
  const turns = plan.layers.some(({ join }) => join)
    ? null
    : [0, 1].map(() => allocatePanels(arena, widest, delta.batch))
  // dL/dh of a layer by way of the skip that begins there
  const skips = new Map<number, Panels>()
  for (let l = plan.layers.length; l >= 1; l--) {
    const layer = plan.layers[l - 1]
    const below = signals[l - 1]
    if (layer.join) {
      skips.set(l - layer.join.layers, delta)
      delta = throughJoin(arena, layer.join, parameters, gradients, signals[l].kept, delta)
    }
    onDelta?.(l, delta)
    const bias = gradients === null ? null : gradients + 4 * layer.bias
    if (bias !== null) arena.kernels.biasGradient(bias, delta.ptr, layer.fanOut, delta.panels)
    if (layer.multiplier !== 1) delta = scaledCopy(arena, delta, layer.multiplier)
    if (gradients !== null) denseGradient(arena, gradients + 4 * layer.weight, below.h, delta)
    if (l === 1) return
    const grad = turns ? { ...turns[l % 2], units: layer.fanIn } : allocatePanels(arena, layer.fanIn, delta.batch)
    denseBack(arena, parameters + 4 * layer.weight, grad, delta)
    const skip = skips.get(l - 1)
    if (skip) arena.kernels.addScaled(grad.ptr, skip.ptr, panelsLen(grad), 1)
    if (plan.layers[l - 2].activated) activation.backward(arena.kernels, grad.ptr, below.kept.ptr, panelsLen(grad))
    delta = grad
  }
}

/** dL/dF = a delta; dL/da = <delta, F> where a is trained. */
function throughJoin(
  arena: Arena,
  { scale, learned }: NonNullable<LayerPlace['join']>,
  parameters: number,
  gradients: number | null,
  branch: Panels,
  delta: Panels,
): Panels {
  if (learned && gradients !== null) {
    const gradient = arena.kernels.dot(delta.ptr, branch.ptr, panelsLen(delta))
    arena.f32(gradients + 4 * scale, 1)[0] = gradient
  }
  return scaledCopy(arena, delta, scaleOf(arena, parameters, scale))
}

function scaledCopy(arena: Arena, x: Panels, by: number): Panels {
  const copy = copyPanels(arena, x)
  arena.kernels.scale(copy.ptr, panelsLen(copy), by)
  return copy
}

function scaleOf(arena: Arena, parameters: number, place: number): number {
  return arena.f32(parameters + 4 * place, 1)[0]
}
