/** How many networks an answer takes. */

import { finite } from '../check'
import type { Experiment } from '../network/result'
import { seedsNeeded } from '../theory/finite-width'
import { givenLayers } from './given-experiment'
import { bandLog } from './seed-statistics'

/** Numbers of seeds, from 1 up. */
export interface SeedsNeeded {
  /** By theory's spread at this width and batch; null where theory has none. */
  theory: number | null
  /** By the spread of the experiment's own seeds; null with one seed. */
  measured: number | null
}

/**
 * Seeds that bring the standard error of ln(second moment) after the last layer down to `precision`: (spread/precision)^2, rounded up.
 * precision > 0; 0.1 is about 10 % of the geometric mean.
 * @throws TypeError or RangeError for a precision out of its range
 */
export function seedsFor(experiment: Pick<Experiment, 'layers'>, precision = 0.1): SeedsNeeded {
  const layers = givenLayers('seedsFor', 'experiment', experiment)
  finite('seedsFor', 'precision', precision, Number.MIN_VALUE)
  const { forward, theory } = layers[layers.length - 1]
  return seedsOf(forward.logStd, bandLog(theory.forward.band)?.spread ?? null, precision)
}

/** By the standard deviation of one seed's ln, as measured (0 with one) and as theory has it. */
export function seedsOf(measured: number, expected: number | null, precision: number): SeedsNeeded {
  const needed = (spread: number) => Math.max(1, Math.ceil(seedsNeeded(spread * spread, precision)))
  return {
    theory: expected === null ? null : needed(expected),
    measured: measured > 0 ? needed(measured) : null,
  }
}
