/** The figure of singular values: from the greatest to the least, one line for each network, beside their root mean square by theory. */

import { type ChartOptions, card, svgElement } from './card'
import { type SignalChart, signalChart } from './signal-chart'

export interface SpectrumSeries {
  label: string
  /** At the end of the line. */
  note?: string
  /** Descending, a list a seed, all of the same length. */
  values: readonly (readonly number[])[]
  /** sqrt(tr J J^T / n) by theory; null where there is none. */
  rootMeanSquare: number | null
}

export interface SpectrumChart {
  title: string
  subtitle: string
  series: readonly SpectrumSeries[]
}

/** Points of a line. */
const MOST = 64

/**
 * Draws singular values over their rank on a logarithmic axis: the geometric mean over seeds, and from their least to their greatest. Zeros are left out.
 * Returns a fresh SVG element of the given document, with a title and a description for screen readers.
 */
export function spectrumChart(chart: SpectrumChart, options: ChartOptions): SVGSVGElement {
  const several = chart.series.some(({ values }) => values.length > 1)
  const drawn: SignalChart = {
    title: chart.title,
    subtitle: chart.subtitle,
    caption: `Symbols: singular values${several ? ', geometric mean and range over the seeds' : ''}. Lines: their root mean square by theory, where it has one.`,
    panels: [
      {
        title: 'Jacobian',
        yLabel: 'singular value of ∂h/∂x',
        xLabel: 'from the greatest (1) on →',
        series: chart.series.map((series) => ({
          ...{ label: series.label, note: series.note, points: pointsOf(series), theory: theoryOf(series), band: [] },
        })),
      },
    ],
  }
  return signalChart(drawn, { id: 'spectrum-chart', ...options })
}

function pointsOf({ values }: SpectrumSeries) {
  const count = values[0]?.length ?? 0
  const steps = Math.min(count, MOST)
  return Array.from({ length: steps }, (_, k) => {
    const i = steps === 1 ? 0 : Math.round((k * (count - 1)) / (steps - 1))
    const all = values.map((seed) => seed[i])
    const y = Math.exp(all.reduce((sum, value) => sum + Math.log(value), 0) / all.length)
    return { x: i + 1, y, low: Math.min(...all), high: Math.max(...all) }
  })
}

function theoryOf({ values, rootMeanSquare: y }: SpectrumSeries) {
  return y === null ? [] : [1, values[0].length].map((x) => ({ x, y }))
}

/** Figures one below the other as one. */
export function stackedCharts(charts: readonly SVGSVGElement[], options: ChartOptions): SVGSVGElement {
  const size = (svg: Element, name: string) => Number(svg.getAttribute(name))
  const said = (name: string) => charts.map((svg) => svg.querySelector(name)?.textContent ?? '').join(' ')
  const width = Math.max(...charts.map((svg) => size(svg, 'width')))
  const height = charts.reduce((sum, svg) => sum + size(svg, 'height'), 0)
  const whole = card(
    { title: said('title'), description: said('desc'), width, height },
    { ...options, id: `${options.id ?? 'chart'}-stack` },
  )
  let top = 0
  for (const svg of charts) {
    const group = svgElement(options.document, 'g', { transform: `translate(0,${top})` })
    for (const node of [...svg.childNodes])
      if (!['title', 'desc'].includes(node.nodeName.toLowerCase())) group.append(node)
    whole.append(group)
    top += size(svg, 'height')
  }
  return whole
}
