/** Steps of a logarithm that wanders from layer to layer. */
import type { SampleLog } from './batch-log'
import type { Scatter } from './layer-scatter'
import type { LogMoments } from './log-moments'

/** A log scatter through ln y = ln y(x): slope and half the curvature act on it. */
export function through(log: SampleLog, slope: number, bend: number): SampleLog {
  return {
    mean: slope * log.mean + (bend * log.variance) / 2,
    variance: slope * slope * log.variance,
    shared: slope * slope * log.shared,
  }
}

/** Adds an independent factor; two samples share of it what `cross` is of `own`. */
export function withDraw(log: SampleLog, factor: LogMoments, { own, cross }: Scatter): SampleLog {
  return {
    mean: log.mean + factor.mean,
    variance: log.variance + factor.variance,
    shared: log.shared + (own > 0 ? (factor.variance * Math.min(cross, own)) / own : 0),
  }
}

/** Variance over seeds of the cosine 1 - gap that a layer of n units hands on, of which `carried` came from below; (1 - c^2)^2/n of its own. */
export function cosineVariance(gap: number | null, carried: number, n: number): number {
  const square = gap === null ? 1 : Math.min(1, (1 - gap) ** 2 + carried)
  return carried + (1 - square) ** 2 / n
}
