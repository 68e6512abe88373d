import type { Arena } from '../wasm/instance'
import { drawRows } from './batch'
import { columnSums } from './layer-statistics'
import { type Panels, packRows } from './panels'
import { powerOfTwo } from './power-of-two'
import type { Signal } from './weights-engine'

/** Columns of a panel: as many tangents go through at once. */
export const GROUP = 8

/** One random direction v, of independent standard normals, through J = dh_L/dx at the batch's first sample. */
export interface JacobianProbe {
  /** |J^T v|^2 / n, of mean tr J J^T / n. */
  first: number
  /** |J J^T v|^2 / n, of mean tr (J J^T)^2 / n. */
  second: number
}

/** A Jacobian as a map, there and back, for as many columns at once as it is given. */
export interface Tangents {
  /** J^T v. */
  back(v: Panels): Signal
  /** J u. */
  forth(u: Signal): Signal
}

/** Probes of one seed's Jacobian: stream `jacobian`, value p units + i for unit i of probe p; the tangents take 8 columns. */
export function jacobianProbes(
  arena: Arena,
  { back, forth }: Tangents,
  units: number,
  seed: bigint,
  probes: number,
): JacobianProbe[] {
  const all = Math.ceil(probes / GROUP) * GROUP
  const rows = drawRows(arena, units, all, seed, 'jacobian')
  const result: JacobianProbe[] = []
  for (let from = 0; from < all; from += GROUP)
    arena.scratch(() => {
      const down = back(packRows(arena, rows + 4 * from * units, units, GROUP, 'zero'))
      const [first, second] = [down, forth(down)].map((signal) => squares(arena, signal, units))
      first.forEach((square, i) => {
        result.push({ first: square, second: second[i] })
      })
    })
  return result.slice(0, probes)
}

function squares(arena: Arena, { panels, exponent }: Signal, units: number): number[] {
  const scale = powerOfTwo(exponent)
  return columnSums(arena, panels).squares.map((square) => (square * scale * scale) / units)
}
