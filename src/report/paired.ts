/** Two experiments on the same seeds: their weights come from the same random numbers, so that a ratio per seed is freed of most noise. */

import { wrongValue } from '../check'
import type { Band, Experiment } from '../network/result'
import { givenExperiment } from './given-experiment'
import { expInterval, logSummary } from './seed-statistics'

/** The ratio of two second moments, seed by seed. */
export interface PairedRatio {
  /** Geometric mean over seeds; null where a second moment is 0 or not finite. */
  ratio: number | null
  /** Its 95 % confidence interval by Student's t on the differences of logarithms; null with one seed. */
  interval: Band | null
}

/** A layer's ratios, forward and backward. */
export interface PairedLayer {
  layer: number
  forward: PairedRatio
  /** Null where either was not sent back. */
  backward: PairedRatio | null
}

/**
 * The second moments of one experiment over another's, layer by layer, paired by seed.
 * @throws TypeError for what is no experiment, RangeError if they have not the same seeds and depth
 */
export function pairedRatios(experiment: Experiment, base: Experiment): PairedLayer[] {
  givenExperiment('pairedRatios', 'experiment', experiment)
  givenExperiment('pairedRatios', 'base', base)
  for (const key of ['depth', 'seed', 'seeds'] as const)
    if (experiment.config[key] !== base.config[key])
      wrongValue('pairedRatios', `base.config.${key}`, String(experiment.config[key]), base.config[key])
  const both = experiment.config.backward && base.config.backward
  return experiment.layers.map(({ layer }, i) => ({
    layer,
    forward: paired(experiment, base, (seed) => seed.forwardSecondMoment[i]),
    backward: both ? paired(experiment, base, (seed) => seed.backwardSecondMoment[i]) : null,
  }))
}

function paired(a: Experiment, b: Experiment, pick: (seed: Experiment['seeds'][number]) => number): PairedRatio {
  const logs = logSummary(a.seeds.map((seed, i) => pick(seed) / pick(b.seeds[i])))
  return logs === null ? { ratio: null, interval: null } : { ratio: Math.exp(logs.mean), interval: expInterval(logs) }
}
