/** A batch sent through a chain of dense and convolution layers, pooling and norms with the numbers as they are. */

import { givenBatch, probe } from '../network/batch'
import { layerStatistics, secondMomentOf } from '../network/layer-statistics'
import { allocatePanels, type Panels, panelsLen } from '../network/panels'
import type { Batch } from '../network/spec'
import type { Signal } from '../network/weights-engine'
import { type Size, unitsOf, type Weighted } from '../networks/document'
import { type LayerNumbers, type LinearMap, layerMap } from '../networks/layer-numbers'
import { type Passes, passLayers, weightedOutput } from '../networks/passes'
import { type Arena, inArena } from '../wasm/instance'
import type { ChainLayer } from './chain'
import { chainNetwork, type LayerValues, type Place, type SampleOptions } from './chain-network'
import { channelsFirst } from './channels-first'
import { norm } from './norms'
import { pool } from './pooling'
import type { ChainInput, LayerSignal } from './predict-chain'
import type { ChainStep } from './steps'

export interface ChainMeasurement {
  input: ChainInput
  /** What a sample was taken as: [channels, ...space], or the inputs of a dense layer. */
  inputSize: Size
  layers: LayerSignal[]
  /** [channels, ...space] of each layer's output. */
  sizes: Size[]
  /** Factor of each layer's weights that gives its pre-activations the second moment 1 (LSUV); 1 where not asked for. */
  scales: number[]
}

/** Values of a model's tensors, asked for as they are needed. */
export interface ModelValues {
  layer(layer: ChainLayer): LayerValues
  vector(name: string): Float32Array
}

/**
 * Forward, then the probe dL/dz_L ~ N(0, 1) of seed 0 back; f32 weights and activations, statistics in f64, the passes of the experiment room.
 * A layer's signal is what it hands to the next: behind its activation, and what norms and pooling there are.
 * With `lsuv` each layer's weights are scaled, in order, so that z has second moment 1 over this batch before the next layer is run.
 * @throws RangeError for a batch or layers that do not fit each other, OutOfMemoryError
 */
export function measureChain(
  steps: readonly ChainStep[],
  model: ModelValues,
  batch: Batch,
  samples: SampleOptions,
  lsuv = false,
): ChainMeasurement {
  const network = chainNetwork(steps, batch, samples)
  const { input, places, weighted } = network
  const given = steps.flatMap((step) => (step.kind === 'weights' ? [model.layer(step.layer)] : []))
  const { rows, values } = channelsFirst(network, batch, given)
  return inArena((arena) => {
    const x = givenBatch(arena, rows)
    const first = layerStatistics(arena, x, 0)
    const scales: number[] = []
    const down: number[] = []
    const passes: Passes = {
      arena,
      backward: true,
      numbers(layer, x) {
        const { numbers, scale } = storedNumbers(arena, layer, values[weighted.indexOf(layer)], x, lsuv)
        scales.push(scale)
        return numbers
      },
      onDelta: (layer, { delta }) => layer.kind !== 'activation' && down.unshift(secondMomentOf(arena, delta.panels)),
    }
    const { signals, z, back } = passPlaces(passes, places, weighted, model, x)
    back({ panels: probe(arena, z.panels.units, batch.rows, 0n), exponent: 0 })
    return {
      input: { secondMoment: first.secondMoment, cosine: first.cosine },
      inputSize: input,
      sizes: weighted.map(({ to }) => to),
      layers: signals.map((signal, l) => ({ ...signal, gradient: down[l] })),
      scales,
    }
  })
}

/** What each layer hands on, z of the last one, and the way back from there. */
interface PassedPlaces {
  signals: Omit<LayerSignal, 'gradient'>[]
  z: Signal
  back(delta: Signal): void
}

function passPlaces(
  passes: Passes,
  places: readonly Place[],
  weighted: readonly Weighted[],
  model: ModelValues,
  x: Panels,
): PassedPlaces {
  const { arena } = passes
  const signals: Omit<LayerSignal, 'gradient'>[] = []
  const backs: ((delta: Signal) => Signal)[] = []
  const hear = ({ panels }: Signal) => {
    const { secondMoment, cosine } = layerStatistics(arena, panels, 0)
    signals.push({ secondMoment, cosine })
  }
  let out: Signal = { panels: x, exponent: 0 }
  let [z, above, layers] = [out, 0, 0]
  for (const place of places) {
    const weights = place.kind === 'layer' && weighted[layers] === place.layer
    if (weights && layers > 0) hear(out)
    const passed = passPlace(passes, place, model, out)
    backs.push(passed.back)
    out = passed.out
    if (!weights) continue
    layers++
    z = out
    above = backs.length
  }
  hear(out)
  // the probe is at the last z, below its activation
  return { signals, z, back: (delta) => backs.slice(0, above).reduceRight((d, back) => back(d), delta) }
}

function passPlace(
  passes: Passes,
  place: Place,
  model: ModelValues,
  x: Signal,
): { out: Signal; back: (delta: Signal) => Signal } {
  const { arena } = passes
  if (place.kind === 'layer') return passLayers(passes, [place.layer], x)
  const { out, back } =
    place.kind === 'pool' ? pool(arena, place, x.panels) : norm(arena, place, model.vector, x.panels)
  return { out: { panels: out, exponent: 0 }, back: ({ panels }) => ({ panels: back(panels), exponent: 0 }) }
}

/** s W and b; s is 1 unless z is to have second moment 1. */
function storedNumbers(
  arena: Arena,
  layer: Weighted,
  values: LayerValues,
  x: Panels,
  lsuv: boolean,
): { numbers: LayerNumbers; scale: number } {
  const bias = values.bias()
  const biasPtr = bias && copyIn(arena, bias)
  const map = storedMap(arena, layer, values)
  const scale = lsuv ? unitScale(arena, layer, map, bias, biasPtr, x) : 1
  return { numbers: { map: scaledMap(arena, map, scale), biasPtr }, scale }
}

/** The weights are in linear memory while they are multiplied, and not longer. */
function storedMap(arena: Arena, layer: Weighted, { weight }: LayerValues): LinearMap {
  const use = <T>(body: (map: LinearMap) => T) =>
    arena.scratch(() => body(layerMap(arena, layer, copyIn(arena, weight()))))
  return {
    forward: (out, x) => use((map) => map.forward(out, x)),
    back: (grad, delta) => use((map) => map.back(grad, delta)),
    gradient: (toPtr, x, delta) => use((map) => map.gradient(toPtr, x, delta)),
    gradientSquare: (x, delta) => use((map) => map.gradientSquare(x, delta)),
  }
}

/** s W. */
function scaledMap({ kernels }: Arena, map: LinearMap, scale: number): LinearMap {
  if (scale === 1) return map
  return {
    ...map,
    forward(out, x) {
      map.forward(out, x)
      kernels.scale(out.ptr, panelsLen(out), scale)
    },
    back(grad, delta) {
      map.back(grad, delta)
      kernels.scale(grad.ptr, panelsLen(grad), scale)
    },
  }
}

/** The s > 0 with mean (s y + b)^2 = 1 for y = W x: s^2 A + 2 s B + C = 1. Without a solution, as for dead or too great biases, 1/sqrt(A). */
function unitScale(
  arena: Arena,
  layer: Weighted,
  map: LinearMap,
  bias: Float32Array | null,
  biasPtr: number | null,
  x: Panels,
): number {
  const momentWith = (biasPtr: number | null) =>
    arena.scratch(() => {
      const z = allocatePanels(arena, unitsOf(layer.to), x.batch)
      weightedOutput(arena, layer, { map, biasPtr }, x, z)
      return secondMomentOf(arena, z)
    })
  const a = momentWith(null)
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) return 1
  if (bias === null) return 1 / Math.sqrt(a)
  const c = bias.reduce((sum, b) => sum + b * b, 0) / bias.length
  const b = (momentWith(biasPtr) - a - c) / 2
  return c < 1 ? (Math.sqrt(b * b + a * (1 - c)) - b) / a : 1 / Math.sqrt(a)
}

function copyIn(arena: Arena, values: Float32Array): number {
  const ptr = arena.allocate(4 * values.length)
  arena.f32(ptr, values.length).set(values)
  return ptr
}
