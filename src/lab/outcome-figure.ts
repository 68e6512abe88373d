/** An outcome as the data of the main chart: names as the reader knows them, nothing drawn as measured that was not. */

import type { SignalChart } from '../charts/signal-chart'
import type { Experiment } from '../index'
import { signalFigure } from '../report/figure'
import { displayName, type Outcome, type Stage } from './experiment'

const CAPTION: Record<Stage, string | undefined> = {
  theory: 'Lines: theory. Shaded: 95 % of networks of this width, by theory. Nothing is measured yet.',
  preview: undefined,
  full: undefined,
}

/** Experiments under the names the page uses. */
export function named({ experiments, state }: Pick<Outcome, 'experiments' | 'state'>): Experiment[] {
  return experiments.map((experiment) => ({
    ...experiment,
    config: { ...experiment.config, init: displayName(experiment.config.init, state) },
  }))
}

export function outcomeFigure(outcome: Outcome): SignalChart {
  const chart = signalFigure(named(outcome))
  if (outcome.stage !== 'theory') return chart
  const panels = chart.panels.map((panel) => ({
    ...panel,
    series: panel.series.map((series) => ({ ...series, points: [] })),
  }))
  return { ...chart, panels, caption: CAPTION.theory }
}
