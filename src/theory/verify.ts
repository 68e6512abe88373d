import { recompute, type Verification } from './claim'
import { activationClaims } from './claims-activations'
import { criticalClaims } from './claims-critical'
import { driftClaims } from './claims-drift'
import { paperClaims } from './claims-papers'
import { reluClaims } from './claims-relu'
import { structureClaims } from './claims-structures'
import { widthClaims } from './claims-width'

/** How many of the published and derived numbers this engine reproduces, each within the tolerance of its method. */
export interface VerificationReport {
  total: number
  reproduced: number
  /** The largest relative error among the rows that were printed with enough digits to be held to the method's own tolerance. */
  worstRelativeError: number
  rows: Verification[]
}

// a function: what is computed at import cannot be left out of a bundle
const claims = () => [
  ...activationClaims(),
  ...driftClaims(),
  ...criticalClaims(),
  ...reluClaims(),
  ...widthClaims(),
  ...structureClaims(),
  ...paperClaims(),
]

/**
 * Recomputes, in this very engine, every published or derived number that the theory reaches: gains, fixed points, critical lines, finite-width laws,
 * structures. Tolerances: closed forms 1e-12, quadrature 1e-10, fixed points 1e-8, or half a unit of the last printed digit where that is more.
 */
export function verify(): VerificationReport {
  const rows = claims().map(recompute)
  return {
    total: rows.length,
    reproduced: rows.filter((row) => row.ok).length,
    worstRelativeError: Math.max(...rows.filter((row) => row.exact).map((row) => row.relativeError)),
    rows,
  }
}
