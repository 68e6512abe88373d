/** Files that experiments are written to: a figure, a table for other programs, a report to read. */

import type { Command } from 'commander'
import type { MagnitudeChart } from '../charts/magnitude-chart'
import type { SignalChart } from '../charts/signal-chart'
import type { SpectrumChart } from '../charts/spectrum-chart'
import type { Experiment } from '../index'
import { experimentCsv } from '../report/experiment-csv'
import { networkText, signalFigure } from '../report/figure'
import { type Reported, reportHtml } from '../report/html'
import { magnitudeFigure } from '../report/magnitude-figure'
import { spectrumFigure } from '../report/spectrum-figure'
import type { Table } from '../report/table'
import { requireEnding, requireWritable, writeFile } from './output-file'
import type { Session } from './session'
import type { Terminal } from './terminal'

export interface OutputFlags {
  out?: string
  svg?: string
  csv?: string
  html?: string
}

export function addOutputFlags(command: Command): Command {
  return command
    .option('--out <file>', 'also keep every finished seed, a line of JSON each; those in the file are not run again')
    .option('--svg <file>', 'also write the figure')
    .option('--csv <file>', 'also write every layer as a row')
    .option('--html <file>', 'also write a report: figures, verdicts, tables, configuration, in one file')
}

/** Refuses, before the work, files that could not be written or are of another kind. @throws FileError, UsageError */
export function requireOutputs({ out, svg, csv, html }: OutputFlags): void {
  requireEnding('--svg', svg, ['.svg'])
  requireEnding('--csv', csv, ['.csv'])
  requireEnding('--html', html, ['.html', '.htm'])
  for (const path of [out, svg, csv, html]) if (path !== undefined) requireWritable(path)
}

/** What experiments have to write; made only where it is asked for. */
export interface Outcome {
  title: string
  csv(): string
  chart(): SignalChart
  /** Null where no Jacobian was formed. */
  spectrum(): SpectrumChart | null
  magnitudes(): MagnitudeChart
  tables: readonly Table[]
  experiments: readonly Reported[]
}

/** Of dense networks. */
export function denseOutcome(experiments: readonly Experiment[], tables: readonly Table[]): Outcome {
  return {
    title: networkText(experiments[0]),
    csv: () => experimentCsv(experiments),
    chart: () => signalFigure(experiments),
    spectrum: () => spectrumFigure(experiments),
    magnitudes: () => magnitudeFigure(experiments),
    tables,
    experiments,
  }
}

export async function writeOutputs(
  { svg, csv, html }: OutputFlags,
  outcome: Outcome,
  { argv }: Session,
  io: Terminal,
): Promise<void> {
  const { title, tables, experiments } = outcome
  if (csv !== undefined) {
    writeFile(csv, outcome.csv())
    io.say(`The table is in ${csv}.`)
  }
  if (svg === undefined && html === undefined) return
  // a third of the command line's start-up, for those who want it
  const { reportFigures, writeChart } = await import('./figure-file')
  const chart = { chart: outcome.chart(), spectrum: outcome.spectrum() }
  if (svg !== undefined) {
    writeChart(svg, chart)
    io.say(`The figure is in ${svg}.`)
  }
  if (html !== undefined) {
    const figures = reportFigures(chart, outcome.magnitudes())
    const command = ['evenkeel', ...argv.map(quoted)].join(' ')
    writeFile(html, reportHtml({ title, command, figures, tables, experiments }))
    io.say(`The report is in ${html}.`)
  }
}

/** As a shell wants it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
