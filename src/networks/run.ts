import { drawnBatch, givenBatch, probe } from '../network/batch'
import { type LayerStatistics, layerStatistics } from '../network/layer-statistics'
import type { Panels } from '../network/panels'
import type { Batch } from '../network/spec'
import { inArena } from '../wasm/instance'
import { type Layer, type Size, unitsOf } from './document'
import { isHomogeneous, type LayerMeasurement } from './layer-measurement'
import { passAll } from './passes'

/** What one run is asked for. */
export interface RunSpec {
  input: Size
  layers: readonly Layer[]
  batch: number
  /** The batch itself; drawn where there is none. */
  given?: Batch
  backward: boolean
  /** Bring a homogeneous network's signals, and every gradient, back near 1 by exact powers of two. */
  rescale: boolean
}

export interface NetworkMeasurement {
  seed: bigint
  input: Pick<LayerStatistics, 'logSecondMoment'>
  /** Every layer, those of a residual branch before the residual itself. */
  layers: LayerMeasurement[]
}

/** Hears of everything that passes, while it is in memory; without rescaling the panels are the true values. */
export interface Observer {
  input(x: Panels): void
  forward(layer: Layer, out: Panels): void
  probe(delta: Panels): void
  /** dL/d output and dL/d input of a layer whose input was x. */
  backward(layer: Layer, x: Panels, delta: Panels, grad: Panels): void
}

/**
 * One seed through a network. Weights have the stream `STREAM.weight`, biases `STREAM.bias`; the batch and the probe are those of `propagate`. A network that is
 * not homogeneous (it has norms, biases, or activations other than rectifiers) is never rescaled on its way forward.
 */
export function runNetwork(spec: RunSpec, seed: bigint, observer?: Observer): NetworkMeasurement {
  const { input, layers, batch, given, backward, rescale } = spec
  return inArena((arena) => {
    const measured: LayerMeasurement[] = []
    const homogeneous = rescale && isHomogeneous(layers)
    const x = given ? givenBatch(arena, given) : drawnBatch(arena, unitsOf(input), batch, seed)
    observer?.input(x)
    const { logSecondMoment } = layerStatistics(arena, x, 0)
    const context = { arena, seed, backward, homogeneous, rescale, measured, observer }
    const { out, back } = passAll(context, layers, { panels: x, exponent: 0 })
    if (backward) {
      const delta = probe(arena, out.panels.units, batch, seed)
      observer?.probe(delta)
      back({ panels: delta, exponent: 0 })
    }
    return { seed, input: { logSecondMoment }, layers: measured }
  })
}
