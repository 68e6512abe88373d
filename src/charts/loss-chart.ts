/** The figure of losses: one panel for each contender, one line for each of its trials. */

import type { ChartOptions } from './card'
import type { Panel, Point, Series } from './panel'
import { signalChart } from './signal-chart'

export interface LossLine {
  /** Names the line at its end. */
  label: string
  /** The loss of each step; null where it is not finite. */
  losses: readonly (number | null)[]
}

export interface LossChart {
  title: string
  subtitle: string
  /** Steps of a whole line; default those of the longest. */
  steps?: number
  panels: readonly { title: string; lines: readonly LossLine[] }[]
}

/** Stretches of steps that a line averages over, so that it is read as a curve. */
const STRETCHES = 60

/**
 * Draws losses over steps on logarithmic axes, averaged over stretches of steps.
 * Returns a fresh SVG element of the given document, with a title and a description for screen readers.
 */
export function lossChart({ title, subtitle, steps, panels }: LossChart, options: ChartOptions): SVGSVGElement {
  const longest = panels
    .flatMap(({ lines }) => lines.map(({ losses }) => losses.length))
    .reduce((a, b) => Math.max(a, b), steps ?? 1)
  const stretch = Math.max(1, Math.ceil(longest / STRETCHES))
  const over = stretch === 1 ? 'each step' : `${stretch} steps`
  const caption = `Each point: the mean over ${over}. A line that ends early met a loss that is not finite.`
  const drawn = panels.map((panel) => ({ ...asPanel(panel, stretch), ...(steps && { xDomain: [0, steps] as const }) }))
  return signalChart({ title, subtitle, caption, columns: columnsOf(panels.length), panels: drawn }, options)
}

/** Rows of equal length, three panels in each at most. */
function columnsOf(panels: number): number {
  return Math.ceil(panels / Math.ceil(panels / 3))
}

/** The means of a line over stretches of steps, each at its last step; it ends at the first loss that is not finite. */
export function averaged(losses: readonly (number | null)[], stretch: number): Point[] {
  const points: Point[] = []
  for (let from = 0; from + stretch <= losses.length; from += stretch) {
    let sum = 0
    for (const loss of losses.slice(from, from + stretch)) {
      if (loss === null) return points
      sum += loss
    }
    points.push({ x: from + stretch, y: sum / stretch })
  }
  return points
}

function asPanel({ title, lines }: LossChart['panels'][number], stretch: number): Panel {
  const series = lines.map(({ label, losses }): Series => {
    const points = averaged(losses, stretch)
    return { label, points, theory: points, band: [] }
  })
  return { title, xLabel: 'step', yLabel: 'loss of the batch', series }
}
