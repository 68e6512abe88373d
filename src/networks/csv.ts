/** An experiment with a network document as a table for other programs. */

import type { SeedStatistics } from '../network/result'
import type { NetworkExperiment } from './result'

const SEEDS = ['median', 'seeds_low', 'seeds_high', 'interval_low', 'interval_high']
const HEAD = [
  ...['path', 'kind', 'size'],
  ...['forward_second_moment', 'forward_theory', ...SEEDS.map((name) => `forward_${name}`)],
  ...['backward_second_moment', 'backward_theory', ...SEEDS.map((name) => `backward_${name}`)],
  ...['weight_grad_norm', 'mean', 'std', 'zero_fraction', 'dead_fraction', 'cosine'],
]

/** One row a layer, every number in full: seeds_low .. seeds_high hold 95 % of the seeds, interval_low .. interval_high 95 % confidence of the geometric mean. */
export function networkCsv({ layers }: NetworkExperiment): string {
  const rows = layers.map(({ path, kind, size, forward: f, backward: b, theory, statistics }) => [
    ...[path, kind, size.join('x')],
    ...[f.secondMoment, theory.forward, ...seeds(statistics.forward)],
    ...[b?.secondMoment, theory.backward, ...seeds(statistics.backward)],
    ...[b?.weightGradNorm, f.mean, f.std, f.zeroFraction, f.deadFraction, f.cosine],
  ])
  return [HEAD, ...rows].map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('')
}

function seeds(statistics: SeedStatistics | null): (number | null)[] {
  if (statistics === null) return SEEDS.map(() => null)
  const { median, band, interval } = statistics
  return [median, ...band, ...(interval ?? [null, null])]
}
