/** An outcome as the data of the main chart: names as the reader knows them, nothing drawn as measured that was not. */

import type { SignalChart } from '../charts/signal-chart'
import type { Experiment } from '../index'
import { signalFigure } from '../report/figure'
import { displayName, type Outcome } from './experiment'

/** Experiments under the names the page uses. */
export function named({ experiments, state }: Pick<Outcome, 'experiments' | 'state'>): Experiment[] {
  return experiments.map((experiment) => {
    const { config, verdict } = experiment
    const name = displayName(config.init, state)
    const text = verdict.text.replaceAll(`${config.init} weights`, `${name} weights`)
    return { ...experiment, config: { ...config, init: name }, verdict: { ...verdict, text } }
  })
}

export function outcomeFigure(outcome: Outcome): SignalChart {
  const chart = signalFigure(named(outcome))
  if (outcome.stage === 'full') return chart
  if (outcome.stage === 'preview') return { ...chart, caption: previewText(outcome) }
  const panels = chart.panels.map((panel) => ({
    ...panel,
    series: panel.series.map((series) => ({ ...series, points: [] })),
  }))
  const caption = 'Lines: theory. Shaded: 95 % of networks of this width, by theory. Nothing is measured yet.'
  return { ...chart, panels, caption }
}

/** What a preview is, and what comes after it. */
function previewText({ experiments, state }: Outcome): string {
  const { batch } = experiments[0].config
  const law = experiments.filter(({ config }) => config.engine === 'law').length
  const how =
    law === 0 ? '' : law < experiments.length ? ', normal weights integrated out' : ', the weights integrated out'
  const rest = `${state.batch} ${state.seeds > 1 ? `inputs and ${state.seeds} seeds` : 'inputs'}`
  // one line, as the caption of the full run: the page must not jump
  return `Preview: ${batch} inputs${how}; all ${rest} follow. Lines and shades: theory.`
}
