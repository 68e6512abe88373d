/** `evenkeel theory`: what theory says of an activation, and the table of Xavier's and He's standard deviations. */

import type { Command } from 'commander'
import { initStd, type Theory, theory } from '../index'
import { plain } from '../report/number-text'
import type { Table } from '../report/table'
import { OK } from './exit-code'
import { nonNegative } from './flags'
import { wrap } from './line-wrap'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'

const EXAMPLES = `Examples:
  evenkeel theory --activation gelu
  evenkeel theory --table
`

/** The fan-ins of the table that teaching notes show. */
const FAN_INS = [4, 16, 64, 256]

interface TheoryFlags extends GlobalFlags {
  activation: string
  q?: number
  sigmaW2?: number
  sigmaB2?: number
  table?: boolean
}

export function addTheory(program: Command, session: Session): void {
  program
    .command('theory')
    .summary('gain, slopes and stability of an activation; the table of Xavier and He')
    .addHelpText('before', EXAMPLES)
    .option('--activation <name>', 'name, with a parameter after a colon where it has one', 'relu')
    .option('--q <q>', 'variance of the pre-activations (default: 1)', nonNegative)
    .option('--sigma-w2 <v>', 'fan_in times the variance of a weight (default: gain^2)', nonNegative)
    .option('--sigma-b2 <v>', 'variance of a bias (default: 0)', nonNegative)
    .option('--table', `standard deviations of Xavier and He for fan_in ${FAN_INS.join(', ')}`)
    .action((_, command: Command) => {
      session.exitCode = run(command.optsWithGlobals<TheoryFlags>(), session)
    })
}

function run(flags: TheoryFlags, { host }: Session): number {
  const io = terminal(host, flags)
  if (flags.table) {
    const rows = FAN_INS.map(standardDeviations)
    io.print(flags.json ? JSON.stringify({ schemaVersion: 1, table: rows }) : textTable(deviationTable(rows), io))
    return OK
  }
  const { activation, q, sigmaW2, sigmaB2 } = flags
  const found = theory({ activation, q, sigmaW2, sigmaB2 })
  io.print(flags.json ? JSON.stringify(found) : theoryText(found, io))
  return OK
}

function theoryText(found: Theory, io: Terminal): string {
  const rows: [string, number | string, string][] = [
    ['gain', found.gain, '1/sqrt<f²> at q = 1: keeps the second moment'],
    ['mean', found.mean, '<f>'],
    ['second moment', found.secondMoment, '<f²>'],
    ['derivative', found.derivativeSecondMoment, "<f'²>"],
    ['chi', found.chi, "factor of the gradient's second moment per layer"],
    ['q-slope', found.qSlope, 'factor of an error in q per layer'],
    ['stability', found.stability, ''],
    ['critical point', criticalText(found.criticalPoint), ''],
  ]
  const title = `${found.activation}: <.> is the mean over z ~ N(0, q), q = ${plain(found.q)}; weights of variance ${plain(found.sigmaW2)}/fan_in`
  const lines = rows.map(([name, value, meaning]) => {
    const shown = typeof value === 'number' ? digits(value).padEnd(20) : value
    return `  ${name.padEnd(15)} ${shown}${io.style('dim', meaning)}`.trimEnd()
  })
  return [io.style('bold', title), ...lines, '', ...wrap(found.note, io.columns)].join('\n')
}

// an odd function's mean comes out of the quadrature as 1e-17
function digits(value: number): string {
  return (Math.abs(value) < 1e-15 ? 0 : value).toPrecision(12)
}

function criticalText(point: Theory['criticalPoint']): string {
  if (point === null) return 'none'
  return `weights of variance ${plain(point.sigmaW2)}/fan_in, biases of variance ${plain(point.sigmaB2)}, q = ${plain(point.q)}`
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
