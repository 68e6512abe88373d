import { finite, wrongKind } from '../check'
import { bandLog } from '../report/seed-statistics'
import { type SeedsNeeded, seedsOf } from '../report/seeds-needed'
import type { NetworkExperiment } from './result'

/**
 * Seeds that bring the standard error of ln(second moment) after the last layer of a document down to `precision`: (spread/precision)^2, rounded up; by theory's
 * spread null where it has no band. precision > 0; 0.1 is about 10 % of the geometric mean.
 * @throws TypeError for what is no experiment, RangeError for a precision out of its range
 */
export function networkSeedsFor(experiment: Pick<NetworkExperiment, 'layers'>, precision = 0.1): SeedsNeeded {
  const last = experiment?.layers?.[experiment.layers.length - 1]
  if (typeof last?.forward?.logStd !== 'number' || typeof last.theory !== 'object')
    wrongKind('networkSeedsFor', 'experiment', 'an experiment as propagateNetwork() returns it', experiment)
  finite('networkSeedsFor', 'precision', precision, Number.MIN_VALUE)
  const { forward, theory } = last
  return seedsOf(forward.logStd, (theory.forwardBand && bandLog(theory.forwardBand)?.spread) ?? null, precision)
}
