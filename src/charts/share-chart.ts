/** Shares and cosines: numbers between fixed ends on linear axes, measured points over lines of theory. */

import * as Plot from '@observablehq/plot'
import { CARD_MARGIN, type ChartOptions, card, legend, place } from './card'
import { type SeriesStyle, seriesStyle, type Theme, themes } from './palette'

export interface Place {
  x: number
  y: number
}

export interface ShareSeries {
  label: string
  points: readonly Place[]
  /** Drawn as a line; empty when theory says nothing. */
  theory: readonly Place[]
}

export interface SharePanel {
  title: string
  xLabel: string
  xDomain: readonly [number, number]
  yDomain: readonly [number, number]
  /** Draws y = x, where nothing changes. */
  diagonal?: boolean
  series: readonly ShareSeries[]
}

export interface ShareChart {
  title: string
  panels: readonly SharePanel[]
}

const GAP = 28
const HEIGHT = 300
const SIDE_BY_SIDE = 640
const MARKER_SPACING = 16
// symbols that a series must keep
const FEWEST = 6

/** Draws the panels side by side, one above the other below 640 pixels. Returns a fresh SVG element of the given document. */
export function shareChart(chart: ShareChart, options: ChartOptions): SVGSVGElement {
  const { document, width = 960, theme: themeName = 'light' } = options
  const theme = themes[themeName]
  const columns = width < SIDE_BY_SIDE ? 1 : chart.panels.length
  const rows = Math.ceil(chart.panels.length / columns)
  const panelWidth = (width - 2 * CARD_MARGIN - (columns - 1) * GAP) / columns
  const labels = chart.panels[0].series.map(({ label }) => label)
  const probe = card({ title: '', description: '', width, height: 1 }, options)
  const top = CARD_MARGIN + legend(probe, labels, width, theme) + 14
  const height = top + rows * (HEIGHT + 8) + 6
  const svg = card({ title: chart.title, description: description(chart), width, height }, options)
  legend(svg, labels, width, theme)
  for (const [i, panel] of chart.panels.entries()) {
    const x = CARD_MARGIN + (i % columns) * (panelWidth + GAP)
    place(svg, plotPanel(panel, panelWidth, theme, document), x, top + Math.floor(i / columns) * (HEIGHT + 8), theme)
  }
  return svg
}

function plotPanel(panel: SharePanel, width: number, theme: Theme, document: Document): Element {
  const text = { fill: theme.muted, fontSize: 12 }
  const [low, high] = panel.xDomain
  const whole = high - low > 2
  return Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginTop: 34,
    marginBottom: 42,
    marginLeft: 38,
    marginRight: 10,
    x: { domain: [...panel.xDomain], label: null },
    y: { domain: [...panel.yDomain], label: null },
    marks: [
      Plot.gridY({ stroke: theme.grid, strokeOpacity: 1, ticks: 5 }),
      Plot.axisY({ ...text, ticks: 5, tickSize: 0, tickPadding: 8, label: null }),
      Plot.axisX({
        ...text,
        stroke: theme.muted,
        ticks: Math.min(6, whole ? high - low : 5),
        tickSize: 4,
        label: null,
        ...(whole ? { tickFormat: 'd' } : {}),
      }),
      Plot.ruleY([panel.yDomain[0]], { stroke: theme.muted }),
      ...(panel.diagonal ? [Plot.line(diagonal(panel), { x: 'x', y: 'y', stroke: theme.muted, strokeWidth: 1 })] : []),
      ...panel.series.flatMap((series, i) => seriesMarks(series, seriesStyle(theme, i), theme, shown(panel, i, width))),
      Plot.text([panel.title], {
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: -38,
        dy: -24,
        fill: theme.ink,
        fontSize: 14,
        fontWeight: 600,
      }),
      Plot.text([panel.xLabel], { ...text, frameAnchor: 'bottom', lineAnchor: 'top', dy: 24 }),
    ],
  })
}

function diagonal({ xDomain, yDomain }: SharePanel): Place[] {
  const low = Math.max(xDomain[0], yDomain[0])
  const high = Math.min(xDomain[1], yDomain[1])
  return [low, high].map((x) => ({ x, y: x }))
}

/** The points of series i that get a symbol: with room between them, and interleaved so that equal series show all their symbols. */
function shown({ series, xDomain: [low, high] }: SharePanel, i: number, width: number): Place[] {
  const { points } = series[i]
  const roomy = high - low > 2 ? Math.ceil((MARKER_SPACING * points.length) / width) : 1
  const step = Math.max(roomy, points.length >= FEWEST * series.length ? series.length : 1)
  const phase = Math.floor((i * step) / series.length)
  return points.filter((_, k) => k % step === phase)
}

function seriesMarks(series: ShareSeries, style: SeriesStyle, theme: Theme, spaced: readonly Place[]): Plot.Markish[] {
  const known = ({ y }: Place) => Number.isFinite(y)
  return [
    Plot.line(series.theory.filter(known), {
      x: 'x',
      y: 'y',
      stroke: style.color,
      strokeWidth: 1.75,
      strokeDasharray: style.dash,
    }),
    Plot.dot(spaced.filter(known), {
      x: 'x',
      y: 'y',
      symbol: style.symbol,
      r: 3.4,
      fill: style.color,
      stroke: theme.background,
      strokeWidth: 0.8,
    }),
  ]
}

function description({ panels }: ShareChart): string {
  const short = (y: number) => String(Number(y.toPrecision(3)))
  const said = ({ label, points }: ShareSeries) =>
    points.length
      ? `${label}: from ${short(points[0].y)} to ${short(points[points.length - 1].y)}`
      : `${label}: nothing measured`
  return panels.map(({ title, xLabel, series }) => `${title} by ${xLabel}. ${series.map(said).join('; ')}.`).join(' ')
}
