/** Networks of documents under training, by the passes of the experiment room. */

import { secondMomentOf } from '../network/layer-statistics'
import type { Panels } from '../network/panels'
import { type Layer, unitsOf } from '../networks/document'
import { drawBias, drawWeights, weightShape } from '../networks/draw'
import { layerMap } from '../networks/layer-map'
import { type LayerNumbers, passLayers, type Weighted, weightedOutput } from '../networks/passes'
import type { Arena } from '../wasm/instance'
import { type LsuvLayer, type LsuvSettings, scaleToTarget, weightsAt } from './lsuv'
import type { DeltaListener, Model, Start } from './model'
import { LINE, zeroStretch } from './parameters'

/** Where the numbers of a layer begin, in elements. */
interface Place {
  weight: number
  bias: number
}

/** The layers in the order in which they are heard: those of a residual branch before the residual itself. */
export function flatLayers(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => (layer.kind === 'residual' ? [...flatLayers(layer.layers), layer] : [layer]))
}

/** Those with weights. */
export function weightedLayers(layers: readonly Layer[]): Weighted[] {
  return flatLayers(layers).filter((layer) => layer.kind === 'dense' || layer.kind === 'conv')
}

/**
 * Weights and biases as `propagateNetwork` draws them for the seed; with LSUV each layer's weights then scaled, first to last, until its
 * own output on `samples` has the second moment that the settings want.
 */
export function startDocument(
  arena: Arena,
  layers: readonly Layer[],
  seed: bigint,
  lsuv: { settings: LsuvSettings; samples: () => Panels } | null,
): Start {
  const { places, len } = placesOf(layers)
  const parameters = zeroStretch(arena, { len })
  const numbers = new Map<Weighted, LayerNumbers>()
  for (const [layer, { weight, bias }] of places) {
    const [weightsPtr, biasPtr] = [parameters + 4 * weight, parameters + 4 * bias]
    const weights = drawWeights(layer, seed)
    arena.f32(weightsPtr, weights.length).set(weights)
    if (layer.bias > 0) drawBias(arena, biasPtr, layer, seed)
    numbers.set(layer, { map: layerMap(arena, layer, weightsPtr), biasPtr })
  }
  const scale = (settings: LsuvSettings, x: Panels) =>
    scaleDocument(arena, layers, places, parameters, numbers, settings, x)
  return {
    model: documentModel(layers, places, numbers, len),
    parameters,
    lsuv: lsuv && arena.scratch(() => scale(lsuv.settings, lsuv.samples())),
  }
}

function placesOf(layers: readonly Layer[]): { places: Map<Weighted, Place>; len: number } {
  let len = 0
  const place = (elements: number) => {
    const start = len
    len += Math.ceil(elements / LINE) * LINE
    return start
  }
  const places = new Map<Weighted, Place>()
  for (const layer of weightedLayers(layers)) {
    const weight = place(weightCount(layer))
    places.set(layer, { weight, bias: place(layer.to[0]) })
  }
  return { places, len }
}

const weightCount = (layer: Weighted) => unitsOf(weightShape(layer))

/** Signals are the outputs of all layers as flatLayers has them, gradients those by these outputs. */
function documentModel(
  layers: readonly Layer[],
  places: ReadonlyMap<Layer, Place>,
  numbers: ReadonlyMap<Weighted, LayerNumbers>,
  len: number,
): Model {
  const rows = new Map(flatLayers(layers).map((layer, row) => [layer, row]))
  return {
    len,
    forward(arena, _, x) {
      const signals: Panels[] = []
      let to: number | null = null
      let hear: DeltaListener | undefined
      const { out, back } = passLayers(
        {
          arena,
          numbers: (layer) => numbers.get(layer)!,
          onOutput: (_, out) => signals.push(out),
          onDelta(layer, delta, weights) {
            hear?.(rows.get(layer)!, delta)
            const place = places.get(layer)
            if (to !== null && place) weights?.write(to + 4 * place.weight, to + 4 * place.bias)
          },
        },
        layers,
        x,
      )
      return {
        outputs: out,
        signals,
        back(gradients, delta, onDelta) {
          to = gradients
          hear = onDelta
          back(delta)
        },
      }
    },
  }
}

function scaleDocument(
  arena: Arena,
  layers: readonly Layer[],
  places: ReadonlyMap<Weighted, Place>,
  parameters: number,
  numbers: ReadonlyMap<Weighted, LayerNumbers>,
  settings: LsuvSettings,
  x: Panels,
): LsuvLayer[] {
  const found: LsuvLayer[] = []
  const scaled = (layer: Weighted, x: Panels) => {
    const own = numbers.get(layer)!
    const weights = weightsAt(arena, parameters + 4 * places.get(layer)!.weight, weightCount(layer))
    const measure = () => arena.scratch(() => secondMomentOf(arena, weightedOutput(arena, layer, own, x)))
    found.push({ layer: found.length + 1, ...scaleToTarget(weights, measure, settings) })
    return own
  }
  passLayers({ arena, numbers: scaled }, layers, x)
  return found
}
