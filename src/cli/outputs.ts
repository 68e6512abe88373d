/** Files that experiments are written to: a figure, a table for other programs, a report to read. */

import type { Command } from 'commander'
import type { Experiment } from '../index'
import { experimentCsv } from '../report/experiment-csv'
import { networkText, signalFigure } from '../report/figure'
import { reportHtml } from '../report/html'
import type { Table } from '../report/table'
import { requireWritable, writeFile } from './output-file'
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
    .option('--html <file>', 'also write a report: figure, verdicts, tables, configuration, in one file')
}

/** Refuses, before the work, files that could not be written. @throws FileError */
export function requireOutputs({ out, svg, csv, html }: OutputFlags): void {
  for (const path of [out, svg, csv, html]) if (path !== undefined) requireWritable(path)
}

export async function writeOutputs(
  { svg, csv, html }: OutputFlags,
  runs: readonly Experiment[],
  tables: readonly Table[],
  { argv }: Session,
  io: Terminal,
): Promise<void> {
  if (csv !== undefined) {
    writeFile(csv, experimentCsv(runs))
    io.say(`The table is in ${csv}.`)
  }
  if (svg === undefined && html === undefined) return
  // a third of the command line's start-up, for those who want it
  const { chartText, writeFigure } = await import('./figure-file')
  if (svg !== undefined) {
    writeFigure(svg, runs)
    io.say(`The figure is in ${svg}.`)
  }
  if (html !== undefined) {
    const chart = signalFigure(runs)
    const figures = { light: chartText(chart, 'light'), dark: chartText(chart, 'dark') }
    const command = ['evenkeel', ...argv.map(quoted)].join(' ')
    writeFile(html, reportHtml({ title: networkText(runs[0]), command, figures, tables, experiments: runs }))
    io.say(`The report is in ${html}.`)
  }
}

/** As a shell wants it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
