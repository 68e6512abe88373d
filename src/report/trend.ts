/**
 * How a second moment changes along a network, and how surely.
 *
 * The logarithm of the second moment is a random walk over the layers: its steps have the mean ln(factor) plus the drift of the
 * finite-width law, and a variance of order 1/width (Hanin & Nica 2020). So its end holds all that is to know of the mean step, and
 * theory's band, [exp(centre - 1.96 s), exp(centre + 1.96 s)], gives the law's drift and spread at each layer.
 */

import type { Band, LayerResult } from '../network/result'
import { bandLog, Z95 } from './seed-statistics'

/** Standard errors that are no accident: once in 1.7 million. */
const SURPRISE = 5

export interface Trend {
  /** The factor of the second moment per layer in the deeper half, where the input no longer matters: theory's where measured so. */
  perLayer: number
  /** What is left at the end of the way, as a share of what set out. */
  left: number
  /** The same share by theory, for infinite width. */
  expectedLeft: number
  /** The same share for 95 % of networks that follow theory. */
  leftBand: Band
  /** Where it is to be expected, in words, if not in this band. */
  range?: string
  /** The finite-width law's own change of ln over the whole way: about -5/2 sum 1/n_l for ReLU and one sample. */
  widthDrift: number
  direction: 'even' | 'vanishing' | 'exploding'
  /** The factor of a single step that does most of it. */
  alone?: number
  surprise: Surprise | null
}

/** A layer that theory does not explain. */
export interface Surprise {
  /** 'layer 3'. */
  name: string
  measured: number
  theory: number
  /** Standard errors of ln between the two. */
  errors: number
}

/** One place on the way: ln of `units` times the second moment; theory and centre are NaN where there is none. */
export interface Place {
  name: string
  units: number
  measured: number
  theory: number
  centre: number
  spread: number
  /** How far the law's drift may be off for a batch: between none and that of a single sample, kurtosis/2 sum 1/n_l. */
  slack: number
}

/** What of an experiment a trend needs; `kurtosis` is the variance of one layer's second moment, times its width: 5 for ReLU. */
export interface Way {
  layers: readonly LayerResult[]
  inputSecondMoment: number
  seeds: number
  kurtosis: number
}

/** The way forward, from the input (place 0) to the last layer. */
export function forwardTrend({ layers, inputSecondMoment, seeds, kurtosis }: Way): Trend {
  const places = [inputPlace(inputSecondMoment)]
  for (const { layer, fanOut, forward, theory } of layers) {
    const slack = places[layer - 1].slack + kurtosis / (2 * fanOut)
    places.push({ ...logs(forward, theory.forward, 1), name: `layer ${layer}`, slack })
  }
  return trend(places, Math.floor(layers.length / 2), layers.length, seeds)
}

/**
 * The way back, from the last layer to the first. The sum over units, fanOut times the mean, is what a layer multiplies by chi:
 * the mean alone also changes with the width. Null where nothing was sent back.
 */
export function backwardTrend({ layers, seeds, kurtosis }: Way): Trend | null {
  const places: Place[] = []
  let slack = 0
  for (const { layer, fanOut, backward, theory } of [...layers].reverse()) {
    if (backward === null) return null
    slack += kurtosis / (2 * fanOut)
    places.push({ ...logs(backward, theory.backward, fanOut), name: `layer ${layer}`, slack })
  }
  return trend(places, 0, layers.length - Math.max(1, Math.floor(layers.length / 2)), seeds)
}

/** Where a way forward begins. */
export function inputPlace(secondMoment: number): Place {
  const input = Math.log(secondMoment)
  return { name: 'the input', units: 1, measured: input, theory: input, centre: input, spread: 0, slack: 0 }
}

/** ln of what is measured and of what theory has, as far as it has any. */
export function logs(
  measured: { secondMoment: number; logStd: number },
  theory: { secondMoment: number; band: Band | null },
  units: number,
): Omit<Place, 'name' | 'slack'> {
  const expected = Math.log(units * theory.secondMoment)
  const known = theory.band && bandLog(theory.band)
  return {
    units,
    measured: Math.log(units * measured.secondMoment),
    theory: expected,
    centre: known ? Math.log(units) + known.centre : expected,
    spread: known ? known.spread : measured.logStd,
  }
}

/** `from` and `to` are the places that bound the deeper half of the network. */
export function trend(way: readonly Place[], from: number, to: number, seeds: number): Trend {
  const [first, last, a, b] = [way[0], way[way.length - 1], way[from], way[to]]
  const steps = Math.max(1, to - from)
  const change = b.measured - a.measured
  const expected = b.theory - a.theory
  const drift = b.centre - b.theory - (a.centre - a.theory)
  // the two ends share their seeds, which only makes the difference surer than this
  const error = Math.hypot(a.spread, b.spread) / Math.sqrt(seeds)
  const slack = Math.abs(b.slack - a.slack)
  const bornOut = Math.abs(change - expected - drift) <= SURPRISE * error + slack
  return {
    perLayer: Math.exp((bornOut ? expected : change) / steps),
    left: Math.exp(last.measured - first.measured),
    expectedLeft: Math.exp(last.theory - first.theory),
    leftBand: [
      Math.exp(last.centre - Z95 * last.spread - first.measured),
      Math.exp(last.centre + Z95 * last.spread - first.measured),
    ],
    widthDrift: last.centre - last.theory,
    // where theory is borne out it knows the change better than a few seeds do
    direction: bornOut
      ? direction(expected, slack)
      : direction(change - (Number.isFinite(drift) ? drift : 0), Z95 * error + slack),
    surprise: surprise(way, seeds),
  }
}

/**
 * A signal is lost when the network is deeper than its depth scale 1/|ln factor| (Schoenholz et al. 2017): when the deeper half,
 * finite-width drift apart, changes it by more than a factor e, by a theory that the seeds bear out or beyond their doubt.
 */
export function direction(change: number, margin: number): Trend['direction'] {
  if (change + margin < -1) return 'vanishing'
  return change - margin > 1 ? 'exploding' : 'even'
}

/**
 * The layer farthest from theory, if that is farther than accident allows, and than theory's own first order in 1/width, kurtosis sum 1/n
 * of ln, twice the slack: what it leaves out may be of that size, and with seeds enough any departure is many standard errors.
 */
function surprise(way: readonly Place[], seeds: number): Surprise | null {
  const off = way.map(({ name, units, measured, theory, centre, spread, slack }) => {
    const distance = Math.max(0, Math.abs(measured - centre) - slack)
    return {
      name,
      measured: Math.exp(measured) / units,
      theory: Math.exp(theory) / units,
      errors: distance > slack ? distance / (spread / Math.sqrt(seeds)) : 0,
    }
  })
  const most = off.reduce((most, one) => (one.errors > most.errors ? one : most))
  return most.errors > SURPRISE ? most : null
}
