import type { Draw } from '../initializers/draw'
import { NORMAL } from '../random/draw'
import { streamKey } from '../random/stream'
import { type Arena, inArena } from '../wasm/instance'
import { drawnBatch, givenBatch, probe } from './batch'
import { type LayerStatistics, layerStatistics, logScaled, rescale, secondMomentOf } from './layer-statistics'
import { allocatePanels, type Panels, panelStride, panelsLen } from './panels'
import { powerOfTwo } from './power-of-two'
import type { NetworkSpec } from './spec'
import { weightRows } from './weight-rows'

/** What the gradient does at one layer: natural logarithms, so that nothing underflows. */
export interface BackwardStatistics {
  /** ln of the mean over batch and units of (dL/dz)^2. */
  logSecondMoment: number
  /** ln of the Frobenius norm of dL/dW summed over the batch. */
  logWeightGradNorm: number
  /** <W, dL/dW>, summed over the batch: by Euler's identity the same in every layer of a homogeneous network. */
  inner: number
}

/** One seed's run through the network. */
export interface SeedMeasurement {
  seed: bigint
  input: { logSecondMoment: number; cosine: number | null }
  forward: LayerStatistics[]
  /** One a layer, in the layers' order; null when no gradient was asked for. */
  backward: BackwardStatistics[] | null
}

/** Weights drawn and multiplied at once: as many as stay in a cache of the second level. */
const CHUNK_WEIGHTS = 65536

/** An activation as it is stored: the true one times 2^-exponent. */
interface Signal {
  panels: Panels
  exponent: number
}

/**
 * One seed through the network: weights `layers.L.weight` (fanOut x fanIn) and biases `layers.L.bias`, L = 1 .. depth, drawn where they
 * are used and drawn again on the way back. The probe L = sum over samples of <g, z_L> has independent standard normals g, so that
 * dL/dz has second moment 1 at the last layer.
 */
export function runSeed(spec: NetworkSpec, draws: readonly Draw[], seed: bigint): SeedMeasurement {
  return inArena((arena) => {
    const x = spec.input ? givenBatch(arena, spec.input) : drawnBatch(arena, spec.widths[0], spec.batch, seed)
    const first = layerStatistics(arena, x, 0)
    const { signals, forward } = sendForward(arena, spec, draws, seed, x)
    return {
      seed,
      input: { logSecondMoment: first.logSecondMoment, cosine: first.cosine },
      forward,
      backward: spec.backward ? sendBackward(arena, spec, draws, seed, signals) : null,
    }
  })
}

/** Signals of layers 0 .. depth; without a backward pass only two buffers take turns. */
function sendForward(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  x: Panels,
): { signals: Signal[]; forward: LayerStatistics[] } {
  const signals: Signal[] = [{ panels: x, exponent: 0 }]
  const forward: LayerStatistics[] = []
  const widest = Math.max(...spec.widths.slice(1))
  const turns = spec.backward ? null : [0, 1].map(() => allocatePanels(arena, widest, spec.batch))
  draws.forEach((draw, i) => {
    const units = spec.widths[i + 1]
    const from = signals[i]
    const h = turns ? { ...turns[i % 2], units } : allocatePanels(arena, units, spec.batch)
    arena.scratch(() => {
      multiply(arena, h, from.panels, draw, seed, `layers.${i + 1}.weight`)
      if (spec.bias > 0) addBias(arena, h, spec.bias, seed, `layers.${i + 1}.bias`)
    })
    spec.activation.forward(arena.kernels, h.ptr, panelsLen(h))
    const exponent = from.exponent + (rescalable(spec) ? rescale(arena, h) : 0)
    signals.push({ panels: h, exponent })
    forward.push(layerStatistics(arena, h, exponent))
  })
  return { signals, forward }
}

function rescalable(spec: NetworkSpec): boolean {
  return spec.activation.homogeneous && spec.bias === 0
}

/** z = W x. */
function multiply(arena: Arena, z: Panels, x: Panels, draw: Draw, seed: bigint, stream: string): void {
  const maxRows = Math.min(z.units, Math.max(5, Math.floor(CHUNK_WEIGHTS / x.units / 5) * 5))
  const weights = weightRows(arena, draw, z.units, x.units, maxRows, seed, stream)
  for (let row = 0; row < z.units; row += maxRows) {
    const rows = Math.min(maxRows, z.units - row)
    const w = weights.rows(row, row + rows)
    const out = z.ptr + 32 * row
    arena.kernels.multiplyPanels(
      out,
      32,
      panelStride(z),
      w,
      4 * x.units,
      x.ptr,
      panelStride(x),
      rows,
      x.units,
      8 * x.panels,
      0,
    )
  }
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
  signals: readonly Signal[],
): BackwardStatistics[] {
  const depth = draws.length
  const result = new Array<BackwardStatistics>(depth)
  let delta: Signal = { panels: probe(arena, spec.widths[depth], spec.batch, seed), exponent: 0 }
  const widest = Math.max(...spec.widths.slice(0, depth))
  const turns = [0, 1].map(() => allocatePanels(arena, widest, spec.batch))
  for (let layer = depth; layer >= 1; layer--) {
    const below = signals[layer - 1]
    const grad = { ...turns[layer % 2], units: below.panels.units }
    multiplyTransposed(arena, grad, delta.panels, draws[layer - 1], seed, `layers.${layer}.weight`)
    result[layer - 1] = backwardStatistics(arena, delta, below, grad)
    if (layer > 1) spec.activation.backward(arena.kernels, grad.ptr, below.panels.ptr, panelsLen(grad))
    delta = { panels: grad, exponent: delta.exponent + (rescalable(spec) ? rescale(arena, grad) : 0) }
  }
  return result
}

/** delta = dL/dz of a layer, below = the activations it multiplied, grad = W^T delta. */
function backwardStatistics(arena: Arena, delta: Signal, below: Signal, grad: Panels): BackwardStatistics {
  return arena.scratch(() => {
    const exponent = delta.exponent + below.exponent
    const square = weightGradSquare(arena, delta.panels, below.panels)
    return {
      logSecondMoment: logScaled(arena, secondMomentOf(arena, delta.panels), delta.exponent),
      logWeightGradNorm: logScaled(arena, square, exponent) / 2,
      inner: arena.kernels.dot(grad.ptr, below.panels.ptr, panelsLen(grad)) * powerOfTwo(exponent),
    }
  })
}

/** |delta h^T|_F^2 from the Gram matrices of the samples. */
function weightGradSquare(arena: Arena, delta: Panels, h: Panels): number {
  const side = 8 * h.panels
  const [d, g] = [delta, h].map((x) => {
    const ptr = arena.allocate(8 * side * side)
    arena.kernels.gram(ptr, x.ptr, x.units, x.panels)
    return ptr
  })
  return arena.kernels.gramInner(d, g, h.panels)
}

/** grad = W^T delta, by blocks of the accumulation order along the rows of W. */
function multiplyTransposed(arena: Arena, grad: Panels, delta: Panels, draw: Draw, seed: bigint, stream: string): void {
  const block = arena.kernels.K_BLOCK.value
  const maxRows = Math.min(delta.units, block)
  arena.scratch(() => {
    const weights = weightRows(arena, draw, delta.units, grad.units, maxRows, seed, stream)
    const transposed = arena.allocate(4 * grad.units * maxRows)
    for (let row = 0; row < delta.units; row += block) {
      const rows = Math.min(block, delta.units - row)
      const stride = 4 * rows
      arena.kernels.transpose(transposed, stride, weights.rows(row, row + rows), 4 * grad.units, rows, grad.units)
      const d = delta.ptr + 32 * row
      const [out, n, add] = [grad.ptr, 8 * grad.panels, row > 0 ? 1 : 0]
      arena.kernels.multiplyPanels(
        out,
        32,
        panelStride(grad),
        transposed,
        stride,
        d,
        panelStride(delta),
        grad.units,
        rows,
        n,
        add,
      )
    }
  })
}
