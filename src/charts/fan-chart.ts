/** A fan of seeds: one thin line for each, over theory and its band, on a logarithmic axis that all panels share. */

import * as Plot from '@observablehq/plot'
import { CARD_MARGIN, type ChartOptions, card, place } from './card'
import { decades, decadeTicks, powerOfTen } from './log-axis'
import { type Theme, themes } from './palette'

export interface Fan {
  label: string
  /** A sentence under the label. */
  note: string
  /** Each seed's value at layers 1, 2, ... */
  seeds: readonly (readonly number[])[]
  theory: readonly { x: number; y: number; low: number; high: number }[]
}

export interface FanChart {
  title: string
  panels: readonly Fan[]
}

const HEIGHT = 300
const GAP = 16
const LEFT = 46
const LEAST_PANEL = 260

/** Draws a panel for each fan. Returns a fresh SVG element of the given document. */
export function fanChart(chart: FanChart, options: ChartOptions): SVGSVGElement {
  const { document, width = 960, theme: themeName = 'light' } = options
  const theme = themes[themeName]
  const inner = width - 2 * CARD_MARGIN
  const columns = Math.max(1, Math.min(chart.panels.length, Math.floor(inner / LEAST_PANEL)))
  const rows = Math.ceil(chart.panels.length / columns)
  const panelWidth = (inner - (columns - 1) * GAP) / columns
  const domain = decades(
    chart.panels.flatMap(({ seeds, theory }) => [...seeds.flat(), ...theory.flatMap(({ low, high }) => [low, high])]),
  )
  const description = chart.panels.map(({ label, note }) => `${label}: ${note}.`).join(' ')
  const svg = card({ title: chart.title, description, width, height: 2 * CARD_MARGIN + rows * HEIGHT }, options)
  for (const [i, fan] of chart.panels.entries()) {
    const plot = plotFan(fan, domain, panelWidth, theme, document)
    const x = CARD_MARGIN + (i % columns) * (panelWidth + GAP)
    place(svg, plot, x, CARD_MARGIN + Math.floor(i / columns) * HEIGHT, theme)
  }
  return svg
}

function plotFan(
  { label, note, seeds, theory }: Fan,
  domain: [number, number],
  width: number,
  theme: Theme,
  document: Document,
): Element {
  const text = { fill: theme.muted, fontSize: 12 }
  const heading = { frameAnchor: 'top-left', textAnchor: 'start', dx: -LEFT } as const
  const drawable = (y: number) => y > 0 && y < Number.POSITIVE_INFINITY
  const lines = seeds.flatMap((values, seed) => values.flatMap((y, i) => (drawable(y) ? [{ seed, x: i + 1, y }] : [])))
  const known = theory.filter(({ low, high }) => drawable(low) && drawable(high))
  return Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginTop: 50,
    marginBottom: 40,
    marginLeft: LEFT,
    marginRight: 8,
    x: { domain: [1, Math.max(2, theory.length)], label: null },
    y: { type: 'log', domain, label: null },
    marks: [
      Plot.gridY(decadeTicks(domain, 7), { stroke: theme.grid, strokeOpacity: 1 }),
      Plot.line(lines, { x: 'x', y: 'y', z: 'seed', stroke: theme.colors[0], strokeWidth: 0.7, strokeOpacity: 0.45 }),
      Plot.areaY(known, { x: 'x', y1: 'low', y2: 'high', fill: theme.colors[1], fillOpacity: 0.16 }),
      ...['low', 'high'].map((end) => Plot.line(known, { x: 'x', y: end, stroke: theme.colors[1], strokeWidth: 2 })),
      Plot.line(known, { x: 'x', y: 'y', stroke: theme.ink, strokeWidth: 2, strokeDasharray: '6 3' }),
      Plot.axisY(decadeTicks(domain, 7), { ...text, tickSize: 0, tickPadding: 8, tickFormat: powerOfTen, label: null }),
      Plot.axisX({
        ...text,
        stroke: theme.muted,
        ticks: Math.min(5, theory.length),
        tickSize: 4,
        tickFormat: 'd',
        label: null,
      }),
      Plot.ruleY([domain[0]], { stroke: theme.muted }),
      Plot.text([label], { ...heading, dy: -40, fill: theme.ink, fontSize: 14, fontWeight: 600 }),
      Plot.text([note], { ...heading, ...text, dy: -20 }),
      Plot.text(['layer →'], { ...text, frameAnchor: 'bottom', lineAnchor: 'top', dy: 22 }),
    ],
  })
}
