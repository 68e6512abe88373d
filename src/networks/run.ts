import { initialize } from '../initializers/names'
import { drawnBatch, probe } from '../network/batch'
import { type LayerStatistics, layerStatistics, logScaled, secondMomentOf } from '../network/layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelStride, panelsLen } from '../network/panels'
import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import { type Arena, inArena } from '../wasm/instance'
import { convolution, convolve, convolveBack, weightGradientSquare } from './convolution'
import { type Layer, type Size, unitsOf } from './document'
import { normalize, overBatch, overUnits } from './normalization'

/** What the gradient does at a layer's output, as logarithms. */
export interface LayerGradient {
  /** ln of the mean over batch and units of (dL/d output)^2. */
  logSecondMoment: number
  /** ln |dL/dW|_F summed over the batch; null where there are no weights. */
  logWeightGradNorm: number | null
}

/** One layer under one seed. */
export interface LayerMeasurement {
  forward: LayerStatistics
  /** Mean of the squares at each position, over batch and channels; of one entry without positions. */
  profile: Float64Array
  backward: LayerGradient | null
}

export interface NetworkMeasurement {
  seed: bigint
  input: LayerStatistics
  /** Every layer, those of a residual branch before the residual itself. */
  layers: LayerMeasurement[]
}

/** A layer's output, and its way back: dL/d input from dL/d output, which is not changed. */
interface Passed {
  out: Panels
  back(delta: Panels): { grad: Panels; logWeightGradNorm: number | null }
}

interface Context {
  arena: Arena
  seed: bigint
  backward: boolean
  measured: LayerMeasurement[]
}

/**
 * One seed through a network. Weights of layer `layers[3]` have the stream `layers.3.weight`, those within a branch `layers.3.layers.0.weight`;
 * biases `.bias`; the batch and the probe are those of `propagate`.
 */
export function runNetwork(
  input: Size,
  layers: readonly Layer[],
  batch: number,
  seed: bigint,
  backward: boolean,
): NetworkMeasurement {
  return inArena((arena) => {
    const context: Context = { arena, seed, backward, measured: [] }
    const x = drawnBatch(arena, unitsOf(input), batch, seed)
    const first = layerStatistics(arena, x, 0)
    const { out, back } = passAll(context, layers, x)
    if (backward) back(probe(arena, out.units, batch, seed))
    return { seed, input: first, layers: context.measured }
  })
}

function passAll(context: Context, layers: readonly Layer[], x: Panels) {
  const backs: ((delta: Panels) => Panels)[] = []
  let out = x
  for (const layer of layers) {
    const passed = pass(context, layer, out)
    const measurement = measured(context.arena, layer, passed.out)
    context.measured.push(measurement)
    backs.push((delta) => {
      const { grad, logWeightGradNorm } = passed.back(delta)
      const logSecondMoment = logScaled(context.arena, secondMomentOf(context.arena, delta), 0)
      measurement.backward = { logSecondMoment, logWeightGradNorm }
      return grad
    })
    out = passed.out
  }
  return { out, back: (delta: Panels) => backs.reduceRight((d, back) => back(d), delta) }
}

function measured(arena: Arena, layer: Layer, out: Panels): LayerMeasurement {
  const positions = unitsOf(layer.to.slice(1))
  const profile = new Float64Array(positions)
  const values = arena.f32(out.ptr, panelsLen(out))
  for (let b = 0; b < out.batch; b++)
    for (let i = 0; i < out.units; i++) {
      const value = values[((b >> 3) * out.units + i) * 8 + (b & 7)]
      profile[i % positions] += value * value
    }
  const count = (out.batch * out.units) / positions
  const ends = layer.kind === 'activation' ? layer.activation.ends : null
  return { forward: layerStatistics(arena, out, 0, ends), profile: profile.map((sum) => sum / count), backward: null }
}

function pass(context: Context, layer: Layer, x: Panels): Passed {
  switch (layer.kind) {
    case 'dense':
      return passDense(context, layer, x)
    case 'conv':
      return passConv(context, layer, x)
    case 'activation':
      return passActivation(context, layer, x)
    case 'residual':
      return passResidual(context, layer, x)
    default: {
      const grouping = layer.kind === 'batchNorm' ? overBatch(x, layer.from[0]) : overUnits(x)
      const { out, back } = normalize(context.arena, x, grouping, layer.kind !== 'rmsNorm')
      return { out, back: (delta) => ({ grad: back(delta), logWeightGradNorm: null }) }
    }
  }
}

const streamOf = ({ path }: Layer) => path.replace(/^network\./, '').replace(/\[(\d+)\]/g, '.$1')

function passDense({ arena, seed }: Context, layer: Extract<Layer, { kind: 'dense' }>, x: Panels): Passed {
  const { kernels } = arena
  const stream = streamOf(layer)
  const [m, k] = [layer.to[0], x.units]
  const weights = initialize(layer.init, [m, k], { seed, stream: `${stream}.weight` })
  const w = arena.allocate(4 * m * k)
  arena.f32(w, m * k).set(weights)
  const out = allocatePanels(arena, m, x.batch)
  kernels.multiplyPanels(out.ptr, 32, panelStride(out), w, 4 * k, x.ptr, panelStride(x), m, k, 8 * x.panels, 0)
  addBias(arena, out, m, layer.bias, seed, stream)
  const back = (delta: Panels) => {
    const grad = allocatePanels(arena, k, x.batch)
    arena.scratch(() => {
      const transposed = arena.allocate(4 * m * k)
      kernels.transpose(transposed, 4 * m, w, 4 * k, m, k)
      const [stride, n] = [panelStride(delta), 8 * x.panels]
      kernels.multiplyPanels(grad.ptr, 32, panelStride(grad), transposed, 4 * m, delta.ptr, stride, k, m, n, 0)
    })
    return { grad, logWeightGradNorm: logScaled(arena, gradientSquare(arena, delta, x), 0) / 2 }
  }
  return { out, back }
}

/** |delta x^T|_F^2 from the Gram matrices of the samples. */
function gradientSquare(arena: Arena, delta: Panels, x: Panels): number {
  return arena.scratch(() => {
    const side = 8 * x.panels
    const [d, g] = [delta, x].map((p) => {
      const ptr = arena.allocate(8 * side * side)
      arena.kernels.gram(ptr, p.ptr, p.units, p.panels)
      return ptr
    })
    return arena.kernels.gramInner(d, g, x.panels)
  })
}

function passConv({ arena, seed }: Context, layer: Extract<Layer, { kind: 'conv' }>, x: Panels): Passed {
  const stream = streamOf(layer)
  const c = convolution(arena, layer, seed, stream)
  const out = allocatePanels(arena, unitsOf(layer.to), x.batch)
  convolve(arena, c, out, x)
  addBias(arena, out, layer.to[0], layer.bias, seed, stream)
  const back = (delta: Panels) => {
    const grad = allocatePanels(arena, x.units, x.batch)
    convolveBack(arena, c, grad, delta)
    return { grad, logWeightGradNorm: logScaled(arena, weightGradientSquare(arena, c, x, delta), 0) / 2 }
  }
  return { out, back }
}

/** One bias a channel, at every position of it. */
function addBias(arena: Arena, z: Panels, channels: number, stddev: number, seed: bigint, stream: string): void {
  if (stddev === 0) return
  arena.scratch(() => {
    const drawn = arena.allocate(4 * channels)
    const all = arena.allocate(4 * z.units)
    const key = streamKey('propagate', { seed, stream: `${stream}.bias` }, arena)
    arena.kernels.draw(drawn, 0n, channels, key, NORMAL, 0, stddev, 0, 0)
    const [from, to] = [arena.f32(drawn, channels), arena.f32(all, z.units)]
    const positions = z.units / channels
    for (let i = 0; i < z.units; i++) to[i] = from[Math.floor(i / positions)]
    arena.kernels.addBias(z.ptr, all, z.units, z.panels)
  })
}

function passActivation({ arena }: Context, layer: Extract<Layer, { kind: 'activation' }>, x: Panels): Passed {
  const { activation } = layer
  const out = copyPanels(arena, x)
  activation.forward(arena.kernels, out.ptr, panelsLen(out))
  const kept = activation.keeps === 'output' ? out : x
  const back = (delta: Panels) => {
    const grad = copyPanels(arena, delta)
    activation.backward(arena.kernels, grad.ptr, kept.ptr, panelsLen(grad))
    return { grad, logWeightGradNorm: null }
  }
  return { out, back }
}

function passResidual(context: Context, layer: Extract<Layer, { kind: 'residual' }>, x: Panels): Passed {
  const { arena } = context
  const scale = Math.fround(layer.scale)
  const branch = passAll(context, layer.layers, x)
  const out = copyPanels(arena, x)
  arena.kernels.addScaled(out.ptr, branch.out.ptr, panelsLen(out), scale)
  const back = (delta: Panels) => {
    const grad = copyPanels(arena, delta)
    const into = copyPanels(arena, delta)
    arena.kernels.scale(into.ptr, panelsLen(into), scale)
    arena.kernels.addScaled(grad.ptr, branch.back(into).ptr, panelsLen(grad), 1)
    return { grad, logWeightGradNorm: null }
  }
  return { out, back }
}
