/** Charts as SVG files and as SVG text. */

import { parseHTML } from 'linkedom'
import type { ChartOptions } from '../charts/card'
import { type SignalChart, signalChart } from '../charts/signal-chart'
import { type SpectrumChart, spectrumChart, stackedCharts } from '../charts/spectrum-chart'
import { svgText } from '../charts/svg-text'
import { writeFile } from './output-file'

/** What a figure is of; beside it the singular values where there are any. */
export interface Figure {
  chart: SignalChart
  spectrum?: SpectrumChart | null
}

// Plot wants a document to make elements with; linkedom's is the part of one that runs without a browser
const page = () => parseHTML('<html></html>').document as unknown as Document

function drawn({ chart, spectrum }: Figure, options: ChartOptions): SVGSVGElement {
  const signal = signalChart(chart, options)
  if (!spectrum) return signal
  const id = options.id && `${options.id}-spectrum`
  return stackedCharts([signal, spectrumChart(spectrum, { ...options, ...(id ? { id } : {}) })], options)
}

/** The figure as SVG text in the colours of a theme; its marks have names of their own, so that two stand in one page. */
export function chartText(figure: Figure, theme: 'light' | 'dark'): string {
  return svgText(drawn(figure, { document: page(), theme, id: `signal-${theme}` }))
}

/** Writes a figure of that width in pixels, or of the usual one. */
export function writeChart(path: string, figure: Figure, width?: number): void {
  writeFile(path, svgText(drawn(figure, { document: page(), width })))
}
