/** How the seeds scatter a gradient's second moment on its way down a network of layers, to first order in 1/width. */
import { NO_SCATTER, type SampleLog } from './batch-log'
import { type Descent, descend } from './descent'
import { type Alignment, less } from './draw-noise'
import type { Mixture } from './mixture'
import type { Drawn } from './signal-scatter'

/** `pull` is d ln/d ln of the second moment of the signal where the gradient stands. */
export interface GradientScatter extends Descent {
  /** The draw of W^T of the layer above, or of the probe, is not in the log yet. */
  open: boolean
  /** The forward draw of the weights below is in the log already. */
  settled: boolean
  /** As of a signal. */
  slack: number
}

/** Independent normals. */
export const PROBE: GradientScatter = {
  ...{ log: NO_SCATTER, pull: 0, alignment: 0, apart: 0, excess: 0 },
  ...{ open: true, settled: false, slack: 0 },
}

/** Through an activation, or through none where the draw is that of the weights alone. */
export function descended({ passage, at, slopeShift }: Drawn, g: GradientScatter): GradientScatter {
  const own = 3 * at.noise(0).slopes.own - 1
  const below = g.open ? descend(passage, g.pull, g) : descendedDrawn(passage, g)
  return {
    ...below,
    log: { ...below.log, mean: below.log.mean - slopeShift },
    ...{ open: false, settled: true, slack: g.slack + own / (2 * passage.n) },
  }
}

/** A gradient that is what it is: only phi' is left to draw, and its directions are not drawn anew. */
function descendedDrawn({ noise, ...passage }: Drawn['passage'], g: GradientScatter): Descent {
  const rest = { ...noise, backward: (r: Alignment) => less(noise.backward(r), 1, noise.linear(r)) }
  const kept = noise.alignment ** 2
  return {
    ...descend({ ...passage, noise: rest, exact: null }, g.pull, g),
    ...{ alignment: kept * g.alignment, apart: kept * g.apart },
  }
}

/** What weights do to a gradient on its way down. */
export interface Descending {
  /** As of the signal. */
  share: number
  /** Over how many positions a gradient is summed, and what share of the alignment of two positions is left of it. */
  taps: number
  apart: number
}

/** Down through W^T, whose draw is left to the layer below. */
export function belowWeights(g: GradientScatter, { share, taps, apart }: Descending): GradientScatter {
  const aligned = { alignment: g.alignment / taps, apart: g.apart * apart }
  return { ...g, ...aligned, pull: share * g.pull, open: true, settled: false }
}

/** ln of one sample's second moment, the part that comes up from the signal below included. */
export function totalLog({ log, pull }: GradientScatter, signal: SampleLog): SampleLog {
  const square = pull * pull
  return {
    mean: log.mean,
    variance: log.variance + square * signal.variance,
    shared: log.shared + square * signal.shared,
  }
}

/**
 * Down through a norm of so many units, which divides by the second moment of what came in and takes out what lies along it. To be centred takes another
 * direction, and as much off what is divided by. The gradient is closed.
 */
export function belowNorm(g: GradientScatter, signal: SampleLog, units: number): GradientScatter {
  return {
    ...{ alignment: g.alignment, apart: g.apart, open: false, settled: false, slack: g.slack },
    log: { ...g.log, mean: g.log.mean - (1 + g.excess) / units - signal.mean },
    pull: -1,
    excess: -1,
  }
}

/** What goes down the branch of x + scale F(x): its pull is the branch's own. */
export function intoBranch(g: GradientScatter): GradientScatter {
  return { ...g, pull: 0, excess: 0, settled: false }
}

/** x's gradient, of the one that came and of what came down the branch, both closed; `added` is the latter's share in the second moment. */
export function belowResidual(
  g: GradientScatter,
  branch: GradientScatter,
  added: number,
  mix: Mixture,
  units: number,
): GradientScatter {
  const kept = 1 - added
  const own = (key: keyof SampleLog) => branch.log[key] - g.log[key]
  const cross = (4 * kept * added) / units
  const variance = added ** 2 * own('variance') + cross
  const aligned = (key: keyof Alignment) =>
    Math.min(1, (kept * Math.sqrt(g[key]) + added * Math.sqrt(branch[key])) ** 2)
  const alignment = aligned('alignment')
  // what the branch draws of the signal reaches the layers above
  const reach = g.pull ** 2
  const from = (key: 'variance' | 'shared') => mix.added ** 2 * mix.inner[key]
  return {
    log: {
      mean: g.log.mean + added * (own('mean') + own('variance') / 2) - variance / 2,
      variance: g.log.variance + variance + reach * (from('variance') + mix.cross.own),
      shared:
        g.log.shared + added ** 2 * own('shared') + cross * alignment + reach * (from('shared') + mix.cross.cross),
    },
    pull: g.pull * mix.response + added * branch.pull,
    ...{ alignment, apart: aligned('apart') },
    excess: 0,
    open: false,
    settled: false,
    slack: g.slack + added * (branch.slack - g.slack) + cross / 2,
  }
}
