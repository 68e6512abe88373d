/** `evenkeel compare`: the same input through the same network under each initialization. */

import type { Command } from 'commander'
import { type Experiment, initNames, initStd, type NetworkOptions, pairedRatios } from '../index'
import { signalFigure } from '../report/figure'
import { comparisonTables } from '../report/table'
import { isUnstable } from '../report/verdict'
import { INTERRUPTED, OK, UNSTABLE } from './exit-code'
import { runExperiments } from './experiments'
import { knownNames, namesHelp } from './flags'
import { wrap } from './line-wrap'
import { addNetworkFlags, type NetworkFlags, networkOptions } from './network-flags'
import { addOutputFlags, denseOutcome, type OutputFlags, requireOutputs, writeOutputs } from './outputs'
import { picture } from './picture'
import { engineText, runTitle } from './run-title'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'
import { seedsText, verdictText } from './verdict-text'

const EXAMPLES = `Examples:
  evenkeel compare --init he-normal,xavier-simple --depth 50 --width 512
  evenkeel compare --seeds 8 --backward --svg he-against-xavier.svg --html report.html
  evenkeel compare --init he-normal,pytorch-linear --input batch.csv --check

The same input goes through the same network under each initialization, drawn from
the same seeds: what differs is the initialization alone.
`

interface CompareFlags extends NetworkFlags, OutputFlags, GlobalFlags {
  init: string[]
}

export function addCompare(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .summary('the same input through the same network under several initializations')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .option('--init <names>', 'initializations, with commas between them', knownNames('initialization', initNames), [
      'he-normal',
      'xavier-normal',
      'xavier-simple',
    ])
  addOutputFlags(addNetworkFlags(command)).action(async (_, command: Command) => {
    session.exitCode = await compare(command.optsWithGlobals<CompareFlags>(), session)
  })
}

async function compare(flags: CompareFlags, session: Session): Promise<number> {
  const io = terminal(session.host, flags)
  requireOutputs(flags)
  const { experiments: runs, stopped } = await runExperiments(networks(flags), flags, io)
  if (runs.length === 0) return INTERRUPTED
  if (flags.json) io.print(JSON.stringify({ schemaVersion: 1, runs: runs.map((run) => asRun(run, runs[0])) }))
  else print(runs, io)
  await writeOutputs(flags, denseOutcome(runs, comparisonTables(runs)), session, io)
  if (stopped) return INTERRUPTED
  return flags.check && runs.some(({ verdict }) => isUnstable(verdict)) ? UNSTABLE : OK
}

/** A parameter that is refused, as of 'normal', is refused before the work. */
function networks(flags: CompareFlags): NetworkOptions[] {
  const options = networkOptions(flags)
  for (const init of flags.init) initStd(init, [1, 1])
  return flags.init.map((init) => ({ ...options, init }))
}

/** `init` beside what `propagate --json` prints, without the version that the whole object has; and the ratio to the first, seed by seed. */
function asRun(run: Experiment, first: Experiment) {
  const { schemaVersion: _, ...experiment } = run
  const against = run === first ? {} : { against: { init: first.config.init, layers: pairedRatios(run, first) } }
  return { init: experiment.config.init, ...experiment, ...against }
}

function print(runs: readonly Experiment[], io: Terminal): void {
  const figure = signalFigure(runs)
  io.print(wrap(runTitle(runs[0]) + engineText(runs), io.columns).join('\n'))
  for (const table of comparisonTables(runs)) io.print(`\n${textTable(table, io)}`)
  for (const panel of figure.panels) io.print(`\n${picture(panel, io)}`)
  for (const run of runs) io.print(`\n${verdictText(run, io)}`)
  if (runs[0].config.seeds > 1) io.say(seedsText(runs[0]))
}
