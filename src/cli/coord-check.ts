/** `evenkeel coord-check`: whether layers keep their size when a network grows wider, in the standard parametrization and in muP. */

import { type Command, Option } from 'commander'
import { initNames } from '../index'
import { coordCheck } from '../training/coord-check'
import { coordFigure, coordPanel, coordText, sizeTable, slopeTable } from '../training/coord-report'
import type { CoordCheck } from '../training/coord-result'
import { type CoordCheckOptions, PARAMETRIZATIONS, type Parametrization } from '../training/coord-spec'
import { OK, UNSTABLE, UsageError } from './exit-code'
import { integerFrom, integers, knownName, knownNames, namesHelp, nonNegative, seed } from './flags'
import { wrap } from './line-wrap'
import { requireFigure } from './output-file'
import { picture } from './picture'
import { withProgress } from './progress'
import { addDataFlags, type DataFlags, dataOptions } from './race-data'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'

const EXAMPLES = `Examples:
  evenkeel coord-check
  evenkeel coord-check --parametrization mup --widths 128,256,512,1024 --optimizer sgd --rate 0.1
  evenkeel coord-check --parametrization mup --input features.npy --targets labels.npy --check

Networks that differ in their width alone take a few steps on one batch. A layer whose mean |z|
goes with the width will want another learning rate at another width.
`

interface CoordFlags
  extends DataFlags,
    GlobalFlags,
    Omit<CoordCheckOptions, 'parametrization' | 'data' | 'onProgress'> {
  parametrization: Parametrization[]
  check?: boolean
  svg?: string
}

export function addCoordCheck(program: Command, session: Session): void {
  addFlags(program.command('coord-check'))
    .summary('whether layers keep their size when a network grows wider: standard and muP')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .action(async (_, command: Command) => {
      session.exitCode = await run(command.optsWithGlobals<CoordFlags>(), session)
    })
}

function addFlags(command: Command): Command {
  const parametrizations = knownNames('parametrization', PARAMETRIZATIONS)
  const sized = command
    .option('--parametrization <names>', 'standard, mup', parametrizations, [...PARAMETRIZATIONS])
    .option('--widths <n,n,...>', 'units of the hidden layers (default: 64,128,256,512,1024,2048)', integers)
    .addOption(
      new Option('--base-width <n>', 'where muP is the standard (default: the smallest)').argParser(integerFrom(1)),
    )
    .option('--hidden-layers <n>', 'layers before the readout (default: 3)', integerFrom(1))
    .option('--activation <name>', 'of every hidden layer (default: relu)')
    .option('--init <name>', 'initialization (default: he-normal)', knownName('initialization', initNames))
    .addOption(new Option('--optimizer <name>', 'default: adam').choices(['sgd', 'adam']))
    .option('--momentum <x>', 'of sgd (default: 0.9)', nonNegative)
    .option('--rate <x>', 'learning rate, at the base width (default: 0.01)', nonNegative)
    .addOption(
      new Option('--loss <name>', 'default: what suits the data').choices(['softmax-cross-entropy', 'mean-square']),
    )
    .option('--steps <n>', 'times at which sizes are taken, the first before any update (default: 3)', integerFrom(1))
    .option('--batch <n>', 'samples of the one batch (default: 64)', integerFrom(1))
  return addDataFlags(sized)
    .option('--seed <n>', 'the first seed', seed, 0)
    .option('--seeds <n>', 'networks at each width (default: 5)', integerFrom(2))
    .option('--check', "exit with 1 if the verdict of a parametrization is not 'width-stable'")
    .option('--svg <file>', 'also write the figure')
}

async function run(flags: CoordFlags, { host }: Session): Promise<number> {
  const io = terminal(host, flags)
  if (flags.baseWidth !== undefined && !flags.parametrization.includes('mup'))
    throw new UsageError('--base-width expected mup among --parametrization')
  requireFigure(flags.svg)
  const checks = checksOf(flags, io)
  if (flags.json) io.print(JSON.stringify({ schemaVersion: 1, runs: checks }))
  else print(checks, io)
  if (flags.svg !== undefined) {
    const { writeChart } = await import('./figure-file')
    writeChart(flags.svg, { chart: coordFigure(checks) }, 360 * Math.min(4, 2 * checks.length))
    io.say(`The figure is in ${flags.svg}.`)
  }
  return flags.check && checks.some(({ verdict }) => verdict.code !== 'width-stable') ? UNSTABLE : OK
}

function checksOf(flags: CoordFlags, io: Terminal): CoordCheck[] {
  const { widths, hiddenLayers, activation, init, optimizer, momentum, rate, loss, steps, batch, seed, seeds } = flags
  const shape = { widths, hiddenLayers, activation, init }
  const training = { optimizer, momentum, rate, loss, steps, batch, seed, seeds, data: dataOptions(flags) }
  return withProgress(io, 'Training', (report) =>
    flags.parametrization.map((parametrization, i) =>
      coordCheck({
        ...shape,
        ...training,
        parametrization,
        baseWidth: parametrization === 'mup' ? flags.baseWidth : undefined,
        onProgress: ({ done, total }) => report((i + done / total) / flags.parametrization.length),
      }),
    ),
  )
}

function print(checks: readonly CoordCheck[], io: Terminal): void {
  io.print(wrap(coordText(checks[0]), io.columns).join('\n'))
  for (const check of checks) {
    for (const table of [slopeTable(check), sizeTable(check)]) io.print(`\n${textTable(table, io)}`)
    io.print(`\n${picture(coordPanel(check, check.config.steps), io)}`)
  }
  for (const { config, verdict } of checks) {
    const { parametrization } = config
    io.print(`\n${wrap(`${parametrization}: ${verdict.text} ${verdict.fix}`.trim(), io.columns).join('\n')}`)
  }
}
