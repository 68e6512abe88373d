/** Charts as SVG files and as the figures of a report. */

import { parseHTML } from 'linkedom'
import type { ChartOptions } from '../charts/card'
import { type MagnitudeChart, magnitudeChart } from '../charts/magnitude-chart'
import { type SignalChart, signalChart } from '../charts/signal-chart'
import { type SpectrumChart, spectrumChart, stackedCharts } from '../charts/spectrum-chart'
import { svgText } from '../charts/svg-text'
import type { ReportFigure } from '../report/html'
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

/** The figures of a report: signals, and below them the magnitudes in every layer. */
export function reportFigures(figure: Figure, magnitudes: MagnitudeChart): ReportFigure[] {
  return [
    inBothThemes('signal', (options) => drawn(figure, options)),
    {
      ...inBothThemes('magnitudes', (options) => magnitudeChart(magnitudes, options)),
      caption:
        'The magnitudes of each layer’s values, zeros apart, by powers of two on one axis: the stronger the colour, the more values.',
    },
  ]
}

/** Its marks have names of their own, so that all stand in one page. */
function inBothThemes(name: string, draw: (options: ChartOptions) => SVGSVGElement): ReportFigure {
  const text = (theme: 'light' | 'dark') => svgText(draw({ document: page(), theme, id: `${name}-${theme}` }))
  return { light: text('light'), dark: text('dark') }
}

/** Writes a figure of that width in pixels, or of the usual one. */
export function writeChart(path: string, figure: Figure, width?: number): void {
  writeFile(path, svgText(drawn(figure, { document: page(), width })))
}
