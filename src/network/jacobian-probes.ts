import type { Draw } from '../initializers/draw'
import { type Arena, inArena } from '../wasm/instance'
import { drawnBatch, drawRows, givenBatch } from './batch'
import { columnSums, rescale } from './layer-statistics'
import { allocatePanels, copyPanels, type Panels, packRows, panelsLen } from './panels'
import { powerOfTwo } from './power-of-two'
import type { NetworkSpec } from './spec'
import { WEIGHTS } from './weight-products'
import { type LayerSignal, type Signal, sendForward } from './weights-engine'

/** One random direction v, of independent standard normals, through J = dh_L/dx at the batch's first sample. */
export interface JacobianProbe {
  /** |J^T v|^2 / n, of mean tr J J^T / n. */
  first: number
  /** |J J^T v|^2 / n, of mean tr (J J^T)^2 / n. */
  second: number
}

/** Columns of a panel: as many probes go through the linearised network at once. */
const GROUP = 8

/** Probes of one seed's Jacobian: stream `jacobian`, value p units + i for unit i of probe p. */
export function jacobianProbes(
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  probes: number,
): JacobianProbe[] {
  return inArena((arena) => {
    const units = spec.widths[draws.length]
    const one = { ...spec, batch: GROUP, backward: true }
    const { signals } = sendForward(arena, one, draws, seed, copies(arena, spec, seed), WEIGHTS)
    const all = Math.ceil(probes / GROUP) * GROUP
    const rows = drawRows(arena, units, all, seed, 'jacobian')
    const result: JacobianProbe[] = []
    for (let from = 0; from < all; from += GROUP)
      arena.scratch(() => {
        const v = packRows(arena, rows + 4 * from * units, units, GROUP, 'zero')
        result.push(...group(arena, one, draws, seed, signals, v))
      })
    return result.slice(0, probes)
  })
}

/** The first sample in every column. */
function copies(arena: Arena, spec: NetworkSpec, seed: bigint): Panels {
  const { input, widths } = spec
  const first = input && { ...input, rows: 1, data: input.data.slice(0, input.columns) }
  const x = first ? givenBatch(arena, first) : drawnBatch(arena, widths[0], 1, seed)
  return { ...x, batch: GROUP }
}

function group(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  signals: readonly LayerSignal[],
  v: Panels,
): JacobianProbe[] {
  const back = sendBack(arena, spec, draws, seed, signals, v)
  const forth = sendForth(arena, spec, draws, seed, signals, back)
  const squares = [back, forth].map((signal) => {
    const scale = powerOfTwo(signal.exponent)
    return columnSums(arena, signal.panels).squares.map((square) => (square * scale * scale) / v.units)
  })
  return squares[0].map((first, i) => ({ first, second: squares[1][i] }))
}

/** J^T v. */
function sendBack(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  signals: readonly LayerSignal[],
  v: Panels,
): Signal {
  let delta: Signal = { panels: copyPanels(arena, v), exponent: 0 }
  for (let layer = draws.length; layer >= 1; layer--) {
    differentiate(arena, spec, delta.panels, signals[layer])
    const grad = allocatePanels(arena, spec.widths[layer - 1], GROUP)
    const below = signals[layer - 1].panels
    arena.scratch(() => WEIGHTS.backward(arena, grad, delta.panels, below, draws[layer - 1], seed, `layers.${layer}`))
    delta = { panels: grad, exponent: delta.exponent + rescale(arena, grad) }
  }
  return delta
}

/** J u. */
function sendForth(
  arena: Arena,
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  signals: readonly LayerSignal[],
  u: Signal,
): Signal {
  let tangent = u
  draws.forEach((draw, i) => {
    const next = allocatePanels(arena, spec.widths[i + 1], GROUP)
    const from = tangent.panels
    arena.scratch(() => WEIGHTS.forward(arena, next, from, draw, seed, `layers.${i + 1}`))
    differentiate(arena, spec, next, signals[i + 1])
    tangent = { panels: next, exponent: tangent.exponent + rescale(arena, next) }
  })
  return tangent
}

/** times f'(z) of that layer. */
function differentiate(arena: Arena, spec: NetworkSpec, x: Panels, { kept }: LayerSignal): void {
  spec.activation.backward(arena.kernels, x.ptr, kept.ptr, panelsLen(x))
}
