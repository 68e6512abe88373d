import type { Draw } from '../initializers/draw'
import type { Arena } from '../wasm/instance'
import { drawnBatch, givenBatch } from './batch'
import { GROUP, type Tangents } from './jacobian-probes'
import { rescale } from './layer-statistics'
import { allocatePanels, copyPanels, type Panels, panelStride } from './panels'
import type { Batch, NetworkSpec } from './spec'
import { multiplyTransposed, WEIGHTS } from './weight-products'
import { type LayerSignal, type Signal, sendForward, widest } from './weights-engine'

/** A network about its batch's first sample, h_L(x + u) = h_L(x) + J u + ..., with the weights of engine 'weights'. */
interface Linearised {
  spec: NetworkSpec
  draws: readonly Draw[]
  seed: bigint
  /** The sample's way through, in every column of a panel. */
  signals: readonly LayerSignal[]
}

export function linearised(arena: Arena, spec: NetworkSpec, draws: readonly Draw[], seed: bigint): Tangents {
  const one = { ...spec, batch: GROUP, backward: true }
  const x = firstSample(arena, spec.input, spec.widths[0], seed)
  const { signals } = sendForward(arena, one, draws, seed, x, WEIGHTS)
  const network = { spec: one, draws, seed, signals }
  return { back: (v) => sendBack(arena, network, v), forth: (u) => sendForth(arena, network, u) }
}

/** The first sample of a batch in every column of a panel. */
export function firstSample(arena: Arena, given: Batch | undefined, features: number, seed: bigint): Panels {
  const first = given && { ...given, rows: 1, data: given.data.slice(0, given.columns) }
  const x = first ? givenBatch(arena, first) : drawnBatch(arena, features, 1, seed)
  return { ...x, batch: GROUP }
}

/** J^T v, for as many columns as v has. */
function sendBack(arena: Arena, network: Linearised, v: Panels): Signal {
  const { spec, draws, seed, signals } = network
  const turns = [0, 1].map(() => allocatePanels(arena, widest(spec.widths.slice(0, -1)), v.batch))
  let delta: Signal = { panels: copyPanels(arena, v), exponent: 0 }
  for (let layer = draws.length; layer >= 1; layer--) {
    differentiate(arena, spec, delta.panels, signals[layer])
    const grad = { ...turns[layer % 2], units: spec.widths[layer - 1] }
    multiplyTransposed(arena, grad, delta.panels, draws[layer - 1], seed, `layers.${layer}.weight`)
    delta = { panels: grad, exponent: delta.exponent + rescale(arena, grad) }
  }
  return delta
}

/** J u. */
function sendForth(arena: Arena, network: Linearised, u: Signal): Signal {
  const { spec, draws, seed, signals } = network
  let tangent = u
  draws.forEach((draw, i) => {
    const next = allocatePanels(arena, spec.widths[i + 1], u.panels.batch)
    const from = tangent.panels
    arena.scratch(() => WEIGHTS.forward(arena, next, from, draw, seed, `layers.${i + 1}`))
    differentiate(arena, spec, next, signals[i + 1])
    tangent = { panels: next, exponent: tangent.exponent + rescale(arena, next) }
  })
  return tangent
}

/** times f'(z) of that layer. */
function differentiate(arena: Arena, spec: NetworkSpec, x: Panels, { kept }: LayerSignal): void {
  for (let panel = 0; panel < x.panels; panel++)
    spec.activation.backward(arena.kernels, x.ptr + panel * panelStride(x), kept.ptr, x.units * GROUP)
}
