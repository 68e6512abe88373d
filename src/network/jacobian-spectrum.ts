import type { Arena } from '../wasm/instance'
import type { JacobianProbe, Tangents } from './jacobian-probes'
import { packRows } from './panels'
import { powerOfTwo } from './power-of-two'
import { largestEigenvalues } from './symmetric-eigenvalues'

/** Entries of the largest Jacobian that is formed. */
export const MAX_ENTRIES = 512 * 512

/**
 * The singular values, descending, of one seed's J, units x features, and the moments m1 and m2 as a probe: the roots of the eigenvalues of J J^T, in f64.
 * J itself, J^T sent back from the identity, is float32: what it does not resolve lies well above what the squares lose,
 * 2^-23 n of the largest against about 2^-26 sqrt(n).
 */
export function jacobianSpectrum(
  arena: Arena,
  back: Tangents['back'],
  features: number,
  units: number,
): { probes: [JacobianProbe]; spectrum: number[] } {
  const ptr = arena.allocate(4 * units * units)
  const rows = arena.f32(ptr, units * units).fill(0)
  for (let i = 0; i < units; i++) rows[i * (units + 1)] = 1
  const { panels, exponent } = back(packRows(arena, ptr, units, units, 'zero'))
  const side = 8 * panels.panels
  const gram = arena.allocate(8 * side * side)
  arena.kernels.gram(gram, panels.ptr, features, panels.panels)
  const squares = largestEigenvalues(arena.f64(gram, side * side), units, side, Math.min(features, units))
  const spectrum = squares.map((square) => Math.sqrt(square) * powerOfTwo(exponent))
  const probe = { first: 0, second: 0 }
  for (const value of spectrum) {
    const square = value * value
    probe.first += square / units
    probe.second += (square * square) / units
  }
  return { probes: [probe], spectrum }
}
