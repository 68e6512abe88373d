/** `evenkeel theory`: what theory says of an activation, of depth and width, and the table of Xavier's and He's standard deviations. */

import { type Command, Option } from 'commander'
import { type Theory, theory } from '../index'
import {
  type CriticalLinePoint,
  criticalLine,
  type DepthScales,
  depthBudget,
  finiteWidth,
  fixedPoint,
  jacobian,
} from '../theory'
import { cardLines, type DepthCard } from './depth-card'
import { deviationTable, FAN_INS, standardDeviations } from './deviation-table'
import { OK, UsageError } from './exit-code'
import { integerUpTo, nonNegative } from './flags'
import { wrap } from './line-wrap'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'
import { criticalTable, settledText, theoryText } from './theory-text'

const EXAMPLES = `Examples:
  evenkeel theory --activation gelu
  evenkeel theory --activation tanh --sigma-w2 1.5 --sigma-b2 0.05 --depth 50 --width 256
  evenkeel theory --activation erf --critical-line
  evenkeel theory --table
`
const NULLS = `
Under --json, null is a number without bound (nothing ever settles there) or without meaning.`

const WIDTH = 256

interface TheoryFlags extends GlobalFlags {
  activation: string
  q?: number
  sigmaW2?: number
  sigmaB2?: number
  depth?: number
  width?: number
  criticalLine?: boolean
  table?: boolean
}

export function addTheory(program: Command, session: Session): void {
  program
    .command('theory')
    .summary('gain, slopes, stability and depth budget of an activation; the table of Xavier and He')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', NULLS)
    .option('--activation <name>', 'name, with a parameter after a colon where it has one', 'relu')
    .option('--q <q>', 'variance of the pre-activations (default: 1)', nonNegative)
    .option('--sigma-w2 <v>', 'fan_in times the variance of a weight (default: gain^2)', nonNegative)
    .option('--sigma-b2 <v>', 'variance of a bias (default: 0)', nonNegative)
    .option('--depth <n>', 'also the depth budget: what so many layers can carry', integerUpTo(100_000))
    .addOption(
      new Option('--width <n>', `units of each layer of the depth budget (default: ${WIDTH})`).argParser(
        integerUpTo(2 ** 24),
      ),
    )
    .option('--critical-line', 'also the variances at which gradients neither vanish nor explode')
    .option('--table', `only the standard deviations of Xavier and He for fan_in ${FAN_INS.join(', ')}`)
    .action((_, command: Command) => {
      refuseIdle(command)
      session.exitCode = run(command.optsWithGlobals<TheoryFlags>(), session)
    })
}

/** No flag is ignored silently. */
function refuseIdle(command: Command): void {
  const given = ['activation', 'q', 'sigmaW2', 'sigmaB2', 'depth', 'width', 'criticalLine'].filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  )
  const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (command.opts<TheoryFlags>().table && given.length > 0)
    throw new UsageError(`--table expected no ${flag(given[0])} beside it`)
  if (given.includes('width') && !given.includes('depth'))
    throw new UsageError('--width expected --depth beside it: it belongs to the depth budget')
}

function run(flags: TheoryFlags, { host }: Session): number {
  const io = terminal(host, flags)
  if (flags.table) {
    const rows = FAN_INS.map(standardDeviations)
    io.print(flags.json ? JSON.stringify({ schemaVersion: 1, table: rows }) : textTable(deviationTable(rows), io))
    return OK
  }
  const answer = answered(flags)
  io.print(flags.json ? JSON.stringify(asObject(answer)) : text(answer, flags, io))
  return OK
}

interface Answer {
  found: Theory
  settled: DepthScales
  card?: DepthCard
  line?: (CriticalLinePoint | null)[]
}

function answered({
  activation,
  q,
  sigmaW2,
  sigmaB2,
  depth,
  width = WIDTH,
  criticalLine: wanted,
}: TheoryFlags): Answer {
  const variances = { activation, sigmaW2, sigmaB2 }
  const settled = fixedPoint(variances)
  return {
    found: theory({ ...variances, q }),
    settled,
    ...(depth !== undefined && { card: depthCard(variances, settled, depth, width) }),
    ...(wanted && { line: criticalLine({ activation }) }),
  }
}

type Variances = Pick<TheoryFlags, 'activation' | 'sigmaW2' | 'sigmaB2'>

function depthCard(variances: Variances, { q, chi }: DepthScales, depth: number, width: number): DepthCard {
  const widths = Array<number>(depth + 1).fill(width)
  const { activation, sigmaW2 } = variances
  // a homogeneous activation has one spectrum at every q
  const at = q > 0 && q < Number.POSITIVE_INFINITY ? q : 1
  return {
    depth,
    width,
    depthBudget: depthBudget({ ...variances, widths }),
    finiteWidth: finiteWidth({ ...variances, widths }),
    jacobian: q > 0 && Number.isFinite(chi) ? jacobian({ activation, sigmaW2, depth, q: at }) : null,
  }
}

/** The keys of theory() on top, the rest beside them. */
function asObject({ found, settled, card, line }: Answer) {
  return {
    ...found,
    fixedPoint: settled,
    ...card,
    ...(line && { criticalLine: line.filter((point) => point !== null) }),
  }
}

function text({ found, settled, card, line }: Answer, { activation }: TheoryFlags, io: Terminal): string {
  const parts = [theoryText(found, io)]
  const own = theory(activation)
  // what is asked at other variances must not hide what the gain is worth
  if (own.stability === 'unstable' && found.stability !== 'unstable') parts.push(wrap(own.note, io.columns).join('\n'))
  parts.push(settledText(settled, found, io))
  if (card) {
    const lines = cardLines(card).flatMap((line) =>
      wrap(line, io.columns - 4).map((part, i) => (i === 0 ? `  ${part}` : `    ${part}`)),
    )
    parts.push([io.style('bold', `Depth budget: ${card.depth} layers of width ${card.width}`), ...lines].join('\n'))
  }
  if (line) {
    const none = line.every((point) => point === null)
    parts.push(none ? `${activation} has no critical line.` : textTable(criticalTable(activation, line), io))
  }
  return parts.join('\n\n')
}
