/** A picture for the terminal: measured values on a logarithmic axis, a symbol for each series. */

import { plot } from 'simple-ascii-chart'
import { decades, decadeTicks, powerOfTen } from '../charts/log-axis'
import type { Panel } from '../charts/panel'
import type { Style, Terminal } from './terminal'

const HEIGHT = 14
const AXIS_WIDTH = 8
const SYMBOLS = ['●', '■', '▲', '◆', '+', '×', '○', '□']
const STYLES: Style[] = ['blue', 'red', 'green', 'magenta', 'yellow', 'cyan']

interface Line {
  mark: string
  /** x, negative in a reversed panel, and log10 of the value. */
  points: [number, number][]
}

/** The panel's measured points, and under them which symbol is whose. */
export function picture(panel: Panel, terminal: Terminal): string {
  const marks = panel.series.map((_, i) => terminal.style(STYLES[i % STYLES.length], SYMBOLS[i % SYMBOLS.length]))
  const mirror = panel.reverse ? -1 : 1
  const lines = panel.series.map(({ points }, i): Line => {
    const shown = interleaved(points, i, panel.series.length)
    return { mark: marks[i], points: shown.map(({ x, y }) => [mirror * x, Math.log10(y)]) }
  })
  const drawn = lines.filter(({ points }) => points.length > 0)
  const title = terminal.style('bold', `${panel.title}, ${panel.yLabel}`)
  const graph = drawn.length
    ? graphText(drawn, exponents(panel), terminal)
    : 'nothing to draw: no value is positive and finite'
  return [title, graph, legendText(panel, marks, terminal.columns)].join('\n')
}

function graphText(lines: readonly Line[], domain: [number, number], terminal: Terminal): string {
  const ticks = decadeTicks(decades(domain.map((exponent) => 10 ** exponent)), 7)
    .map(Math.log10)
    .filter((tick) => tick >= domain[0] && tick <= domain[1])
  const labelWidth = Math.max(...ticks.map((tick) => powerOfTen(10 ** tick).length))
  let series = -1
  const graph = plot(
    lines.map(({ points }) => points),
    {
      width: terminal.columns - AXIS_WIDTH,
      height: HEIGHT,
      yRange: domain,
      customYAxisTicks: ticks,
      customXAxisTicks: xTicks(lines.flatMap(({ points }) => points.map(([x]) => x))),
      // the library makes room for the labels of the data, not for those of the ticks: all as wide as the widest
      formatter: (value, { axis }) =>
        axis === 'y' ? powerOfTen(10 ** value).padStart(labelWidth) : String(Math.abs(value)),
      // the library tells no series apart here, but draws them in order and each from its first point
      lineFormatter: ({ index, plotX, plotY }) => {
        if (index === 0) series++
        return { x: plotX, y: plotY, symbol: lines[series].mark }
      },
      symbols: { axis: { n: '│', e: '─' } },
    },
  )
  const rows = graph.split('\n').map((row) => row.trimEnd())
  return rows.filter((row) => row !== '').join('\n')
}

/** '● he-normal   ■ xavier-normal', in as many lines as it takes. */
function legendText({ series }: Panel, marks: readonly string[], columns: number): string {
  const lines: string[] = []
  let used = columns
  for (const [i, { label }] of series.entries()) {
    used += label.length + 5
    if (used > columns + 3) {
      lines.push(`${marks[i]} ${label}`)
      used = label.length + 5
    } else lines[lines.length - 1] += `   ${marks[i]} ${label}`
  }
  return lines.join('\n')
}

/** The range of log10: the values' own, two decades at least. */
function exponents({ series }: Panel): [number, number] {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0 && Number.isFinite(y))
  const [low, high] = [Math.min, Math.max].map((most) => values.reduce((a, b) => most(a, b), values[0] ?? 1))
  const room = Math.max(0.2, 1 - Math.log10(high / low) / 2)
  return [Math.log10(low) - room, Math.log10(high) + room]
}

/** Every n-th drawable point from the i-th on, so that n equal series all show. */
function interleaved<P extends { x: number; y: number }>(points: readonly P[], i: number, n: number): P[] {
  const thin = points.length >= 4 * n
  return points.filter(({ y }, k) => y > 0 && Number.isFinite(y) && (!thin || k % n === i))
}

function xTicks(xs: readonly number[]): number[] {
  const low = xs.reduce((a, b) => Math.min(a, b))
  const high = xs.reduce((a, b) => Math.max(a, b))
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].find((s) => (high - low) / s <= 8) ?? 20_000
  const inner = [...new Set(xs)].filter((x) => x % step === 0 && x - low > step / 2 && high - x > step / 2)
  return [low, ...inner, high]
}
