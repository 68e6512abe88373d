/** The main chart with its verdict and its table. */

import { signalChart } from '../charts/signal-chart'
import { comparisonTables } from '../report/table'
import { dataTable } from './data-table'
import { byId, hang, onWidth } from './dom'
import type { Outcome } from './experiment'
import { named, outcomeFigure } from './outcome-figure'
import { onTheme, themeName } from './theme'
import { verdictList } from './verdicts'

export interface View {
  show(outcome: Outcome): void
}

/** Draws into #signal, #verdict and #signal-data. */
export function signalView(): View {
  const figure = byId('signal')
  const verdict = byId('verdict')
  const data = dataTable('signal-data')
  let shown: Outcome | null = null
  let width = figure.clientWidth

  const draw = () => {
    if (shown === null || width === 0) return
    hang(figure, signalChart(outcomeFigure(shown), { document, width, theme: themeName(), id: 'signal-chart' }))
  }
  const speak = () => {
    if (shown === null) return
    // a screen reader is told the result, not every step of a drag
    verdict.setAttribute('aria-busy', String(shown.stage === 'preview'))
    verdict.replaceChildren(verdictList(named(shown)))
  }
  onWidth(figure, (now) => {
    width = now
    draw()
  })
  onTheme(() => {
    draw()
    speak()
  })
  return {
    show(outcome) {
      shown = outcome
      figure.dataset.stage = outcome.stage
      draw()
      speak()
      data.show(() => (outcome.stage === 'theory' ? [] : comparisonTables(named(outcome))))
    },
  }
}
