import type { Draw } from '../initializers/draw'
import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import { type Arena, inArena } from '../wasm/instance'
import { drawnBatch, givenBatch, probe } from './batch'
import type { DenseEngine, GradientSquares } from './dense-engine'
import { type LayerStatistics, layerStatistics, logScaled, rescale, rescaledStatistics } from './layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelsLen } from './panels'
import type { NetworkSpec } from './spec'
import { WEIGHTS } from './weight-products'

/** What the gradient does at one layer: natural logarithms, so that nothing underflows. */
export interface BackwardStatistics {
  /** ln of the mean over batch and units of (dL/dz)^2. */
  logSecondMoment: number
  /** ln of the Frobenius norm of dL/dW summed over the batch. */
  logWeightGradNorm: number
}

/** One seed's run through the network. */
export interface SeedMeasurement {
  seed: bigint
  input: { logSecondMoment: number; cosine: number | null }
  forward: LayerStatistics[]
  /** One a layer, in the layers' order; null when no gradient was asked for. */
  backward: BackwardStatistics[] | null
}

/** A gradient, or a layer's activations, as they are stored: the true ones times 2^-exponent. */
export interface Signal {
  panels: Panels
  exponent: number
}

/** A layer's activations beside what the backward pass tells f'(z) from: themselves, or z. */
export interface LayerSignal extends Signal {
  kept: Panels
  /** What the engine prepared of the activations for the layer above. */
  prepared?: number | null
}

/**
 * One seed through the network, its layers by `engine`, its biases `layers.L.bias`, L = 1 .. depth. The probe L = sum over samples of
 * <g, z_L> has independent standard normals g, so that dL/dz has second moment 1 at the last layer.
 */
export function runSeed(
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  engine: DenseEngine = WEIGHTS,
): SeedMeasurement {
  return inArena((arena) => {
    const x = spec.input ? givenBatch(arena, spec.input) : drawnBatch(arena, spec.widths[0], spec.batch, seed)
    const first = layerStatistics(arena, x, 0)
    const { signals, forward } = sendForward(arena, spec, draws, seed, x, engine)
    return {
      seed,
      input: { logSecondMoment: first.logSecondMoment, cosine: first.cosine },
      forward,
      backward: spec.backward ? sendBackward(arena, spec, draws, seed, signals, engine) : null,
    }
  })
}

/** Signals of layers 0 .. depth; without a backward pass only two buffers take turns. */
export function sendForward(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  x: Panels,
  engine: DenseEngine,
): { signals: LayerSignal[]; forward: LayerStatistics[] } {
  const signals: LayerSignal[] = [{ panels: x, exponent: 0, kept: x }]
  const forward: LayerStatistics[] = []
  const width = widest(spec.widths.slice(1))
  const measured = rescalable(spec) ? rescaledStatistics : layerStatistics
  const turns = spec.backward ? null : [0, 1].map(() => allocatePanels(arena, width, spec.batch))
  draws.forEach((draw, i) => {
    const units = spec.widths[i + 1]
    const from = signals[i]
    const h = turns ? { ...turns[i % 2], units } : allocatePanels(arena, units, spec.batch)
    if (spec.backward) from.prepared = engine.prepare?.(arena, from.panels, units, draws.length)
    arena.scratch(() => {
      engine.forward(arena, h, from.panels, draw, seed, `layers.${i + 1}`, from.prepared)
      if (spec.bias > 0) addBias(arena, h, spec.bias, seed, `layers.${i + 1}.bias`)
    })
    const kept = spec.backward && spec.activation.keeps === 'input' ? copyPanels(arena, h) : h
    spec.activation.forward(arena.kernels, h.ptr, panelsLen(h))
    const statistics = measured(arena, h, from.exponent, spec.activation.ends)
    signals.push({ panels: h, exponent: statistics.exponent, kept })
    forward.push(statistics)
  })
  return { signals, forward }
}

/** Trap: Math.max(...widths) overflows the stack of a network of 100,000 layers. */
export function widest(widths: readonly number[]): number {
  return widths.reduce((a, b) => Math.max(a, b))
}

function rescalable(spec: NetworkSpec): boolean {
  return spec.rescale && spec.activation.homogeneous && spec.bias === 0
}

function addBias(arena: Arena, z: Panels, stddev: number, seed: bigint, stream: string): void {
  const ptr = arena.allocate(4 * z.units)
  arena.kernels.draw(ptr, 0n, z.units, streamKey('propagate', { seed, stream }, arena), NORMAL, 0, stddev, 0, 0)
  arena.kernels.addBias(z.ptr, ptr, z.units, z.panels)
}

function sendBackward(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  signals: readonly LayerSignal[],
  engine: DenseEngine,
): BackwardStatistics[] {
  const depth = draws.length
  const result = new Array<BackwardStatistics>(depth)
  let delta: Signal = { panels: probe(arena, spec.widths[depth], spec.batch, seed), exponent: 0 }
  const width = widest(spec.widths.slice(0, depth))
  const turns = [0, 1].map(() => allocatePanels(arena, width, spec.batch))
  for (let layer = depth; layer >= 1; layer--) {
    const below = signals[layer - 1]
    const grad = { ...turns[layer % 2], units: below.panels.units }
    result[layer - 1] = arena.scratch(() => {
      const draw = draws[layer - 1]
      const { panels, prepared } = below
      const squares = engine.backward(arena, grad, delta.panels, panels, draw, seed, `layers.${layer}`, prepared)
      return backwardStatistics(arena, delta, below, squares)
    })
    if (layer > 1) spec.activation.backward(arena.kernels, grad.ptr, below.kept.ptr, panelsLen(grad))
    // backward is linear in delta, whatever the activation and the biases
    delta = { panels: grad, exponent: delta.exponent + (spec.rescale ? rescale(arena, grad) : 0) }
  }
  return result
}

/** delta = dL/dz of a layer, below = the activations it multiplied. */
function backwardStatistics(arena: Arena, delta: Signal, below: Signal, squares: GradientSquares): BackwardStatistics {
  return {
    logSecondMoment: logScaled(arena, squares.secondMoment, delta.exponent),
    logWeightGradNorm: logScaled(arena, squares.weightGradSquare, delta.exponent + below.exponent) / 2,
  }
}
