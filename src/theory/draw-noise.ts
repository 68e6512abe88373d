/** What the weights of one layer scatter, averaged over the positions of a channel, times the number of channels. */
import type { LayerNoise, Scatter } from './layer-scatter'

/** Mean squared cosines between gradients: of two samples at a position, and of two positions. */
export interface Alignment {
  alignment: number
  apart: number
}

/** As a gradient meets it. */
export interface GradientNoise {
  /** Of phi(z)^2/<phi^2>. */
  forward: Scatter
  /** Cov of phi(u)^2/<phi^2> and phi'(v)^2/<phi'^2>. */
  mixed: Scatter
  /** Of phi'(z)^2 (w delta)^2. */
  backward(r: Alignment): Scatter
  /** <phi'(u) phi'(v)>/<phi'^2> and <phi'(u)^2 phi'(v)^2>/<phi'^2>^2 of two samples. */
  alignment: number
  slopesCross: number
}

/**
 * Of a layer without positions: own 3 <phi'^4>/<phi'^2>^2 - 1 (5 for ReLU: the forward law again), and between samples
 * <phi'(u)^2 phi'(v)^2>(1 + 2 r)/<phi'^2>^2 - 1 (1 for ReLU at c = 1 and r = 0).
 */
export function gradientNoise({ forward, mixed, slopes, alignment }: LayerNoise): GradientNoise {
  return {
    ...{ forward, mixed, alignment, slopesCross: slopes.cross },
    backward: ({ alignment: r }) => ({ own: 3 * slopes.own - 1, cross: slopes.cross * (1 + 2 * r) - 1 }),
  }
}

export interface DrawNoise extends GradientNoise {
  /** The second derivatives, in the cosine of two samples or of two positions, of what they contribute to `cross` and to `own`. */
  forwardBend: Scatter
  /** (1 - c^2)^2 of two samples. */
  spread: number
  /** Of (w delta)^2 alone. */
  linear(r: Alignment): Scatter
  /** Cov of z/sqrt(q), averaged. */
  line: Scatter
}

/** The same with all that networks of several kinds of layers ask for; c is the cosine of two samples. */
export function onePlace(noise: LayerNoise, c: number): DrawNoise {
  return {
    ...gradientNoise(noise),
    forwardBend: { own: 0, cross: noise.forwardBend },
    spread: (1 - c * c) ** 2,
    linear: ({ alignment: r }) => ({ own: 2, cross: 2 * r }),
    line: { own: 1, cross: c },
  }
}

/** a - by b. */
export function less(a: Scatter, by: number, b: Scatter): Scatter {
  return { own: a.own - by * b.own, cross: a.cross - by * b.cross }
}
