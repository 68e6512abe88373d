/** The phase diagram: weight and bias variances, coloured by what a layer does to a gradient, with the critical line. */

import * as Plot from '@observablehq/plot'
import { CARD_MARGIN, type ChartOptions, card, place } from './card'
import { type Theme, themes } from './palette'

export interface PhaseData {
  title: string
  cells: readonly { sigmaW2: number; sigmaB2: number; chi: number }[]
  /** Size of a cell. */
  stepW2: number
  stepB2: number
  line: readonly { sigmaW2: number; sigmaB2: number }[]
  /** Where the reader's network is. */
  at: { sigmaW2: number; sigmaB2: number } | null
}

export interface PhaseChart {
  svg: SVGSVGElement
  /** The variances under a point of the SVG, in its own units; null outside the diagram. */
  variancesAt(x: number, y: number): { sigmaW2: number; sigmaB2: number } | null
}

const TOP = 30
const BOTTOM = 46
const LEFT = 44
const RIGHT = 12
// chi beyond this, or below its inverse, has the full colour
const MOST = 2.5

/** Draws the diagram; the critical line and the words on either side say what the colours say. */
export function phaseChart(data: PhaseData, options: ChartOptions): PhaseChart {
  const { document, width = 640, theme: themeName = 'light' } = options
  const theme = themes[themeName]
  const inner = width - 2 * CARD_MARGIN
  const height = Math.round(Math.min(440, Math.max(300, inner * 0.62)))
  const description = `Critical line: ${data.line.length ? 'drawn; left of it gradients vanish, right of it they explode' : 'none within the diagram'}.`
  const svg = card({ title: data.title, description, width, height: height + 2 * CARD_MARGIN }, options)
  const maxW = Math.max(...data.cells.map(({ sigmaW2 }) => sigmaW2)) + data.stepW2 / 2
  const maxB = Math.max(...data.cells.map(({ sigmaB2 }) => sigmaB2)) + data.stepB2 / 2
  place(svg, plot(data, [maxW, maxB], inner, height, theme, document), CARD_MARGIN, CARD_MARGIN, theme)
  const variancesAt = (x: number, y: number) => {
    const sigmaW2 = ((x - CARD_MARGIN - LEFT) / (inner - LEFT - RIGHT)) * maxW
    const sigmaB2 = (1 - (y - CARD_MARGIN - TOP) / (height - TOP - BOTTOM)) * maxB
    return sigmaW2 >= 0 && sigmaW2 <= maxW && sigmaB2 >= 0 && sigmaB2 <= maxB ? { sigmaW2, sigmaB2 } : null
  }
  return { svg, variancesAt }
}

function plot(
  data: PhaseData,
  [maxW, maxB]: readonly [number, number],
  width: number,
  height: number,
  theme: Theme,
  document: Document,
): Element {
  const text = { fill: theme.muted, fontSize: 12 }
  // where no network settles, chi is not known
  const beyond = data.cells.some(({ chi }) => chi > 1.1) ? 'gradients explode' : 'the signal explodes'
  const known = data.cells.filter(({ chi }) => Number.isFinite(chi))
  const word = { fill: theme.ink, fontSize: 13, fontWeight: 600, stroke: theme.background, strokeWidth: 4 }
  return Plot.plot({
    document,
    width,
    height,
    marginTop: TOP,
    marginBottom: BOTTOM,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { domain: [0, maxW], label: null },
    y: { domain: [0, maxB], label: null },
    opacity: { type: 'identity' },
    marks: [
      Plot.rect(known, {
        x1: ({ sigmaW2 }) => sigmaW2 - data.stepW2 / 2,
        x2: ({ sigmaW2 }) => sigmaW2 + data.stepW2 / 2,
        y1: ({ sigmaB2 }) => sigmaB2 - data.stepB2 / 2,
        y2: ({ sigmaB2 }) => sigmaB2 + data.stepB2 / 2,
        fill: ({ chi }) => theme.colors[chi < 1 ? 0 : 1],
        fillOpacity: ({ chi }) => 0.75 * strength(chi),
        shapeRendering: 'crispEdges',
      }),
      Plot.axisX({ ...text, stroke: theme.muted, tickSize: 4, ticks: 5, label: null }),
      Plot.axisY({ ...text, stroke: theme.muted, tickSize: 4, ticks: 5, label: null }),
      Plot.line(data.line, { x: 'sigmaW2', y: 'sigmaB2', stroke: theme.ink, strokeWidth: 2.5 }),
      Plot.text(['gradients vanish'], { ...word, frameAnchor: 'top-left', textAnchor: 'start', dx: 12, dy: 14 }),
      Plot.text([beyond], { ...word, frameAnchor: 'bottom-right', textAnchor: 'end', dx: -12, dy: -14 }),
      Plot.text(['variance of a bias'], {
        ...text,
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dx: 4 - LEFT,
        dy: -20,
      }),
      Plot.text(['variance of a weight × inputs of a unit'], {
        ...text,
        frameAnchor: 'bottom',
        lineAnchor: 'top',
        dy: 26,
      }),
      ...cursor(data, theme),
    ],
  })
}

/** 0 on the critical line, 1 where a layer takes a factor 2.5. */
function strength(chi: number): number {
  return Math.min(1, Math.abs(Math.log(chi)) / Math.log(MOST))
}

function cursor({ at }: PhaseData, theme: Theme): Plot.Markish[] {
  if (at === null) return []
  const place = { x: 'sigmaW2', y: 'sigmaB2' } as const
  return [
    Plot.dot([at], { ...place, r: 9, stroke: theme.background, strokeWidth: 5 }),
    Plot.dot([at], { ...place, r: 9, stroke: theme.ink, strokeWidth: 2 }),
    Plot.dot([at], { ...place, r: 2.5, fill: theme.ink }),
  ]
}
