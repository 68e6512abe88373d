/**
 * How a second moment changes along a network, and how surely.
 *
 * The logarithm of the second moment is a random walk over the layers: its steps have the mean ln(factor) plus the drift of the
 * finite-width law, and a variance of order 1/width (Hanin & Nica 2020). So its end holds all that is to know of the mean step, and
 * theory's band, [exp(centre - 1.96 s), exp(centre + 1.96 s)], gives the law's drift and spread at each layer.
 */

import type { Band, LayerResult } from '../network/result'

/** The normal quantile that bounds 95 %. */
const Z95 = 1.959963984540054

export interface Trend {
  /** The factor of the second moment per layer in the deeper half, where the input no longer matters. */
  perLayer: number
  /** The same factor by theory, for infinite width. */
  expectedPerLayer: number
  /** Standard error of ln perLayer, by the finite-width law. */
  standardError: number
  /** What is left at the end of the way, as a share of what set out. */
  left: number
  /** The same share by theory, for infinite width. */
  expectedLeft: number
  /** The same share for 95 % of networks that follow theory. */
  leftBand: Band
  /** The finite-width law's own change of ln over the whole way: about -5/2 sum 1/n_l for ReLU. */
  widthDrift: number
  direction: 'even' | 'vanishing' | 'exploding'
  /** The layer farthest from theory, in standard errors of ln. */
  worst: { layer: number; measured: number; theory: number; z: number }
}

/** One place on the way: ln of `units` times the second moment. */
interface Place {
  layer: number
  units: number
  measured: number
  theory: number
  centre: number
  spread: number
}

/** The way forward, from the input (place 0) to the last layer. */
export function forwardTrend(layers: readonly LayerResult[], inputSecondMoment: number, seeds: number): Trend {
  const input = Math.log(inputSecondMoment)
  const way = layers.map(({ layer, forward, theory }) => place(layer, forward, theory.forward, 1))
  const start: Place = { layer: 0, units: 1, measured: input, theory: input, centre: input, spread: 0 }
  return trend([start, ...way], Math.floor(layers.length / 2), seeds)
}

/**
 * The way back, from the last layer to the first. The sum over units, fanOut times the mean, is what a layer multiplies by chi:
 * the mean alone also changes with the width.
 */
export function backwardTrend(layers: readonly LayerResult[], seeds: number): Trend {
  const way = layers.map(({ layer, fanOut, backward, theory }) => {
    if (backward === null) throw new Error(`backwardTrend: layer ${layer} has no backward result`)
    return place(layer, backward, theory.backward, fanOut)
  })
  const half = Math.max(1, Math.floor(layers.length / 2))
  return trend(way.reverse(), 0, seeds, layers.length - half)
}

function place(
  layer: number,
  measured: { secondMoment: number; logStd: number },
  theory: { secondMoment: number; band: Band },
  units: number,
): Place {
  const [low, high] = theory.band.map((value) => Math.log(units * value))
  const expected = Math.log(units * theory.secondMoment)
  const known = Number.isFinite(low) && Number.isFinite(high)
  return {
    layer,
    units,
    measured: Math.log(units * measured.secondMoment),
    theory: expected,
    centre: known ? (low + high) / 2 : expected,
    spread: known ? (high - low) / (2 * Z95) : measured.logStd,
  }
}

/** `from` and `to` bound the deeper half of the network. */
function trend(way: readonly Place[], from: number, seeds: number, to = way.length - 1): Trend {
  const [first, last, a, b] = [way[0], way[way.length - 1], way[from], way[to]]
  const steps = Math.max(1, to - from)
  const change = b.measured - a.measured
  const lawful = b.centre - b.theory - (a.centre - a.theory)
  // the two ends share their seeds, which only makes the difference surer than this
  const error = Math.hypot(a.spread, b.spread) / Math.sqrt(seeds)
  return {
    perLayer: Math.exp(change / steps),
    expectedPerLayer: Math.exp((b.theory - a.theory) / steps),
    standardError: error / steps,
    left: Math.exp(last.measured - first.measured),
    expectedLeft: Math.exp(last.theory - first.theory),
    leftBand: [
      Math.exp(last.centre - Z95 * last.spread - first.measured),
      Math.exp(last.centre + Z95 * last.spread - first.measured),
    ],
    widthDrift: last.centre - last.theory,
    direction: direction(change - lawful, Z95 * error),
    worst: worst(way, seeds),
  }
}

/**
 * A signal is lost when the network is deeper than its depth scale 1/|ln factor| (Schoenholz et al. 2017): when the deeper half,
 * finite-width drift apart, changes it by more than a factor e, and the seeds leave no doubt of it.
 */
function direction(change: number, margin: number): Trend['direction'] {
  if (change + margin < -1) return 'vanishing'
  return change - margin > 1 ? 'exploding' : 'even'
}

function worst(way: readonly Place[], seeds: number): Trend['worst'] {
  const off = way.map(({ layer, units, measured, theory, centre, spread }) => ({
    layer,
    measured: Math.exp(measured) / units,
    theory: Math.exp(theory) / units,
    z: spread > 0 ? (measured - centre) / (spread / Math.sqrt(seeds)) : 0,
  }))
  return off.reduce((most, one) => (Math.abs(one.z) > Math.abs(most.z) ? one : most))
}
