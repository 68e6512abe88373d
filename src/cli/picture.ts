/** A picture for the terminal: measured values on a logarithmic axis, a symbol for each series. */

import { plot } from 'simple-ascii-chart'
import { decades, decadeTicks, powerOfTen } from '../charts/log-axis'
import type { Panel } from '../charts/panel'
import type { Style, Terminal } from './terminal'

const HEIGHT = 14
const AXIS_WIDTH = 8
const SYMBOLS = ['●', '■', '▲', '◆', '+', '×', '○', '□']
const STYLES: Style[] = ['blue', 'red', 'green', 'magenta', 'yellow', 'cyan']

/** The panel's measured points, and under them which symbol is whose. */
export function picture(panel: Panel, terminal: Terminal): string {
  const marks = panel.series.map((_, i) => terminal.style(STYLES[i % STYLES.length], SYMBOLS[i % SYMBOLS.length]))
  const domain = exponents(panel)
  const mirror = panel.reverse ? -1 : 1
  const drawn = panel.series
    .map(({ points }, i) => ({ mark: marks[i], line: interleaved(points, i, panel.series.length) }))
    .map(({ mark, line }) => ({ mark, line: line.map(({ x, y }): [number, number] => [mirror * x, Math.log10(y)]) }))
    .filter(({ line }) => line.length > 0)
  const title = terminal.style('bold', `${panel.title}, ${panel.yLabel}`)
  const legend = panel.series.map(({ label }, i) => `${marks[i]} ${label}`).join('   ')
  if (drawn.length === 0) return `${title}\nnothing to draw: no value is positive and finite\n${legend}`

  let series = -1
  const graph = plot(
    drawn.map(({ line }) => line),
    {
      width: terminal.columns - AXIS_WIDTH,
      height: HEIGHT,
      yRange: domain,
      customYAxisTicks: decadeTicks(decades(domain.map((exponent) => 10 ** exponent)), 7)
        .map(Math.log10)
        .filter(inside(domain)),
      customXAxisTicks: xTicks(drawn.flatMap(({ line }) => line.map(([x]) => x))),
      formatter: (value, { axis }) => (axis === 'y' ? powerOfTen(10 ** value) : String(Math.abs(value))),
      // the library tells no series apart here, but draws them in order and each from its first point
      lineFormatter: ({ index, plotX, plotY }) => {
        if (index === 0) series++
        return { x: plotX, y: plotY, symbol: drawn[series].mark }
      },
      symbols: { axis: { n: '│', e: '─' } },
    },
  )
  const lines = graph.split('\n').map((line) => line.trimEnd())
  return [title, ...lines.filter((line) => line.replace('│', '').trim() !== '' || line.includes('│')), legend].join(
    '\n',
  )
}

/** The range of log10: the values' own, two decades at least. */
function exponents({ series }: Panel): [number, number] {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0 && Number.isFinite(y))
  const [low, high] = [Math.min, Math.max].map((most) => values.reduce((a, b) => most(a, b), values[0] ?? 1))
  const room = Math.max(0.2, 1 - Math.log10(high / low) / 2)
  return [Math.log10(low) - room, Math.log10(high) + room]
}

function inside([low, high]: readonly [number, number]): (x: number) => boolean {
  return (x) => x >= low && x <= high
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
