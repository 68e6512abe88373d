import { averaged, type LossChart } from '../charts/loss-chart'
import type { Panel } from '../charts/panel'
import type { Race } from './result'
import { bestRate } from './tables'

/** The figure of a race: a panel for each initializer, a line for each rate. */
export function lossFigure(race: Race): LossChart {
  return {
    title: raceTitle(race),
    subtitle: `${raceText(race)} ${race.verdict.text}`,
    panels: race.runs.map(({ init, rates }) => ({
      title: init,
      lines: rates.map(({ lr, losses }) => ({ label: `rate ${lr}`, losses })),
    })),
  }
}

/** Each initializer's losses at its best rate, for the terminal. */
export function bestLosses({ runs, config }: Race): Panel {
  const stretch = Math.max(1, Math.ceil(config.steps / 60))
  const series = runs.map((run) => {
    const { lr, losses } = bestRate(run)
    return { label: `${run.init} at ${lr}`, points: averaged(losses, stretch), theory: [], band: [] }
  })
  return { title: 'Loss at the best rate', xLabel: 'step', yLabel: 'mean over seeds', series }
}

/** '30 layers of width 128, relu, on spirals (600 samples): 600 steps of SGD with momentum 0.9, batch 64, seeds 0 to 1.' */
export function raceText({ config }: Race): string {
  const { depth, widths, data, samples, steps, optimizer, momentum, batch, seed, seeds, activation } = config
  const method = optimizer === 'sgd' ? `SGD with momentum ${momentum}` : 'Adam'
  const which = seeds === 1 ? `seed ${seed}` : `seeds ${seed} to ${BigInt(seed) + BigInt(seeds - 1)}`
  const task = data === 'own' ? `${samples} samples of your own` : `${data} (${samples} samples)`
  const network =
    activation === null
      ? `${depth} layers of a network of your own`
      : `${depth} layers of width ${widths[1]}, ${activation}`
  return `${network}, on ${task}: ${steps} steps of ${method}, batch ${batch}, ${which}.`
}

function raceTitle({ runs, config }: Race): string {
  const names = runs.map(({ init }) => init)
  const all = names.length < 2 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
  return `${all} at ${config.depth} layers, the learning rate swept`
}
