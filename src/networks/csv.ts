/** An experiment with a network document as a table for other programs. */

import type { Band, SeedStatistics } from '../network/result'
import type { NetworkExperiment } from './result'

const SEEDS = ['median', 'seeds_low', 'seeds_high', 'interval_low', 'interval_high', 'z']
const WAY = ['second_moment', 'theory', 'low', 'high', ...SEEDS]
const HEAD = [
  ...['init', 'path', 'kind', 'size'],
  ...['forward', 'backward'].flatMap((way) => WAY.map((name) => `${way}_${name}`)),
  ...['weight_grad_norm', 'mean', 'std', 'zero_fraction', 'dead_fraction'],
  ...['saturated_fraction', 'saturated_theory', 'cosine', 'cosine_theory'],
]

/**
 * One row for each layer of each experiment, every number in full: low .. high hold 95 % of such networks by theory, seeds_low .. seeds_high 95 % of the
 * seeds, interval_low .. interval_high 95 % confidence of the geometric mean.
 */
export function networkCsv(experiments: readonly NetworkExperiment[]): string {
  const rows = experiments.flatMap(({ config, layers }) =>
    layers.map(({ path, kind, size, forward: f, backward: b, theory, statistics }) => [
      ...[config.init, path, kind, size.join('x')],
      ...[f.secondMoment, theory.forward, ...ends(theory.forwardBand), ...seeds(statistics.forward)],
      ...[b?.secondMoment, theory.backward, ...ends(theory.backwardBand), ...seeds(statistics.backward)],
      ...[b?.weightGradNorm, f.mean, f.std, f.zeroFraction, f.deadFraction],
      ...[f.saturatedFraction, theory.saturatedFraction, f.cosine, theory.cosine],
    ]),
  )
  return [HEAD, ...rows].map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('')
}

function seeds(statistics: SeedStatistics | null): (number | null)[] {
  if (statistics === null) return SEEDS.map(() => null)
  const { median, band, interval, z } = statistics
  return [median, ...band, ...ends(interval), z]
}

function ends(band: Band | null): readonly (number | null)[] {
  return band ?? [null, null]
}
