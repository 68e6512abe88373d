import type { Experiment } from '../index'
import { networkText } from '../report/figure'

/** 'A network of 50 ReLU layers of width 512, 64 inputs, seeds 0 to 7.' */
export function runTitle(experiment: Experiment): string {
  const { config, seeds } = experiment
  const [first, last] = [seeds[0].seed, seeds[seeds.length - 1].seed]
  const which = seeds.length === 1 ? `seed ${first}` : `seeds ${first} to ${last}`
  const batch = config.input === 'normal' ? `${config.batch} inputs` : `${config.batch} samples of ${config.input}`
  return `${networkText(experiment)}, ${batch}, ${which}.`
}

/** Which of the runs had their weights integrated out: 'Weights integrated out: he-normal.', or '' for none. */
export function engineText(runs: readonly Experiment[]): string {
  const inits = runs.filter(({ config }) => config.engine === 'law').map(({ config }) => config.init)
  return inits.length === 0 ? '' : ` Weights integrated out: ${inits.join(', ')}.`
}
