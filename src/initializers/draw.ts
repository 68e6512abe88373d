import type { Sparsity } from './sparse'

/** The law of one weight matrix with every number filled in: what is drawn, before it is drawn. Plain data, ready for JSON. */
export type Draw =
  | { distribution: 'normal'; mean: number; stddev: number }
  | { distribution: 'uniform'; low: number; high: number }
  /** `mean` and `stddev` are those of the values drawn; the bounds are in standard deviations of the normal before truncation. */
  | { distribution: 'truncatedNormal'; mean: number; stddev: number; lower: number; upper: number }
  | { distribution: 'constant'; value: number }
  | { distribution: 'identity'; gain: number }
  | { distribution: 'dirac'; gain: number; groups: number }
  | { distribution: 'orthogonal'; gain: number; groups: number }
  | { distribution: 'deltaOrthogonal'; gain: number; groups: number }
  | ({ distribution: 'sparse' } & Sparsity)

export type Distribution = Draw['distribution']

/** The same draw with every value multiplied by `factor`. */
export function scaled(draw: Draw, factor: number): Draw {
  switch (draw.distribution) {
    case 'normal':
    case 'truncatedNormal':
      return { ...draw, mean: draw.mean * factor, stddev: draw.stddev * factor }
    case 'uniform':
      return { ...draw, low: draw.low * factor, high: draw.high * factor }
    case 'constant':
      return { ...draw, value: draw.value * factor }
    case 'sparse':
      return { ...draw, stddev: draw.stddev * factor }
    case 'identity':
    case 'dirac':
    case 'orthogonal':
    case 'deltaOrthogonal':
      return { ...draw, gain: draw.gain * factor }
  }
}
