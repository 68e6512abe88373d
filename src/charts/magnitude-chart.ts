/** Histograms layer by layer, side by side on one shared axis of powers of two. */

import * as Plot from '@observablehq/plot'
import { CARD_MARGIN, type ChartOptions, card, place } from './card'
import { powerOfTen } from './log-axis'
import { type Theme, themes } from './palette'

/** One layer's values: counts[i] of them lie in [2^(low + i), 2^(low + i + 1)). */
export interface MagnitudeLayer {
  layer: number
  low: number
  counts: readonly number[]
}

export interface MagnitudePanel {
  label: string
  layers: readonly MagnitudeLayer[]
}

export interface MagnitudeChart {
  title: string
  panels: readonly MagnitudePanel[]
}

const HEIGHT = 300
const GAP = 12
const LEFT = 46
const LEAST_PANEL = 190
const MOST_COLUMNS = 60
const LOG10_2 = Math.log10(2)

interface Cell {
  x1: number
  x2: number
  y1: number
  y2: number
  share: number
}

/** Draws one panel for each network, with the same vertical axis in all. Returns a fresh SVG element of the given document. */
export function magnitudeChart(chart: MagnitudeChart, options: ChartOptions): SVGSVGElement {
  const { document, width = 960, theme: themeName = 'light' } = options
  const theme = themes[themeName]
  const inner = width - 2 * CARD_MARGIN
  const columns = Math.max(1, Math.min(chart.panels.length, Math.floor(inner / LEAST_PANEL)))
  const rows = Math.ceil(chart.panels.length / columns)
  const panelWidth = (inner - (columns - 1) * GAP) / columns
  const domain = exponents(chart)
  const height = 2 * CARD_MARGIN + rows * HEIGHT
  const svg = card({ title: chart.title, description: description(chart), width, height }, options)
  for (const [i, panel] of chart.panels.entries()) {
    const plot = plotPanel(panel, domain, panelWidth, theme, document)
    place(
      svg,
      plot,
      CARD_MARGIN + (i % columns) * (panelWidth + GAP),
      CARD_MARGIN + Math.floor(i / columns) * HEIGHT,
      theme,
    )
  }
  return svg
}

// of a layer's values, the share that the axis need not hold: the tail towards 0 of a smooth activation has no end
const LEFT_OUT = 1e-3

/** The power of two above which a layer has all but its smallest values. */
function lowest({ low, counts }: MagnitudeLayer): number {
  const most = LEFT_OUT * counts.reduce((sum, count) => sum + count, 0)
  let below = 0
  const first = counts.findIndex((count) => {
    below += count
    return below > most
  })
  return low + Math.max(0, first)
}

/** Powers of two that hold every layer but for its smallest thousandth, eight at least. */
function exponents({ panels }: MagnitudeChart): [number, number] {
  const filled = panels.flatMap(({ layers }) => layers).filter(({ counts }) => counts.length > 0)
  const low = Math.min(...filled.map(lowest))
  const high = Math.max(...filled.map((layer) => layer.low + layer.counts.length))
  if (!(low < high)) return [-4, 4]
  return [low, Math.max(high, low + 8)]
}

function plotPanel(
  panel: MagnitudePanel,
  [low, high]: readonly [number, number],
  width: number,
  theme: Theme,
  document: Document,
): Element {
  const text = { fill: theme.muted, fontSize: 12 }
  const depth = panel.layers.length
  return Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginTop: 34,
    marginBottom: 40,
    marginLeft: LEFT,
    marginRight: 6,
    x: { domain: [0.5, depth + 0.5], label: null },
    y: { domain: [low, high], label: null },
    marks: [
      Plot.rect(cells(panel, low), {
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        fill: theme.colors[0],
        fillOpacity: 'share',
      }),
      Plot.axisY(decadeTicks(low, high), {
        ...text,
        tickSize: 0,
        tickPadding: 8,
        tickFormat: (exponent: number) => powerOfTen(10 ** Math.round(exponent * LOG10_2)),
        label: null,
      }),
      Plot.axisX({
        ...text,
        stroke: theme.muted,
        ticks: Math.min(4, depth),
        tickSize: 4,
        tickFormat: 'd',
        label: null,
      }),
      Plot.ruleY([low], { stroke: theme.muted }),
      Plot.text([panel.label], {
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: -LEFT,
        dy: -24,
        fill: theme.ink,
        fontSize: 14,
        fontWeight: 600,
      }),
      Plot.text(['layer →'], { ...text, frameAnchor: 'bottom', lineAnchor: 'top', dy: 22 }),
    ],
    opacity: { type: 'identity' },
  })
}

/** The exponents of two at whole powers of ten, seven at most. */
function decadeTicks(low: number, high: number): number[] {
  const [from, to] = [Math.ceil(low * LOG10_2), Math.floor(high * LOG10_2)]
  const step = [1, 2, 3, 5, 10, 20, 30, 50, 100].find((s) => (to - from) / s < 7) ?? 200
  const ticks: number[] = []
  for (let decade = Math.ceil(from / step) * step; decade <= to; decade += step) ticks.push(decade / LOG10_2)
  return ticks
}

function cells({ layers }: MagnitudePanel, least: number): Cell[] {
  const step = Math.ceil(layers.length / MOST_COLUMNS)
  return layers.flatMap(({ layer, low, counts }, i) => {
    if (i % step !== 0) return []
    const most = Math.max(...counts)
    return counts.flatMap((count, k) =>
      count === 0 || low + k < least
        ? []
        : [
            {
              x1: layer - 0.5,
              x2: layer - 0.5 + step,
              y1: low + k,
              y2: low + k + 1,
              share: 0.06 + 0.94 * (count / most),
            },
          ],
    )
  })
}

function description({ panels }: MagnitudeChart): string {
  const said = ({ label, layers }: MagnitudePanel) => {
    const last = layers[layers.length - 1]
    if (last.counts.length === 0) return `${label}: layer ${last.layer} is all zero`
    const peak = last.low + last.counts.indexOf(Math.max(...last.counts))
    return `${label}: most of layer ${last.layer} is near 2 to the ${peak}`
  }
  return `${panels.map(said).join('; ')}.`
}
