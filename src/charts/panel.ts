/** One panel: lines of theory, their bands, and the measured points on a logarithmic axis. */

import * as Plot from '@observablehq/plot'
import { decadeTicks, powerOfTen } from './log-axis'
import { type SeriesStyle, seriesStyle, type Theme } from './palette'
import { shorten, spread } from './text-layout'

/** A measured value; low and high, when given, are drawn as a whisker. */
export interface Point {
  x: number
  y: number
  low?: number
  high?: number
}

export interface Series {
  /** Names the line at its end. */
  label: string
  /** A second, quieter line under the label. */
  note?: string
  points: readonly Point[]
  theory: readonly { x: number; y: number }[]
  band: readonly { x: number; low: number; high: number }[]
}

export interface Panel {
  title: string
  xLabel: string
  yLabel: string
  /** Draws x from high to low, so that a signal that travels back is read from left to right too. */
  reverse?: boolean
  /** Where the x axis begins and ends; default where the series do. */
  xDomain?: readonly [number, number]
  series: readonly Series[]
}

export interface Frame {
  width: number
  height: number
  /** Pixels kept free at the right for the labels of the lines; 0 for none. */
  labels: number
  yDomain: readonly [number, number]
}

const TOP = 50
const BOTTOM = 44
const LEFT = 46
const RIGHT = 12
const LABEL_GAP = 18
const MARKER_SPACING = 22
const TICK_ROOM = 34
export const LABEL_LENGTH = 24

/** The panel as the children of an SVG group of frame.width x frame.height pixels. */
export function panelGroup(panel: Panel, frame: Frame, theme: Theme, document: Document): SVGGElement {
  const styles = panel.series.map((_, i) => seriesStyle(theme, i))
  const drawn = panel.series.map((_, i) => pointsShown(panel, frame, i))
  const svg = Plot.plot({
    document,
    width: frame.width,
    height: frame.height,
    marginTop: TOP,
    marginBottom: BOTTOM,
    marginLeft: LEFT,
    marginRight: Math.max(RIGHT, frame.labels),
    x: { type: 'linear', domain: xDomain(panel), reverse: panel.reverse ?? false, label: null },
    y: { type: 'log', domain: [...frame.yDomain], label: null },
    marks: [
      ...axes(panel, frame, theme),
      ...panel.series.map((series, i) => bandMark(series, styles[i])),
      ...panel.series.map((series, i) => theoryMark(series, styles[i])),
      ...drawn.map((points, i) => whiskerMark(points, styles[i])),
      ...drawn.map((points, i) => Plot.dot(points, { x: 'x', y: 'y', ...dotStyle(styles[i], theme) })),
      ...(frame.labels > 0 ? labelMarks(panel, frame, styles, theme) : []),
    ],
  })
  const group = document.createElementNS('http://www.w3.org/2000/svg', 'g')
  group.setAttribute('class', 'panel')
  for (const node of [...svg.childNodes]) if (node.nodeName.toLowerCase() !== 'style') group.appendChild(node)
  return group
}

/** Every value of the panel that the y axis must hold. */
export function panelValues(panel: Panel): number[] {
  return panel.series.flatMap(({ points, theory, band }) => [
    ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
    ...theory.map(({ y }) => y),
    ...band.flatMap(({ low, high }) => [low, high]),
  ])
}

function xDomain(panel: Panel): [number, number] {
  if (panel.xDomain) return [...panel.xDomain]
  const xs = panel.series.flatMap(({ points, theory }) => [...points, ...theory].map(({ x }) => x))
  const low = xs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = xs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (low > high) return [0, 1]
  return low === high ? [low - 1, high + 1] : [low, high]
}

/** Whole numbers: both ends, and round numbers between that leave the ends and each other room on an axis of so many pixels. */
function xTicks([low, high]: readonly [number, number], pixels: number): number[] {
  const span = high - low
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => span / s <= Math.min(6, pixels / TICK_ROOM)) ??
    span
  const ticks = [low]
  for (let x = Math.ceil(low / step) * step; x < high; x += step)
    if (x - low > step / 2 && high - x > step / 2) ticks.push(x)
  return [...ticks, high]
}

function axes(panel: Panel, frame: Frame, theme: Theme): Plot.Markish[] {
  const ticks = decadeTicks(frame.yDomain, 7)
  const text = { fill: theme.muted, fontSize: 12 }
  const title = { ...text, frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'bottom', dx: -LEFT } as const
  return [
    Plot.gridY(ticks, { stroke: theme.grid, strokeOpacity: 1 }),
    Plot.axisY(ticks, { ...text, tickSize: 0, tickPadding: 8, tickFormat: powerOfTen, label: null }),
    Plot.axisX(xTicks(xDomain(panel), frame.width - LEFT - frame.labels), {
      ...text,
      stroke: theme.muted,
      tickSize: 4,
      tickFormat: String,
      label: null,
    }),
    Plot.ruleY([frame.yDomain[0]], { stroke: theme.muted }),
    Plot.text([panel.title], { ...title, fill: theme.ink, fontSize: 14, fontWeight: 600, dy: -28 }),
    Plot.text([panel.yLabel], { ...title, dy: -11 }),
    Plot.text([panel.xLabel], { ...text, frameAnchor: 'bottom', lineAnchor: 'top', dy: 26 }),
  ]
}

function bandMark({ band }: Series, { color }: SeriesStyle): Plot.Markish {
  const drawn = band.filter(({ low, high }) => drawable(low) && drawable(high))
  return Plot.areaY(drawn, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.14 })
}

function theoryMark({ theory }: Series, { color, dash }: SeriesStyle): Plot.Markish {
  const drawn = theory.filter(({ y }) => drawable(y))
  return Plot.line(drawn, {
    x: 'x',
    y: 'y',
    stroke: color,
    strokeWidth: 1.5,
    strokeOpacity: 0.75,
    strokeDasharray: dash,
  })
}

function whiskerMark(points: readonly Point[], { color }: SeriesStyle): Plot.Markish {
  const whiskers = points.filter(
    ({ low, high }) => low !== undefined && high !== undefined && drawable(low) && drawable(high),
  )
  return Plot.ruleX(whiskers, { x: 'x', y1: 'low', y2: 'high', stroke: color })
}

function dotStyle({ color, symbol }: SeriesStyle, theme: Theme) {
  return { symbol, r: 3.6, fill: color, stroke: theme.background, strokeWidth: 1 } as const
}

/** The points of series i that get a symbol: with room between them, and interleaved so that equal lines show all their symbols. */
function pointsShown(panel: Panel, frame: Frame, i: number): Point[] {
  const [low, high] = xDomain(panel)
  const perLayer = (frame.width - LEFT - frame.labels) / (high - low)
  const step = Math.max(1, Math.ceil(MARKER_SPACING / perLayer))
  const phase = Math.floor((i * step) / panel.series.length) % step
  return panel.series[i].points.filter(({ y }, k) => drawable(y) && k % step === phase)
}

function labelMarks(panel: Panel, frame: Frame, styles: readonly SeriesStyle[], theme: Theme): Plot.Markish[] {
  const [x0, x1] = xDomain(panel)
  const x = panel.reverse ? x0 : x1
  const [low, high] = frame.yDomain.map(Math.log10)
  const bottom = frame.height - BOTTOM
  const pixel = (y: number) => TOP + ((high - Math.log10(y)) / (high - low)) * (bottom - TOP)
  const ends = panel.series.map(
    ({ points, theory }) => nearestTo(x, points) ?? nearestTo(x, theory) ?? frame.yDomain[0],
  )
  const gap = panel.series.some(({ note }) => note) ? LABEL_GAP + 15 : LABEL_GAP
  const places = spread(ends.map(pixel), gap, TOP + 2, bottom - 6)
  return panel.series.flatMap(({ label, note }, i) => {
    const at = { frameAnchor: 'top-right', dx: 16, dy: places[i] - TOP } as const
    const text = { ...at, dx: 28, textAnchor: 'start', lineAnchor: 'middle' } as const
    return [
      Plot.dot([0], { ...at, ...dotStyle(styles[i], theme) }),
      Plot.text([shorten(label, LABEL_LENGTH)], { ...text, fill: theme.ink, fontSize: 12.5, fontWeight: 600 }),
      ...(note ? [Plot.text([note], { ...text, dy: text.dy + 14, fill: theme.muted, fontSize: 11.5 })] : []),
    ]
  })
}

/** The drawable value whose x is nearest to the given one. */
function nearestTo(x: number, points: readonly { x: number; y: number }[]): number | undefined {
  let best: { x: number; y: number } | undefined
  for (const point of points)
    if (drawable(point.y) && (!best || Math.abs(point.x - x) < Math.abs(best.x - x))) best = point
  return best?.y
}

/** A logarithmic axis has no place for 0, for a negative number, or for infinity. */
function drawable(y: number): boolean {
  return y > 0 && y < Number.POSITIVE_INFINITY
}
