/** The phase diagram of an activation: what a settled network does to a gradient, over both variances. */

import { activation as resolve } from '../activations/resolve'
import { criticalPoint } from '../theory/critical-line'
import { depthScales } from '../theory/fixed-points'

/** The stretch of the diagram. */
export const SIGMA_W2 = { max: 4, cells: 40 }
export const SIGMA_B2 = { max: 1, cells: 20 }

export interface PhaseCell {
  sigmaW2: number
  sigmaB2: number
  /** sigmaW2 <phi'^2> at the second moment where the network settles; NaN where it settles nowhere. */
  chi: number
}

export interface PhaseGrid {
  /** Cells by their centres, sigmaB2 by sigmaB2. */
  cells: PhaseCell[]
  /** Points of the critical line, chi = 1, within the diagram, by ascending sigmaB2. */
  line: { sigmaW2: number; sigmaB2: number }[]
}

export function phaseGrid(name: string): PhaseGrid {
  const activation = resolve(name, 'lab')
  const centre = (axis: { max: number; cells: number }, i: number) => ((i + 0.5) * axis.max) / axis.cells
  const cells = Array.from({ length: SIGMA_W2.cells * SIGMA_B2.cells }, (_, i) => {
    const sigmaW2 = centre(SIGMA_W2, i % SIGMA_W2.cells)
    const sigmaB2 = centre(SIGMA_B2, Math.floor(i / SIGMA_W2.cells))
    return { sigmaW2, sigmaB2, chi: depthScales(activation, { sigmaW2, sigmaB2 }).chi }
  })
  return { cells, line: criticalLine(name) }
}

/** What a settled network of these variances multiplies a gradient's second moment by, per layer. */
export function chiAt(name: string, sigmaW2: number, sigmaB2: number): number {
  return depthScales(resolve(name, 'lab'), { sigmaW2, sigmaB2 }).chi
}

const POINTS = 400
const LOWEST_Q = 1e-4
const HIGHEST_Q = 1e3

function criticalLine(name: string): PhaseGrid['line'] {
  const activation = resolve(name, 'lab')
  if (activation.negativeSlope !== null) {
    // of a homogeneous activation chi knows neither q nor the bias
    const { sigmaW2 } = criticalPoint(activation, 1)
    return [0, SIGMA_B2.max].map((sigmaB2) => ({ sigmaW2, sigmaB2 }))
  }
  return Array.from({ length: POINTS }, (_, i) =>
    criticalPoint(activation, LOWEST_Q * (HIGHEST_Q / LOWEST_Q) ** (i / (POINTS - 1))),
  ).filter(({ sigmaW2, sigmaB2 }) => sigmaB2 >= 0 && sigmaB2 <= SIGMA_B2.max && sigmaW2 >= 0 && sigmaW2 <= SIGMA_W2.max)
}
