/** Charts as SVG files and as SVG text. */

import { parseHTML } from 'linkedom'
import { type SignalChart, signalChart } from '../charts/signal-chart'
import { svgText } from '../charts/svg-text'
import { writeFile } from './output-file'

/** The chart as SVG text in the colours of a theme; its marks have names of their own, so that two stand in one page. */
export function chartText(chart: SignalChart, theme: 'light' | 'dark'): string {
  const document = parseHTML('<html></html>').document as unknown as Document
  return svgText(signalChart(chart, { document, theme, id: `signal-${theme}` }))
}

/** Writes a chart of that width in pixels, or of the usual one. */
export function writeChart(path: string, chart: SignalChart, width?: number): void {
  // Plot wants a document to make elements with; linkedom's is the part of one that runs without a browser
  const document = parseHTML('<html></html>').document as unknown as Document
  writeFile(path, svgText(signalChart(chart, { document, width })))
}
