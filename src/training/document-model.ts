/** Networks of documents under training, by the passes of the experiment room. */

import { secondMomentOf } from '../network/layer-statistics'
import { allocatePanels, type Panels, panelsLen } from '../network/panels'
import { flat } from '../networks/cost'
import { type Layer, unitsOf, type Weighted } from '../networks/document'
import { drawBias, drawWeights, weightShape } from '../networks/draw'
import { type LayerNumbers, layerMap } from '../networks/layer-numbers'
import { passLayers, type WeightGradient, weightedOutput } from '../networks/passes'
import type { Arena } from '../wasm/instance'
import { type BranchScaling, residualLayers } from './document-scaling'
import { type LsuvLayer, type LsuvSettings, scaleToTarget, weightsAt } from './lsuv'
import type { DeltaListener, Model, Start } from './model'
import { LINE, zeroStretch } from './parameters'

/** Where the numbers of a layer begin, in elements. */
interface Place {
  weight: number
  bias: number
}

/** Where everything lies, and how many elements that takes. */
interface Places {
  weighted: Map<Weighted, Place>
  /** Of the trained scales of branches. */
  scales: Map<Layer, number>
  len: number
}

/** The layers with weights, those of a residual branch where the residual stands. */
export function weightedLayers(layers: readonly Layer[]): Weighted[] {
  return flat(layers).filter((layer) => layer.kind === 'dense' || layer.kind === 'conv')
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
  { learned, factors }: Pick<BranchScaling, 'learned' | 'factors'> = UNSCALED,
): Start {
  const places = placesOf(layers, learned)
  const parameters = zeroStretch(arena, places)
  const numbers = new Map<Weighted, LayerNumbers>()
  for (const [layer, { weight, bias }] of places.weighted) {
    const [weightsPtr, biasPtr] = [parameters + 4 * weight, parameters + 4 * bias]
    const weights = drawWeights(layer, seed)
    const factor = factors.get(layer) ?? 1
    arena.f32(weightsPtr, weights.length).set(factor === 1 ? weights : weights.map((w) => w * factor))
    if (layer.bias > 0) drawBias(arena, biasPtr, layer, seed)
    const map = layerMap(arena, layer, weightsPtr)
    // of the gradient by the samples nobody hears: what would be written there is left as it is
    numbers.set(layer, { map: layer === layers[0] ? { ...map, back() {} } : map, biasPtr })
  }
  for (const layer of residualLayers(layers)) {
    const place = places.scales.get(layer)
    if (place !== undefined) arena.f32(parameters + 4 * place, 1)[0] = layer.scale
  }
  const scale = (settings: LsuvSettings, x: Panels) =>
    scaleDocument(arena, layers, places.weighted, parameters, numbers, settings, x)
  return {
    model: documentModel(layers, places, numbers, parameters),
    parameters,
    lsuv: lsuv && arena.scratch(() => scale(lsuv.settings, lsuv.samples())),
  }
}

const UNSCALED = { learned: false, factors: new Map<Weighted, number>() }

function placesOf(layers: readonly Layer[], learned: boolean): Places {
  let len = 0
  const place = (elements: number) => {
    const start = len
    len += Math.ceil(elements / LINE) * LINE
    return start
  }
  const weighted = new Map<Weighted, Place>()
  for (const layer of weightedLayers(layers)) {
    const weight = place(weightCount(layer))
    weighted.set(layer, { weight, bias: place(layer.to[0]) })
  }
  const scales = new Map(learned ? residualLayers(layers).map((layer) => [layer, place(1)]) : [])
  return { weighted, scales, len }
}

const weightCount = (layer: Weighted) => unitsOf(weightShape(layer))

/** Signals are the outputs of all layers as `flat` has them, gradients those by these outputs. */
function documentModel(
  layers: readonly Layer[],
  { weighted, scales, len }: Places,
  numbers: ReadonlyMap<Weighted, LayerNumbers>,
  parametersPtr: number,
): Model {
  const rows = new Map(flat(layers).map((layer, row) => [layer, row]))
  return {
    len,
    forward(arena, _, x) {
      const signals: Panels[] = []
      const way: WayBack = { gradients: null }
      const { out, back } = passLayers(
        {
          arena,
          backward: true,
          numbers: (layer) => numbers.get(layer)!,
          branchScale(layer) {
            const place = scales.get(layer)
            return place === undefined ? Math.fround(layer.scale) : arena.f32(parametersPtr + 4 * place, 1)[0]
          },
          onBranch: (layer, delta, branch) => writeScale(arena, way, scales.get(layer), delta, branch),
          onOutput: (_, out) => signals.push(out.panels),
          onDelta(layer, { delta, weights }) {
            way.onDelta?.(rows.get(layer)!, delta.panels)
            writeWeights(way, weighted.get(layer as Weighted), weights)
          },
        },
        layers,
        { panels: x, exponent: 0 },
      )
      return {
        outputs: out.panels,
        signals,
        back(gradients, delta, onDelta) {
          Object.assign(way, { gradients, onDelta })
          back({ panels: delta, exponent: 0 })
        },
      }
    },
  }
}

/** Where a gradient is written, nowhere when null, and who hears of it. */
interface WayBack {
  gradients: number | null
  onDelta?: DeltaListener
}

/** dL/da = <delta, F>, where the scale is trained. */
function writeScale(
  arena: Arena,
  { gradients }: WayBack,
  place: number | undefined,
  delta: Panels,
  branch: Panels,
): void {
  if (gradients === null || place === undefined) return
  const gradient = arena.kernels.dot(delta.ptr, branch.ptr, panelsLen(delta))
  arena.f32(gradients + 4 * place, 1)[0] = gradient
}

function writeWeights({ gradients }: WayBack, place: Place | undefined, weights: WeightGradient | null) {
  if (gradients === null || place === undefined) return
  weights?.write(gradients + 4 * place.weight, gradients + 4 * place.bias)
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
    const measure = () =>
      arena.scratch(() => {
        const z = allocatePanels(arena, unitsOf(layer.to), x.batch)
        weightedOutput(arena, layer, own, x, z)
        return secondMomentOf(arena, z)
      })
    found.push({ layer: found.length + 1, ...scaleToTarget(weights, measure, settings) })
    return own
  }
  passLayers({ arena, backward: false, numbers: scaled }, layers, { panels: x, exponent: 0 })
  return found
}
