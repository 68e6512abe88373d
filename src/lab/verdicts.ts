/** What each experiment says, in words: the name with its mark in the chart, what happens, and what to change. */

import { svgElement } from '../charts/card'
import { seriesStyle, themes } from '../charts/palette'
import type { Experiment } from '../index'
import { make } from './dom'
import { themeName } from './theme'

/** One item for each experiment, in the chart's order; experiments with the same finding share one. */
export function verdictList(experiments: readonly Experiment[]): HTMLElement {
  const groups = new Map<string, { experiment: Experiment; places: number[] }>()
  for (const [i, experiment] of experiments.entries()) {
    const { code, text, fix } = experiment.verdict
    const key = JSON.stringify([code, text, fix])
    const group = groups.get(key) ?? { experiment, places: [] }
    groups.set(key, { ...group, places: [...group.places, i] })
  }
  return make(
    'ul',
    {},
    ...[...groups.values()].map(({ experiment: { verdict }, places }) =>
      make(
        'li',
        { class: verdict.code === 'stable' ? 'good' : 'bad' },
        make(
          'p',
          { class: 'who' },
          ...places.map((i) => make('span', { class: 'name' }, mark(i), experiments[i].config.init)),
        ),
        make('p', { class: 'what' }, verdict.text),
        ...(verdict.fix ? [make('p', { class: 'fix' }, verdict.fix)] : []),
      ),
    ),
  )
}

/** The dash of series i, as the chart draws it. */
function mark(i: number): Node {
  const { color, dash } = seriesStyle(themes[themeName()], i)
  const svg = svgElement(document, 'svg', { width: 26, height: 10, 'aria-hidden': 'true' })
  svg.append(
    svgElement(document, 'line', {
      x1: 1,
      x2: 25,
      y1: 5,
      y2: 5,
      stroke: color,
      'stroke-width': 3,
      'stroke-dasharray': dash,
    }),
  )
  return svg
}
