import { drawnBatch, givenBatch, probe } from '../network/batch'
import { type LayerStatistics, layerStatistics, logScaled, secondMomentOf } from '../network/layer-statistics'
import type { Panels } from '../network/panels'
import type { Batch } from '../network/spec'
import { inArena } from '../wasm/instance'
import { type Layer, type Size, unitsOf } from './document'
import type { DocumentJacobian } from './jacobian'
import { isHomogeneous, type LayerMeasurement, measuredLayer } from './layer-measurement'
import { drawnNumbers } from './layer-numbers'
import { type BackStep, type Passes, passLayers } from './passes'

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
  input: Pick<LayerStatistics, 'logSecondMoment' | 'cosine'>
  /** Every layer, those of a residual branch before the residual itself. */
  layers: LayerMeasurement[]
  /** Where it was asked for. */
  jacobian?: DocumentJacobian
}

/** Hears of everything that passes, while it is in memory; without rescaling the panels are the true values. */
export interface Observer {
  input(x: Panels): void
  forward(layer: Layer, out: Panels): void
  probe(delta: Panels): void
  backward(layer: Layer, step: BackStep): void
}

/**
 * One seed through a network. Weights have the stream `STREAM.weight`, biases `STREAM.bias`; the batch and the probe are those of `propagate`. A network that is
 * not homogeneous (it has norms, biases, or activations other than rectifiers) is never rescaled on its way forward.
 */
export function runNetwork(spec: RunSpec, seed: bigint, observer?: Observer): NetworkMeasurement {
  const { input, layers, batch, given, backward, rescale } = spec
  return inArena((arena) => {
    const measured = new Map<Layer, LayerMeasurement>()
    const x = given ? givenBatch(arena, given) : drawnBatch(arena, unitsOf(input), batch, seed)
    observer?.input(x)
    const { logSecondMoment, cosine } = layerStatistics(arena, x, 0)
    const passes: Passes = {
      ...{ arena, backward, rescaleSignals: rescale && isHomogeneous(layers), rescaleGradients: rescale },
      numbers: (layer) => drawnNumbers(arena, layer, seed),
      onOutput(layer, out) {
        measured.set(layer, measuredLayer(arena, layer, out))
        observer?.forward(layer, out.panels)
      },
      onDelta(layer, step) {
        const { x, delta, weights } = step
        measured.get(layer)!.backward = {
          logSecondMoment: logScaled(arena, secondMomentOf(arena, delta.panels), delta.exponent),
          logWeightGradNorm: weights && logScaled(arena, weights.square(), delta.exponent + x.exponent) / 2,
        }
        observer?.backward(layer, step)
      },
    }
    const { out, back } = passLayers(passes, layers, { panels: x, exponent: 0 })
    if (backward) {
      const delta = probe(arena, out.panels.units, batch, seed)
      observer?.probe(delta)
      back({ panels: delta, exponent: 0 })
    }
    return { seed, input: { logSecondMoment, cosine }, layers: [...measured.values()] }
  })
}
