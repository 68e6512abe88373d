import { drawnBatch, probe } from '../network/batch'
import { type LayerStatistics, layerStatistics, logScaled, secondMomentOf } from '../network/layer-statistics'
import { type Panels, panelsLen } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { type Layer, type Size, unitsOf } from './document'
import { drawBias, drawWeights } from './draw'
import { layerMap } from './layer-map'
import { type LayerNumbers, type Passes, passLayers, type Weighted } from './passes'

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
    const found = new Map<Layer, LayerMeasurement>()
    const x = drawnBatch(arena, unitsOf(input), batch, seed)
    const first = layerStatistics(arena, x, 0)
    const passes: Passes = {
      arena,
      numbers: (layer) => drawnNumbers(arena, layer, seed),
      onOutput: (layer, out) => found.set(layer, measured(arena, layer, out)),
      onDelta: (layer, delta, weights) => {
        found.get(layer)!.backward = {
          logSecondMoment: logScaled(arena, secondMomentOf(arena, delta), 0),
          logWeightGradNorm: weights && logScaled(arena, weights.square(), 0) / 2,
        }
      },
    }
    const { out, back } = passLayers(passes, layers, x)
    if (backward) back(probe(arena, out.units, batch, seed))
    return { seed, input: first, layers: [...found.values()] }
  })
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
  return { forward: layerStatistics(arena, out, 0), profile: profile.map((sum) => sum / count), backward: null }
}

function drawnNumbers(arena: Arena, layer: Weighted, seed: bigint): LayerNumbers {
  const weights = drawWeights(layer, seed)
  const ptr = arena.allocate(4 * weights.length)
  arena.f32(ptr, weights.length).set(weights)
  const map = layerMap(arena, layer, ptr)
  if (layer.bias === 0) return { map, biasPtr: null }
  const biasPtr = arena.allocate(4 * layer.to[0])
  drawBias(arena, biasPtr, layer, seed)
  return { map, biasPtr }
}
