/** `evenkeel theory`: what theory says of an activation, and the table of Xavier's and He's standard deviations. */

import type { Command } from 'commander'
import { initStd } from '../index'
import type { Table } from '../report/table'
import { OK } from './exit-code'
import type { Session } from './session'
import { type GlobalFlags, terminal } from './terminal'
import { textTable } from './text-table'

const EXAMPLES = `Examples:
  evenkeel theory --activation gelu
  evenkeel theory --table
`

/** The fan-ins of the table that teaching notes show. */
const FAN_INS = [4, 16, 64, 256]

interface TheoryFlags extends GlobalFlags {
  activation: string
  table?: boolean
}

export function addTheory(program: Command, session: Session): void {
  program
    .command('theory')
    .summary('gain, slopes and stability of an activation; the table of Xavier and He')
    .addHelpText('before', EXAMPLES)
    .option('--activation <name>', 'activation', 'relu')
    .option('--table', `standard deviations of Xavier and He for fan_in ${FAN_INS.join(', ')}`)
    .action((_, command: Command) => {
      session.exitCode = run(command.optsWithGlobals<TheoryFlags>(), session)
    })
}

function run(flags: TheoryFlags, { host }: Session): number {
  const io = terminal(host, flags)
  if (flags.table) {
    const rows = FAN_INS.map(standardDeviations)
    if (flags.json) io.print(JSON.stringify({ schemaVersion: 1, table: rows }))
    else io.print(textTable(deviationTable(rows), io))
  }
  return OK
}

interface Deviations {
  fanIn: number
  xavierSimple: number
  heNormal: number
  ratio: number
}

function standardDeviations(fanIn: number): Deviations {
  const xavierSimple = initStd('xavier-simple', [1, fanIn])
  const heNormal = initStd('he-normal', [1, fanIn])
  return { fanIn, xavierSimple, heNormal, ratio: heNormal / xavierSimple }
}

function deviationTable(rows: readonly Deviations[]): Table {
  return {
    title: 'Standard deviation of the weights of a layer',
    head: ['fan_in', 'Xavier 1/sqrt(fan_in)', 'He sqrt(2/fan_in)', 'He/Xavier'],
    rows: rows.map(({ fanIn, xavierSimple, heNormal, ratio }) => [
      String(fanIn),
      xavierSimple.toPrecision(3),
      heNormal.toPrecision(3),
      ratio.toFixed(3),
    ]),
  }
}
