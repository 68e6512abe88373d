import { recipe } from '../initializers/names'
import { logScaled, rescale, secondMomentOf } from '../network/layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelsLen } from '../network/panels'
import { powerOfTwo } from '../network/power-of-two'
import { WEIGHTS } from '../network/weight-products'
import type { Signal } from '../network/weights-engine'
import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import type { Arena } from '../wasm/instance'
import { convolution, convolve, convolveBack, weightGradientSquare } from './convolution'
import { type Layer, unitsOf } from './document'
import { type LayerMeasurement, measuredLayer } from './layer-measurement'
import { normalize, overBatch, overUnits } from './normalization'
import type { Observer } from './run'

/** One seed on its way. */
export interface Context {
  arena: Arena
  seed: bigint
  backward: boolean
  /** Signals may be rescaled. */
  homogeneous: boolean
  /** Gradients may be rescaled: the way back is linear in them, whatever the network. */
  rescale: boolean
  measured: LayerMeasurement[]
  observer?: Observer
}

/** From dL/d output, which is not changed, to dL/d input. */
type Back = (delta: Signal) => Signal

/** A layer's way back, and how far its output is from what its panels hold. */
interface Passed {
  exponent: number
  back(delta: Signal): { grad: Signal; logWeightGradNorm: number | null }
}

/** Sends x through the layers. Without a way back two buffers take turns, and what a layer needed goes when it is done. */
export function passAll(context: Context, layers: readonly Layer[], x: Signal): { out: Signal; back: Back } {
  const { arena, backward, homogeneous } = context
  const { batch } = x.panels
  const widest = layers.reduce((most, layer) => Math.max(most, unitsOf(layer.to)), 0)
  const turns = backward ? null : [0, 1].map(() => allocatePanels(arena, widest, batch))
  const backs: Back[] = []
  let out = x
  layers.forEach((layer, i) => {
    const from = out
    const units = unitsOf(layer.to)
    const panels = turns ? { ...turns[i % 2], units } : allocatePanels(arena, units, batch)
    const step = () => pass(context, layer, from, panels)
    const passed = backward ? step() : arena.scratch(step)
    out = { panels, exponent: passed.exponent + (homogeneous ? rescale(arena, panels) : 0) }
    const measurement = measuredLayer(arena, layer, out)
    context.measured.push(measurement)
    context.observer?.forward(layer, panels)
    backs.push((delta) => wayBack(context, layer, from, passed, measurement, delta))
  })
  return { out, back: (delta) => backs.reduceRight((d, back) => back(d), delta) }
}

function wayBack(
  { arena, rescale: scaled, observer }: Context,
  layer: Layer,
  x: Signal,
  passed: Passed,
  measurement: LayerMeasurement,
  delta: Signal,
): Signal {
  const { grad, logWeightGradNorm } = passed.back(delta)
  const logSecondMoment = logScaled(arena, secondMomentOf(arena, delta.panels), delta.exponent)
  measurement.backward = { logSecondMoment, logWeightGradNorm }
  observer?.backward(layer, x.panels, delta.panels, grad.panels)
  return { panels: grad.panels, exponent: grad.exponent + (scaled ? rescale(arena, grad.panels) : 0) }
}

/** The layer's output goes into `out`. */
function pass(context: Context, layer: Layer, x: Signal, out: Panels): Passed {
  switch (layer.kind) {
    case 'dense':
      return passDense(context, layer, x, out)
    case 'conv':
      return passConv(context, layer, x, out)
    case 'activation':
      return passActivation(context, layer, x, out)
    case 'residual':
      return passResidual(context, layer, x, out)
    default: {
      const { arena } = context
      fill(arena, out, x.panels)
      const grouping = layer.kind === 'batchNorm' ? overBatch(out, layer.from[0]) : overUnits(out)
      const back = normalize(arena, out, grouping, layer.kind !== 'rmsNorm')
      return without(x, (delta) => back(delta))
    }
  }
}

/** A layer that has no weights, and gives what it is given: the same exponent there and back. */
function without({ exponent }: Signal, back: (delta: Panels) => Panels): Passed {
  return {
    exponent,
    back: (delta) => ({
      grad: { panels: back(delta.panels), exponent: delta.exponent },
      logWeightGradNorm: null,
    }),
  }
}

function fill(arena: Arena, to: Panels, from: Panels): void {
  arena.f32(to.ptr, panelsLen(to)).set(arena.f32(from.ptr, panelsLen(from)))
}

/** The gradient's norm from the mantissas' |delta x^T|^2. */
function withWeights({ arena }: Context, x: Signal, back: (delta: Panels) => { grad: Panels; square: number }): Passed {
  return {
    exponent: x.exponent,
    back({ panels, exponent }) {
      const { grad, square } = back(panels)
      const logWeightGradNorm = logScaled(arena, square, exponent + x.exponent) / 2
      return { grad: { panels: grad, exponent }, logWeightGradNorm }
    },
  }
}

function passDense(context: Context, layer: Extract<Layer, { kind: 'dense' }>, x: Signal, out: Panels): Passed {
  const { arena, seed } = context
  const draw = recipe(layer.init, {}, 'propagateNetwork').draw(x.panels.units, out.units)
  arena.scratch(() => WEIGHTS.forward(arena, out, x.panels, draw, seed, layer.stream))
  addBias(context, layer, out)
  return withWeights(context, x, (delta) => {
    const grad = allocatePanels(arena, x.panels.units, x.panels.batch)
    const square = arena.scratch(
      () => WEIGHTS.backward(arena, grad, delta, x.panels, draw, seed, layer.stream).weightGradSquare,
    )
    return { grad, square }
  })
}

function passConv(context: Context, layer: Extract<Layer, { kind: 'conv' }>, x: Signal, out: Panels): Passed {
  const { arena, seed } = context
  const c = convolution(arena, layer, seed)
  convolve(arena, c, out, x.panels)
  addBias(context, layer, out)
  return withWeights(context, x, (delta) => {
    const grad = allocatePanels(arena, x.panels.units, x.panels.batch)
    convolveBack(arena, c, grad, delta)
    return { grad, square: weightGradientSquare(arena, c, x.panels, delta) }
  })
}

/** One bias a channel, at every position of it. */
function addBias({ arena, seed }: Context, layer: Extract<Layer, { bias: number }>, z: Panels): void {
  if (layer.bias === 0) return
  const channels = layer.to[0]
  arena.scratch(() => {
    const drawn = arena.allocate(4 * channels)
    const all = arena.allocate(4 * z.units)
    const key = streamKey('propagate', { seed, stream: `${layer.stream}.bias` }, arena)
    arena.kernels.draw(drawn, 0n, channels, key, NORMAL, 0, layer.bias, 0, 0)
    const [from, to] = [arena.f32(drawn, channels), arena.f32(all, z.units)]
    const positions = z.units / channels
    for (let i = 0; i < z.units; i++) to[i] = from[Math.floor(i / positions)]
    arena.kernels.addBias(z.ptr, all, z.units, z.panels)
  })
}

function passActivation(
  { arena }: Context,
  layer: Extract<Layer, { kind: 'activation' }>,
  x: Signal,
  out: Panels,
): Passed {
  const { activation } = layer
  fill(arena, out, x.panels)
  activation.forward(arena.kernels, out.ptr, panelsLen(out))
  const kept = activation.keeps === 'output' ? out : x.panels
  return without(x, (delta) => {
    const grad = copyPanels(arena, delta)
    activation.backward(arena.kernels, grad.ptr, kept.ptr, panelsLen(grad))
    return grad
  })
}

function passResidual(context: Context, layer: Extract<Layer, { kind: 'residual' }>, x: Signal, out: Panels): Passed {
  const { arena } = context
  const scale = Math.fround(layer.scale)
  fill(arena, out, x.panels)
  const branch = passAll(context, layer.layers, x)
  return {
    exponent: addSignal(arena, { panels: out, exponent: x.exponent }, branch.out, scale),
    back(delta) {
      const [into, grad] = [delta, delta].map(({ panels }) => copyPanels(arena, panels))
      arena.kernels.scale(into.ptr, panelsLen(into), scale)
      const through = branch.back({ panels: into, exponent: delta.exponent })
      const exponent = addSignal(arena, { panels: grad, exponent: delta.exponent }, through, 1)
      return { grad: { panels: grad, exponent }, logWeightGradNorm: null }
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
