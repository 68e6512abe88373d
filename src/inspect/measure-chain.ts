/** A batch sent through a chain of dense layers with the weights as they are. */

import type { Activation } from '../activations/activation'
import { wrongValue } from '../check'
import { activationKernel } from '../network/activation-kernel'
import { givenBatch, probe } from '../network/batch'
import { layerStatistics, secondMomentOf } from '../network/layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelStride, panelsLen } from '../network/panels'
import type { Batch } from '../network/spec'
import { type Arena, inArena } from '../wasm/instance'
import type { ChainLayer } from './chain'
import type { ChainInput, LayerSignal } from './predict-chain'

/** The values of a layer: weights outputs x inputs, row-major, and biases or null. Asked for as they are needed. */
export interface LayerValues {
  weight(): Float32Array
  bias(): Float32Array | null
}

export interface ChainMeasurement {
  input: ChainInput
  layers: LayerSignal[]
  /** Factor of each layer's weights that gives its pre-activations the second moment 1 (LSUV); 1 where not asked for. */
  scales: number[]
}

/**
 * Forward, then the probe dL/dz_L ~ N(0, 1) of seed 0 back; f32 weights and activations, statistics in f64, the network kernels.
 * With `lsuv` each layer's weights are scaled, in order, so that z has second moment 1 over this batch before the next layer is run.
 * @throws RangeError for a batch of other width, OutOfMemoryError
 */
export function measureChain(
  layers: readonly ChainLayer[],
  values: readonly LayerValues[],
  activation: Activation,
  batch: Batch,
  lsuv = false,
): ChainMeasurement {
  if (batch.columns !== layers[0].inputs)
    wrongValue('inspect', 'batch.columns', `${layers[0].inputs}, the inputs of '${layers[0].name}'`, batch.columns)
  const phi = activationKernel('inspect', activation)
  return inArena((arena) => {
    const x = givenBatch(arena, batch)
    const first = layerStatistics(arena, x, 0)
    const kept: Panels[] = []
    const scales: number[] = []
    let h = x
    const forward = layers.map((layer, l) => {
      const z = allocatePanels(arena, layer.outputs, batch.rows)
      scales.push(sendUp(arena, z, h, values[l], lsuv))
      h = phi.keeps === 'input' ? copyPanels(arena, z) : z
      kept.push(z)
      phi.forward(arena.kernels, h.ptr, panelsLen(h))
      return layerStatistics(arena, h, 0)
    })
    let delta = probe(arena, layers[layers.length - 1].outputs, batch.rows, 0n)
    const gradients = [secondMomentOf(arena, delta)]
    for (let l = layers.length - 1; l > 0; l--) {
      const grad = allocatePanels(arena, layers[l].inputs, batch.rows)
      sendDown(arena, grad, delta, values[l].weight(), scales[l])
      phi.backward(arena.kernels, grad.ptr, kept[l - 1].ptr, panelsLen(grad))
      gradients.unshift(secondMomentOf(arena, grad))
      delta = grad
    }
    const signals = forward.map(({ secondMoment, cosine }, l) => ({ secondMoment, cosine, gradient: gradients[l] }))
    return { input: { secondMoment: first.secondMoment, cosine: first.cosine }, layers: signals, scales }
  })
}

/** z = s W x + b; returns s, 1 unless z is to have second moment 1. */
function sendUp(arena: Arena, z: Panels, x: Panels, values: LayerValues, lsuv: boolean): number {
  const { kernels } = arena
  arena.scratch(() => {
    const w = copyIn(arena, values.weight())
    kernels.multiplyPanels(
      z.ptr,
      32,
      panelStride(z),
      w,
      4 * x.units,
      x.ptr,
      panelStride(x),
      z.units,
      x.units,
      8 * z.panels,
      0,
    )
  })
  const bias = values.bias()
  const scale = lsuv ? unitScale(arena, z, bias) : 1
  if (scale !== 1) kernels.scale(z.ptr, panelsLen(z), scale)
  if (bias !== null) addBias(arena, z, bias)
  return scale
}

function addBias(arena: Arena, z: Panels, bias: Float32Array): void {
  arena.scratch(() => arena.kernels.addBias(z.ptr, copyIn(arena, bias), z.units, z.panels))
}

/** The s > 0 with mean (s y + b)^2 = 1 for y = W x: s^2 A + 2 s B + C = 1. Without a solution, as for dead or too great biases, 1/sqrt(A). */
function unitScale(arena: Arena, y: Panels, bias: Float32Array | null): number {
  const a = secondMomentOf(arena, y)
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) return 1
  if (bias === null) return 1 / Math.sqrt(a)
  const c = bias.reduce((sum, b) => sum + b * b, 0) / bias.length
  const together = arena.scratch(() => {
    const z = copyPanels(arena, y)
    addBias(arena, z, bias)
    return secondMomentOf(arena, z)
  })
  const b = (together - a - c) / 2
  return c < 1 ? (Math.sqrt(b * b + a * (1 - c)) - b) / a : 1 / Math.sqrt(a)
}

/** grad = s W^T delta, by blocks of the accumulation order along the rows of W. */
function sendDown(arena: Arena, grad: Panels, delta: Panels, weight: Float32Array, scale: number): void {
  const { kernels } = arena
  const block = kernels.K_BLOCK.value
  arena.scratch(() => {
    const w = copyIn(arena, weight)
    const turned = arena.allocate(4 * grad.units * Math.min(delta.units, block))
    for (let row = 0; row < delta.units; row += block) {
      const rows = Math.min(block, delta.units - row)
      kernels.transpose(turned, 4 * rows, w + 4 * row * grad.units, 4 * grad.units, rows, grad.units)
      const [d, n, add] = [delta.ptr + 32 * row, 8 * grad.panels, row > 0 ? 1 : 0]
      kernels.multiplyPanels(
        grad.ptr,
        32,
        panelStride(grad),
        turned,
        4 * rows,
        d,
        panelStride(delta),
        grad.units,
        rows,
        n,
        add,
      )
    }
  })
  if (scale !== 1) kernels.scale(grad.ptr, panelsLen(grad), scale)
}

function copyIn(arena: Arena, values: Float32Array): number {
  const ptr = arena.allocate(4 * values.length)
  arena.f32(ptr, values.length).set(values)
  return ptr
}
