/** The quiz: a broken network's chart without its name, and the answer on demand. */

import { signalChart } from '../charts/signal-chart'
import type { Experiment } from '../index'
import { signalFigure } from '../report/figure'
import { comparisonTables } from '../report/table'
import { type BrokenNetwork, brokenNetworks } from './broken-networks'
import { table } from './data-table'
import { byId, hang, make, onWidth } from './dom'
import { type Engine, Superseded } from './engine'
import type { LabState } from './state'
import { onTheme, themeName } from './theme'

/** Fills #quiz-buttons and #quiz; `change` opens a broken network in the lab. */
export function quiz(engine: Engine, change: (part: Partial<LabState>) => void): void {
  const place = byId('quiz')
  let shown: { number: number; experiment: Experiment } | null = null
  let width = place.clientWidth
  const figure = make('figure', { class: 'chart' })
  const draw = () => {
    if (shown && width > 0)
      hang(
        figure,
        signalChart(anonymous(shown.experiment, shown.number), {
          document,
          width,
          theme: themeName(),
          id: 'quiz-chart',
        }),
      )
  }
  onWidth(place, (now) => {
    width = now
    draw()
  })
  onTheme(draw)

  const buttons = brokenNetworks.map((broken, i) => {
    const button = make('button', { type: 'button', 'aria-pressed': 'false' }, `Network ${i + 1}`)
    button.addEventListener('click', async () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button))
      try {
        engine.cancel('quiz')
        const experiment = await engine.do('run', broken.network, { group: 'quiz' })
        shown = { number: i + 1, experiment }
        place.replaceChildren(
          make('p', { class: 'question' }, broken.question),
          figure,
          answer(broken, experiment, change),
        )
        draw()
      } catch (error) {
        if (!(error instanceof Superseded)) place.textContent = (error as Error).message
      }
    })
    return button
  })
  byId('quiz-buttons').append(...buttons)
}

/** The chart with a number in place of the initializer's name, and nothing of the verdict. */
function anonymous(experiment: Experiment, number: number) {
  const name = `Network ${number}`
  const chart = signalFigure([{ ...experiment, config: { ...experiment.config, init: name } }])
  const { activation, depth, widths } = experiment.config
  const [first, last] = [widths[1], widths[depth]]
  const size = first === last ? `width ${first}` : `widths ${first} to ${last}`
  return {
    ...chart,
    title: `${name}: what is wrong?`,
    // without a ReLU is part of an answer
    subtitle: `${depth} ${activation === 'relu' ? 'ReLU ' : ''}layers of ${size}.`,
    panels: chart.panels.map((panel) => ({
      ...panel,
      series: panel.series.map((s) => ({ ...s, theory: [], band: [] })),
    })),
    caption: 'Symbols: measured. The lines of theory come with the answer.',
  }
}

/** A way on: into the lab where its networks are as wide in every layer, else the command that prints the same numbers. */
function further({ network }: BrokenNetwork, change: (part: Partial<LabState>) => void): HTMLElement {
  const { init = '', activation, depth, width, widths, batch = 64, seed, seeds = 1, bias = 0 } = network
  if (depth === undefined || width === undefined) {
    const flags = `--init ${init} --activation ${activation} --widths ${widths?.join(',')} --batch ${batch}`
    const code = make('code', {}, `evenkeel propagate ${flags} --seed ${seed} --seeds ${seeds} --backward`)
    // what scrolls must be reached by keyboard
    code.tabIndex = 0
    return make('p', { class: 'command' }, make('span', {}, 'The same numbers in a terminal'), code)
  }
  const open = make('button', { type: 'button' }, 'Open it in the lab')
  open.addEventListener('click', () => {
    change({ inits: [init], sigmaW: null, sigmaB: bias, activation, depth, width, batch, seed: Number(seed), seeds })
    byId('verdict').focus()
    byId('verdict').scrollIntoView({ block: 'center' })
  })
  return open
}

function answer(broken: BrokenNetwork, experiment: Experiment, change: (part: Partial<LabState>) => void): HTMLElement {
  const { text, fix } = experiment.verdict
  const region = make('div', {
    class: 'scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Every number of this network',
  })
  region.append(...comparisonTables([experiment]).map(table))
  return make(
    'details',
    { class: 'data answer' },
    make('summary', {}, 'Show the answer'),
    make('p', {}, make('strong', {}, broken.answer)),
    make('p', {}, `${text} ${fix}`),
    further(broken, change),
    make('details', { class: 'data' }, make('summary', {}, 'Every number'), region),
  )
}
