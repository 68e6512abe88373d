import type { ActivationKernel } from '../network/activation-kernel'
import { allocatePanels, copyPanels, type Panels, panelStride, panelsLen } from '../network/panels'
import type { Arena } from '../wasm/instance'
import type { LayerPlace, ParameterPlan } from './parameters'

/** A layer's activations beside what the backward pass tells f'(z) from: themselves, or z. */
export interface Signal {
  h: Panels
  kept: Panels
}

/** h_0 = x, h_l = f(W_l h_(l-1) + b_l) for l < depth, and the last layer's outputs without f. Valid as long as the arena's scratch. */
export function passForward(
  arena: Arena,
  plan: ParameterPlan,
  parameters: number,
  activation: ActivationKernel,
  x: Panels,
): Signal[] {
  const { kernels } = arena
  const signals: Signal[] = [{ h: x, kept: x }]
  plan.layers.forEach(({ fanIn, fanOut, weight, bias }, i) => {
    const from = signals[i].h
    const h = allocatePanels(arena, fanOut, x.batch)
    const [w, stride] = [parameters + 4 * weight, panelStride(from)]
    kernels.multiplyPanels(h.ptr, 32, panelStride(h), w, 4 * fanIn, from.ptr, stride, fanOut, fanIn, 8 * h.panels, 0)
    kernels.addBias(h.ptr, parameters + 4 * bias, fanOut, h.panels)
    const last = i === plan.layers.length - 1
    const kept = !last && activation.keeps === 'input' ? copyPanels(arena, h) : h
    if (!last) activation.forward(kernels, h.ptr, panelsLen(h))
    signals.push({ h, kept })
  })
  return signals
}

/**
 * The gradient of the loss by every parameter, written to `gradients`, from delta = dL/dz at the last layer, its columns beyond the
 * batch 0: dL/dW_l = delta_l h_(l-1)^T, dL/db_l = sum of delta_l over the batch, delta_(l-1) = W_l^T delta_l * f'(z_(l-1)).
 */
export function passBackward(
  arena: Arena,
  plan: ParameterPlan,
  parameters: number,
  gradients: number,
  activation: ActivationKernel,
  signals: readonly Signal[],
  outputDelta: Panels,
): void {
  let delta = outputDelta
  for (let l = plan.layers.length; l >= 1; l--) {
    const place = plan.layers[l - 1]
    const below = signals[l - 1]
    arena.scratch(() => weightGradient(arena, gradients + 4 * place.weight, delta, below.h))
    arena.kernels.biasGradient(gradients + 4 * place.bias, delta.ptr, place.fanOut, delta.panels)
    if (l === 1) return
    const grad = allocatePanels(arena, place.fanIn, delta.batch)
    arena.scratch(() => timesTransposed(arena, grad, parameters, place, delta))
    activation.backward(arena.kernels, grad.ptr, below.kept.ptr, panelsLen(grad))
    delta = grad
  }
}

/** out = delta h^T: units of delta x units of h, row-major; the sum over the batch runs in ascending order. */
function weightGradient(arena: Arena, outPtr: number, delta: Panels, h: Panels): void {
  const { kernels } = arena
  const { batch } = delta
  const rows = (p: Panels) => {
    const ptr = arena.allocate(4 * p.units * batch)
    kernels.unpackPanels(ptr, p.ptr, p.units, batch, 4 * batch)
    return ptr
  }
  const right = arena.allocate(32 * batch * Math.ceil(h.units / 8))
  kernels.packPanelsTransposed(right, rows(h), batch, h.units, 4 * batch)
  const [m, n] = [delta.units, h.units]
  kernels.multiplyPanels(outPtr, 4 * n, 32, rows(delta), 4 * batch, right, 32 * batch, m, batch, n, 0)
}

/** grad = W^T delta. */
function timesTransposed(arena: Arena, grad: Panels, parameters: number, place: LayerPlace, delta: Panels): void {
  const { fanIn, fanOut, weight } = place
  const transposed = arena.allocate(4 * fanIn * fanOut)
  arena.kernels.transpose(transposed, 4 * fanOut, parameters + 4 * weight, 4 * fanIn, fanOut, fanIn)
  const [out, d] = [panelStride(grad), panelStride(delta)]
  arena.kernels.multiplyPanels(
    grad.ptr,
    32,
    out,
    transposed,
    4 * fanOut,
    delta.ptr,
    d,
    fanIn,
    fanOut,
    8 * grad.panels,
    0,
  )
}
