/** `evenkeel propagate`: one experiment, all numbers. */

import type { Command } from 'commander'
import { type Experiment, initNames } from '../index'
import { jacobianTables, withSpectrum } from '../report/jacobian-table'
import { experimentTables, type Table } from '../report/table'
import { isUnstable } from '../report/verdict'
import { INTERRUPTED, OK, UNSTABLE } from './exit-code'
import { runExperiments } from './experiments'
import { knownName, namesHelp } from './flags'
import { wrap } from './line-wrap'
import { runDocument } from './network-document'
import { requireExport, writeDenseNetwork } from './network-export'
import { addNetworkFlags, type NetworkFlags, networkOptions } from './network-flags'
import { addOutputFlags, denseOutcome, type OutputFlags, requireOutputs, writeOutputs } from './outputs'
import { engineText, runTitle } from './run-title'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'
import { seedsText, verdictText } from './verdict-text'

const EXAMPLES = `Examples:
  evenkeel propagate --init he-normal --depth 100 --width 1024 --seeds 8 --backward
  evenkeel propagate --init normal:0.01 --input batch.npy
  evenkeel propagate --init he-normal --depth 30 --width 256 --json > he.json
  evenkeel propagate --network resnet.json --batch 16 --seeds 4 --backward --html resnet.html
  evenkeel propagate --network resnet.json --export resnet.safetensors

A network document, as evenkeel/network.schema.json has it; in its short form { "depth": 50, "width": 512 }:
  { "input": [3, 16, 16], "layers": [
    { "kind": "conv", "channels": 16, "kernel": 3 }, { "kind": "activation", "name": "relu" },
    { "kind": "repeat", "times": 8, "layers": [
      { "kind": "residual", "scale": 0.5, "layers": [
        { "kind": "batchNorm" }, { "kind": "activation", "name": "relu" },
        { "kind": "conv", "channels": 16, "kernel": 3, "init": "lecun-normal" } ] } ] },
    { "kind": "dense", "units": 10, "init": "lecun-normal", "bias": 0.1 } ] }
`

export interface PropagateFlags extends NetworkFlags, OutputFlags, GlobalFlags {
  init: string
  /** Whether somebody typed it. */
  initGiven: boolean
  export?: string
}

export function addPropagate(program: Command, session: Session): void {
  const command = program
    .command('propagate')
    .summary('one network, every number measured in it beside its theory')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .option('--init <name>', 'initialization', knownName('initialization', initNames), 'he-normal')
  command.option(
    '--export <file.safetensors>',
    'also write the first seed: weights, batch, every activation and gradient, for other programs to check',
  )
  addOutputFlags(addNetworkFlags(command)).action(async (_, command: Command) => {
    const initGiven = command.getOptionValueSource('init') === 'cli'
    session.exitCode = await run({ ...command.optsWithGlobals<PropagateFlags>(), initGiven }, session)
  })
}

async function run(flags: PropagateFlags, session: Session): Promise<number> {
  const io = terminal(session.host, flags)
  requireOutputs(flags)
  requireExport(flags.export, flags.engine)
  if (flags.network !== undefined) return runDocument(flags, flags.network, session, io)
  const options = networkOptions(flags)
  const { experiments, stopped } = await runExperiments([{ ...options, init: flags.init }], flags, io)
  const [experiment] = experiments
  if (experiment === undefined) return INTERRUPTED
  if (flags.json) io.print(JSON.stringify(withSpectrum(experiment)))
  else print(experiment, io)
  if (flags.export !== undefined) writeDenseNetwork(flags.export, { ...options, init: flags.init }, io)
  await writeOutputs(flags, denseOutcome([experiment], tablesOf(experiment)), session, io)
  if (stopped) return INTERRUPTED
  return flags.check && isUnstable(experiment.verdict) ? UNSTABLE : OK
}

function print(experiment: Experiment, io: Terminal): void {
  io.print(wrap(runTitle(experiment) + engineText([experiment]), io.columns).join('\n'))
  for (const table of tablesOf(experiment)) io.print(`\n${textTable(table, io)}`)
  io.print(`\n${verdictText(experiment, io)}`)
  if (experiment.config.seeds > 1) io.say(seedsText(experiment))
}

function tablesOf(experiment: Experiment): Table[] {
  return [...experimentTables(experiment), ...jacobianTables(experiment)]
}
