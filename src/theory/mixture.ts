/** How the seeds scatter the second moment of x + scale F(x), to first order in 1/width. */
import type { SampleLog } from './batch-log'
import type { Scatter } from './layer-scatter'
import { average, meanPlace, type Place } from './moment-layer'
import { addedPairs, overlap } from './place-pairs'
import { gapOf, type SignalScatter } from './signal-scatter'

/** x + F(x) as its second moments make it up. */
export interface Mixture {
  /** The shares of x and of F(x) in the second moment. */
  kept: number
  added: number
  /** d ln q'/d ln q. */
  response: number
  /** Of the branch alone: own draws, and those of the product of x and F(x), which is 0 in the mean over seeds alone. */
  inner: SampleLog
  cross: Scatter
}

/** `branch` closed, of outputs that do not correlate with x; kept + added = 1. */
export function mixture(
  x: { places: readonly Place[]; signal: SignalScatter },
  branch: { places: readonly Place[]; signal: SignalScatter },
  square: number,
): Mixture {
  const q = average(x.places.map((place) => place.q))
  const f = square * average(branch.places.map((place) => place.q))
  const [kept, added] = [q / (q + f), f / (q + f)]
  const { signal } = branch
  const by = (4 * kept * added) / signal.channels
  const cosines = (1 - gapOf(meanPlace(x.places))) * (1 - gapOf(meanPlace(branch.places)))
  const [a, b] = [x.signal.pairs, signal.pairs]
  return {
    ...{ kept, added, inner: signal.inner, response: kept + added * signal.response },
    cross:
      a && b
        ? { own: by * overlap(a, b, 'same'), cross: by * overlap(a, b, 'other') }
        : { own: by, cross: by * cosines },
  }
}

/** ln(q + f) from the logs of both, and the product of the two. */
export function mixedLog(x: SampleLog, whole: SampleLog, { kept, added, response, inner, cross }: Mixture): SampleLog {
  const excess = (log: SampleLog) => log.mean + log.variance / 2
  const variance = response ** 2 * x.variance + added ** 2 * inner.variance + cross.own
  return {
    mean: kept * excess(x) + added * excess(whole) - variance / 2,
    variance,
    shared: response ** 2 * x.shared + added ** 2 * inner.shared + cross.cross,
  }
}

/** A branch's own log and what it makes of one that goes in. */
function answered({ mean, variance, shared }: SampleLog, { inner, response }: SignalScatter): SampleLog {
  const square = response * response
  return {
    mean: inner.mean + response * mean,
    variance: inner.variance + square * variance,
    shared: inner.shared + square * shared,
  }
}

/** After x + scale F(x). */
export function residualScatter(x: SignalScatter, branch: SignalScatter, mix: Mixture, square: number): SignalScatter {
  const [{ kept, added }, { pairs }] = [mix, x]
  return {
    ...x,
    centred: false,
    log: mixedLog(x.log, branch.log, mix),
    inner: mixedLog(x.inner, answered(x.inner, branch), mix),
    response: x.response * mix.response,
    slack: kept * x.slack + added * branch.slack + mix.cross.own / 2,
    cosineVariance: kept ** 2 * x.cosineVariance + added ** 2 * branch.cosineVariance,
    pairs: pairs && branch.pairs && addedPairs(pairs, branch.pairs, square),
  }
}
