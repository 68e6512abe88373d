import type { Draw } from '../initializers/draw'
import { type Arena, inArena } from '../wasm/instance'
import { drawRows } from './batch'
import { columnSums } from './layer-statistics'
import { GROUP, type Linearised, linearised, sendBack, sendForth } from './linearised'
import { type Panels, packRows } from './panels'
import { powerOfTwo } from './power-of-two'
import type { NetworkSpec } from './spec'

/** One random direction v, of independent standard normals, through J = dh_L/dx at the batch's first sample. */
export interface JacobianProbe {
  /** |J^T v|^2 / n, of mean tr J J^T / n. */
  first: number
  /** |J J^T v|^2 / n, of mean tr (J J^T)^2 / n. */
  second: number
}

/** Probes of one seed's Jacobian: stream `jacobian`, value p units + i for unit i of probe p. */
export function jacobianProbes(
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  probes: number,
): JacobianProbe[] {
  return inArena((arena) => {
    const units = spec.widths[draws.length]
    const network = linearised(arena, spec, draws, seed)
    const all = Math.ceil(probes / GROUP) * GROUP
    const rows = drawRows(arena, units, all, seed, 'jacobian')
    const result: JacobianProbe[] = []
    for (let from = 0; from < all; from += GROUP)
      arena.scratch(() => {
        const v = packRows(arena, rows + 4 * from * units, units, GROUP, 'zero')
        result.push(...group(arena, network, v))
      })
    return result.slice(0, probes)
  })
}

function group(arena: Arena, network: Linearised, v: Panels): JacobianProbe[] {
  const back = sendBack(arena, network, v)
  const forth = sendForth(arena, network, back)
  const squares = [back, forth].map((signal) => {
    const scale = powerOfTwo(signal.exponent)
    return columnSums(arena, signal.panels).squares.map((square) => (square * scale * scale) / v.units)
  })
  return squares[0].map((first, i) => ({ first, second: squares[1][i] }))
}
