/** The figure: panels side by side under a title, with a caption, on a background of its own. */

import { type ChartOptions, card, legend, svgElement } from './card'
import { decades } from './log-axis'
import { themes } from './palette'
import { type Frame, LABEL_LENGTH, type Panel, panelGroup, panelValues } from './panel'
import { BOLD_ADVANCE, NUMBER_ADVANCE, shorten, textWidth, wrap } from './text-layout'

export interface SignalChart {
  title: string
  subtitle: string
  /** A sentence under the panels: what the marks mean. */
  caption?: string
  /** Panels side by side where there is room; default all. */
  columns?: number
  panels: readonly Panel[]
}

const MARGIN = 24
const GAP = 20
const PANEL_HEIGHT = 380
const EMPTY = { title: '', description: '', width: 1, height: 1 }
const SIDE_BY_SIDE = 640
// below this the lines are named above the panels: labels at their ends would leave no room for them
const NAMED_ABOVE = 440

/**
 * Draws measured points, theory and bands of several series over logarithmic axes.
 * All panels share one y axis, so that equal heights mean equal values; values that are not positive and finite are left out.
 * Returns a fresh SVG element of the given document, with a title and a description for screen readers.
 */
export function signalChart(chart: SignalChart, options: ChartOptions): SVGSVGElement {
  const { document, width = 960, theme: themeName = 'light', id = 'signal-chart' } = options
  const theme = themes[themeName]
  const lines = (text: string, fontSize: number, leading: number, top: number, fill: string, fontWeight: number) =>
    wrap(text, width - 2 * MARGIN, fontSize, fontWeight > 500 ? BOLD_ADVANCE : undefined).map((line, i) =>
      svgElement(
        document,
        'text',
        { x: MARGIN, y: top + fontSize + i * leading, fill, 'font-size': fontSize, 'font-weight': fontWeight },
        line,
      ),
    )

  const titles = lines(chart.title, 19, 26, MARGIN - 2, theme.ink, 650)
  const subtitles = lines(chart.subtitle, 13, 19, MARGIN + 6 + titles.length * 26, theme.muted, 400)
  const columns = width < SIDE_BY_SIDE ? 1 : Math.max(1, chart.columns ?? chart.panels.length)
  const rows = Math.ceil(chart.panels.length / columns)
  const above = MARGIN + 20 + titles.length * 26 + subtitles.length * 19
  const names = width < NAMED_ABOVE ? (chart.panels[0]?.series.map(({ label }) => label) ?? []) : null
  const frame = panelFrame(chart, (width - 2 * MARGIN - (columns - 1) * GAP) / columns, names === null)
  const naming = names === null ? 0 : legend(card(EMPTY, options), names, width, theme, above) + 10
  const top = above + naming
  const captions = lines(chart.caption ?? '', 12, 18, top + rows * (PANEL_HEIGHT + GAP) - 6, theme.muted, 400)
  const height = top + rows * (PANEL_HEIGHT + GAP) + captions.length * 18 + 8

  const svg = card({ title: chart.title, description: description(chart), width, height }, { ...options, id })
  svg.append(...titles, ...subtitles)
  if (names !== null) legend(svg, names, width, theme, above)
  for (const [i, panel] of chart.panels.entries()) {
    const group = panelGroup(panel, frame, theme, document)
    const x = MARGIN + (i % columns) * (frame.width + GAP)
    group.setAttribute('transform', `translate(${x},${top + Math.floor(i / columns) * (PANEL_HEIGHT + GAP)})`)
    group.setAttribute('text-anchor', 'middle')
    group.setAttribute('fill', theme.ink)
    svg.append(group)
  }
  svg.append(...captions)
  return svg
}

function panelFrame(chart: SignalChart, width: number, named: boolean): Frame {
  const widths = chart.panels.flatMap(({ series }) =>
    series.flatMap(({ label, note }) => [
      textWidth(shorten(label, LABEL_LENGTH), 12.5),
      textWidth(note ?? '', 11.5, NUMBER_ADVANCE),
    ]),
  )
  const labels = named ? Math.min(36 + Math.max(0, ...widths), width / 2) : 0
  return { width, height: PANEL_HEIGHT, labels, yDomain: decades(chart.panels.flatMap(panelValues)) }
}

/** What a screen reader says: the subtitle, then each line's first and last measured value. */
function description(chart: SignalChart): string {
  const short = (y: number) => String(Number(y.toPrecision(3)))
  const line = (label: string, points: readonly { x: number; y: number }[]) =>
    points.length
      ? `${label}: ${short(points[0].y)} at ${points[0].x}, ${short(points[points.length - 1].y)} at ${points[points.length - 1].x}`
      : `${label}: nothing measured`
  const panels = chart.panels.map(
    ({ title, yLabel, series }) => `${title}, ${yLabel}. ${series.map((s) => line(s.label, s.points)).join('; ')}.`,
  )
  return [chart.subtitle, ...panels, chart.caption ?? ''].filter(Boolean).join(' ')
}
