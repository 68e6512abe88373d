/** A batch through the layers of a document and a gradient back, whoever made their numbers and whatever becomes of them. */

import { rescale } from '../network/layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelsLen } from '../network/panels'
import { powerOfTwo } from '../network/power-of-two'
import type { Signal } from '../network/weights-engine'
import type { Arena } from '../wasm/instance'
import { addBias, biasGradient } from './biases'
import { type Layer, unitsOf, type Weighted } from './document'
import type { LayerNumbers } from './layer-numbers'
import { normalize, overBatch, overUnits } from './normalization'

/** What the passes are run with. */
export interface Passes {
  readonly arena: Arena
  /** Whether a gradient will be sent back: without one two buffers take turns, and what a layer needed goes when it is done. */
  readonly backward: boolean
  /** Signals are brought back near 1 by powers of two: only those of a homogeneous network may be. */
  readonly rescaleSignals?: boolean
  /** Gradients are: the way back is linear in them, whatever the network. */
  readonly rescaleGradients?: boolean
  /** Asked on the way forward, once a layer, with what goes in. */
  numbers(layer: Weighted, x: Panels): LayerNumbers
  /** The scale of a residual branch, asked for on the way forward; default the layer's own. */
  branchScale?(layer: Residual): number
  /** Hears dL/d output of a residual layer, and what its branch gave. */
  onBranch?(layer: Residual, delta: Panels, branch: Panels): void
  /** Hears every layer's output while it lasts, those of a residual branch before the residual's own. */
  onOutput?(layer: Layer, out: Signal): void
  /** Hears what comes back to every layer, from the last to the first. */
  onDelta?(layer: Layer, step: BackStep): void
}

type Residual = Extract<Layer, { kind: 'residual' }>

/** A layer's step on the way back: its input, dL/d output and dL/d input. */
export interface BackStep {
  x: Signal
  delta: Signal
  grad: Signal
  /** Null for a layer without weights. */
  weights: WeightGradient | null
}

/** What a layer's weights and biases take of a gradient, summed over the batch, as the panels of x and delta have it. */
export interface WeightGradient {
  /** |dL/dW|_F^2. */
  square(): number
  /** Writes dL/dW, (out, in, ...) row-major, and dL/db, a number for each channel. */
  write(weightsPtr: number, biasPtr: number): void
}

/** From dL/d output, which is not changed, to dL/d input; or from a change of the input to that of the output. */
type Way = (delta: Signal) => Signal

/** A layer's derivative, there and back, and how far its output is from what its panels hold. */
interface Passed {
  exponent: number
  back: Way
  forth: Way
  weights?(delta: Panels): WeightGradient
}

/** Sends x through the layers; `back` and `forth` read what that left in the arena, and need `backward`. */
export function passLayers(
  passes: Passes,
  layers: readonly Layer[],
  x: Signal,
): { out: Signal; back: Way; forth: Way } {
  const { arena, backward, rescaleSignals } = passes
  const { batch } = x.panels
  const widest = layers.reduce((most, layer) => Math.max(most, unitsOf(layer.to)), 0)
  const turns = backward ? null : [0, 1].map(() => allocatePanels(arena, widest, batch))
  const backs: Way[] = []
  const forths: Way[] = []
  let out = x
  layers.forEach((layer, i) => {
    const from = out
    const units = unitsOf(layer.to)
    const panels = turns ? { ...turns[i % 2], units } : allocatePanels(arena, units, batch)
    const step = () => passLayer(passes, layer, from, panels)
    const passed = backward ? step() : arena.scratch(step)
    out = { panels, exponent: passed.exponent + (rescaleSignals ? rescale(arena, panels) : 0) }
    passes.onOutput?.(layer, out)
    backs.push((delta) => wayBack(passes, layer, from, passed, delta))
    forths.push((tangent) => rescaled(passes, passed.forth(tangent)))
  })
  return {
    out,
    back: (delta) => backs.reduceRight((d, back) => back(d), delta),
    forth: (tangent) => forths.reduce((t, forth) => forth(t), tangent),
  }
}

function wayBack(passes: Passes, layer: Layer, x: Signal, { back, weights }: Passed, delta: Signal): Signal {
  const grad = back(delta)
  passes.onDelta?.(layer, { x, delta, grad, weights: weights?.(delta.panels) ?? null })
  return rescaled(passes, grad)
}

/** In place. */
function rescaled({ arena, rescaleGradients }: Passes, { panels, exponent }: Signal): Signal {
  return { panels, exponent: exponent + (rescaleGradients ? rescale(arena, panels) : 0) }
}

/** The layer's output goes into `out`. */
function passLayer(passes: Passes, layer: Layer, x: Signal, out: Panels): Passed {
  switch (layer.kind) {
    case 'dense':
    case 'conv':
      return passWeighted(passes, layer, x, out)
    case 'activation':
      return passActivation(passes, layer, x, out)
    case 'residual':
      return passResidual(passes, layer, x, out)
    default: {
      const { arena } = passes
      fill(arena, out, x.panels)
      const grouping = layer.kind === 'batchNorm' ? overBatch(out, layer.from[0]) : overUnits(out)
      return passed(x, normalize(arena, out, grouping, layer.kind !== 'rmsNorm'))
    }
  }
}

type Map = (delta: Panels) => Panels

/** A layer that keeps the exponent, there and back; its derivative is symmetric where it has no other way forth. */
function passed({ exponent }: Signal, back: Map, forth: Map = back, weights?: Passed['weights']): Passed {
  const kept =
    (map: Map): Way =>
    ({ panels, exponent }) => ({ panels: map(panels), exponent })
  return { exponent, weights, back: kept(back), forth: kept(forth) }
}

function fill(arena: Arena, to: Panels, from: Panels): void {
  arena.f32(to.ptr, panelsLen(to)).set(arena.f32(from.ptr, panelsLen(from)))
}

function passWeighted(passes: Passes, layer: Weighted, x: Signal, out: Panels): Passed {
  const { arena } = passes
  const numbers = passes.numbers(layer, x.panels)
  weightedOutput(arena, layer, numbers, x.panels, out)
  const back = (delta: Panels) => {
    const grad = allocatePanels(arena, x.panels.units, delta.batch)
    numbers.map.back(grad, delta)
    return grad
  }
  const forth = (tangent: Panels) => {
    const next = allocatePanels(arena, out.units, tangent.batch)
    arena.scratch(() => numbers.map.forward(next, tangent))
    return next
  }
  return passed(x, back, forth, (delta) => ({
    square: () => numbers.map.gradientSquare(x.panels, delta),
    write(weightsPtr, biasPtr) {
      numbers.map.gradient(weightsPtr, x.panels, delta)
      biasGradient(arena, biasPtr, layer.to[0], delta)
    },
  }))
}

/** out = W x + b. */
export function weightedOutput(
  arena: Arena,
  layer: Weighted,
  { map, biasPtr }: LayerNumbers,
  x: Panels,
  out: Panels,
): void {
  map.forward(out, x)
  if (biasPtr !== null) addBias(arena, out, layer.to[0], biasPtr)
}

function passActivation(
  { arena }: Passes,
  layer: Extract<Layer, { kind: 'activation' }>,
  x: Signal,
  out: Panels,
): Passed {
  const { activation } = layer
  fill(arena, out, x.panels)
  activation.forward(arena.kernels, out.ptr, panelsLen(out))
  const kept = activation.keeps === 'output' ? out : x.panels
  return passed(x, (delta) => {
    const grad = copyPanels(arena, delta)
    activation.backward(arena.kernels, grad.ptr, kept.ptr, panelsLen(grad))
    return grad
  })
}

function passResidual(passes: Passes, layer: Residual, x: Signal, out: Panels): Passed {
  const { arena } = passes
  const scale = passes.branchScale?.(layer) ?? Math.fround(layer.scale)
  fill(arena, out, x.panels)
  const branch = passLayers(passes, layer.layers, x)
  return {
    exponent: addSignal(arena, { panels: out, exponent: x.exponent }, branch.out, scale),
    back(delta) {
      passes.onBranch?.(layer, delta.panels, branch.out.panels)
      const [into, grad] = [delta, delta].map(({ panels }) => copyPanels(arena, panels))
      arena.kernels.scale(into.ptr, panelsLen(into), scale)
      const through = branch.back({ panels: into, exponent: delta.exponent })
      return { panels: grad, exponent: addSignal(arena, { panels: grad, exponent: delta.exponent }, through, 1) }
    },
    forth(tangent) {
      const panels = copyPanels(arena, tangent.panels)
      return { panels, exponent: addSignal(arena, { ...tangent, panels }, branch.forth(tangent), scale) }
    },
  }
}

/** a += scale b, both brought to the larger of their exponents, which is returned. */
function addSignal(arena: Arena, a: Signal, b: Signal, scale: number): number {
  const exponent = Math.max(a.exponent, b.exponent)
  const len = panelsLen(a.panels)
  if (a.exponent < exponent) arena.kernels.scale(a.panels.ptr, len, powerOfTwo(a.exponent - exponent))
  arena.kernels.addScaled(a.panels.ptr, b.panels.ptr, len, scale * powerOfTwo(b.exponent - exponent))
  return exponent
}
