/** A batch through the layers of a document and a gradient back, whoever made their numbers and whatever becomes of them. */

import { allocatePanels, copyPanels, type Panels, panelsLen } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { type Layer, unitsOf } from './document'
import type { LinearMap } from './linear-map'
import { normalize, overBatch, overUnits } from './normalization'

/** A layer with weights. */
export type Weighted = Extract<Layer, { kind: 'dense' | 'conv' }>

/** The numbers of a layer with weights: W, and where a bias for each channel lies; null for none. */
export interface LayerNumbers {
  map: LinearMap
  biasPtr: number | null
}

/** What the passes are run with. */
export interface Passes {
  readonly arena: Arena
  /** Asked on the way forward, once a layer, with what goes in. */
  numbers(layer: Weighted, x: Panels): LayerNumbers
  /** Hears every layer's output, those of a residual branch before the residual's own. */
  onOutput?(layer: Layer, out: Panels): void
  /** Hears dL/d output of every layer, from the last to the first; `weights` has dL/dW, null for a layer without weights. */
  onDelta?(layer: Layer, delta: Panels, weights: WeightGradient | null): void
}

/** What a layer's weights and biases take of a gradient, summed over the batch. */
export interface WeightGradient {
  /** |dL/dW|_F^2. */
  square(): number
  /** Writes dL/dW, (out, in, ...) row-major, and dL/db, a number for each channel. */
  write(weightsPtr: number, biasPtr: number): void
}

/** An output, and its way back. */
export interface Passed {
  out: Panels
  /** dL/d input from dL/d output, which is not changed. */
  back(delta: Panels): Panels
}

interface PassedLayer extends Passed {
  weights?(delta: Panels): WeightGradient
}

/** The layers one after the other; `back` reads what the way forward left in the arena. */
export function passLayers(passes: Passes, layers: readonly Layer[], x: Panels): Passed {
  const passed: PassedLayer[] = []
  let out = x
  for (const layer of layers) {
    passed.push(passLayer(passes, layer, out))
    out = passed[passed.length - 1].out
    passes.onOutput?.(layer, out)
  }
  const back = (delta: Panels) =>
    passed.reduceRight((d, { weights, back }, i) => {
      const grad = back(d)
      passes.onDelta?.(layers[i], d, weights?.(d) ?? null)
      return grad
    }, delta)
  return { out, back }
}

function passLayer(passes: Passes, layer: Layer, x: Panels): PassedLayer {
  switch (layer.kind) {
    case 'dense':
    case 'conv':
      return passWeighted(passes, layer, x)
    case 'activation':
      return passActivation(passes, layer, x)
    case 'residual':
      return passResidual(passes, layer, x)
    default: {
      const grouping = layer.kind === 'batchNorm' ? overBatch(x, layer.from[0]) : overUnits(x)
      return normalize(passes.arena, x, grouping, layer.kind !== 'rmsNorm')
    }
  }
}

function passWeighted(passes: Passes, layer: Weighted, x: Panels): PassedLayer {
  const { arena } = passes
  const numbers = passes.numbers(layer, x)
  const { map } = numbers
  return {
    out: weightedOutput(arena, layer, numbers, x),
    back(delta) {
      const grad = allocatePanels(arena, x.units, x.batch)
      map.back(grad, delta)
      return grad
    },
    weights: (delta) => ({
      square: () => map.gradientSquare(x, delta),
      write(weightsPtr, toPtr) {
        map.gradient(weightsPtr, x, delta)
        biasGradient(arena, toPtr, layer.to[0], delta)
      },
    }),
  }
}

/** W x + b, fresh. */
export function weightedOutput(arena: Arena, layer: Weighted, { map, biasPtr }: LayerNumbers, x: Panels): Panels {
  const out = allocatePanels(arena, unitsOf(layer.to), x.batch)
  map.forward(out, x)
  if (biasPtr !== null) addBias(arena, out, layer.to[0], biasPtr)
  return out
}

/** One bias a channel, at every position of it. */
function addBias(arena: Arena, z: Panels, channels: number, biasPtr: number): void {
  const positions = z.units / channels
  arena.scratch(() => {
    const all = arena.allocate(4 * z.units)
    const [from, to] = [arena.f32(biasPtr, channels), arena.f32(all, z.units)]
    for (let i = 0; i < z.units; i++) to[i] = from[Math.floor(i / positions)]
    arena.kernels.addBias(z.ptr, all, z.units, z.panels)
  })
}

/** The sum over samples, then in f64 over the positions of each channel, ascending. */
function biasGradient(arena: Arena, toPtr: number, channels: number, delta: Panels): void {
  const positions = delta.units / channels
  arena.scratch(() => {
    const all = arena.allocate(4 * delta.units)
    arena.kernels.biasGradient(all, delta.ptr, delta.units, delta.panels)
    const [from, to] = [arena.f32(all, delta.units), arena.f32(toPtr, channels)]
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let p = 0; p < positions; p++) sum += from[channel * positions + p]
      to[channel] = sum
    }
  })
}

function passActivation({ arena }: Passes, layer: Extract<Layer, { kind: 'activation' }>, x: Panels): Passed {
  const { activation } = layer
  const out = copyPanels(arena, x)
  activation.forward(arena.kernels, out.ptr, panelsLen(out))
  const kept = activation.keeps === 'output' ? out : x
  const back = (delta: Panels) => {
    const grad = copyPanels(arena, delta)
    activation.backward(arena.kernels, grad.ptr, kept.ptr, panelsLen(grad))
    return grad
  }
  return { out, back }
}

function passResidual(passes: Passes, layer: Extract<Layer, { kind: 'residual' }>, x: Panels): Passed {
  const { arena } = passes
  const scale = Math.fround(layer.scale)
  const branch = passLayers(passes, layer.layers, x)
  const out = copyPanels(arena, x)
  arena.kernels.addScaled(out.ptr, branch.out.ptr, panelsLen(out), scale)
  const back = (delta: Panels) => {
    const grad = copyPanels(arena, delta)
    const into = copyPanels(arena, delta)
    arena.kernels.scale(into.ptr, panelsLen(into), scale)
    arena.kernels.addScaled(grad.ptr, branch.back(into).ptr, panelsLen(grad), 1)
    return grad
  }
  return { out, back }
}
