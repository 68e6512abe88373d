/** Where bounded activations saturate. */
import type { Activation } from './activation'

/** The ends of a bounded activation: at or beyond them, |f'(z)| is at most 1 - 0.97^2 = 0.0591 of its largest, or 0. */
export interface Saturation {
  /** f is saturated where z <= z[0] or z >= z[1]. */
  readonly z: readonly [low: number, high: number]
  /** The same in h = f(z), for f rises. */
  readonly h: readonly [low: number, high: number]
}

const symmetric = (z: number, h: number): Saturation => ({ z: [-z, z], h: [-h, h] })

/** Computed with 25 digits from |f'| = 0.0591 max|f'|; where f is made of straight lines, its kinks. */
const ENDS: Record<string, Saturation> = {
  tanh: symmetric(2.0922957200349392, 0.97),
  erf: symmetric(1.681821736858602, 0.9826146463900448),
  softsign: symmetric(3.1134503489486356, 0.7568950843771356),
  hardtanh: symmetric(1, 1),
  sigmoid: { z: [-4.184591440069879, 4.184591440069879], h: [0.015, 0.985] },
  hardsigmoid: { z: [-3, 3], h: [0, 1] },
  relu6: { z: [0, 6], h: [0, 6] },
}

/**
 * The ends of an activation that is flat at both: tanh (there |h| >= 0.97), sigmoid, erf, softsign, hardtanh, hardsigmoid and relu6, whose
 * zeros are one of its ends; null for every other, and for a user's own function.
 */
export function saturation({ family }: Activation): Saturation | null {
  return ENDS[family] ?? null
}
