/** `evenkeel race`: the same training under each initialization, over a sweep of learning rates. */

import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { initNames } from '../index'
import type { LayeredNetwork } from '../networks/document'
import { short } from '../report/number-text'
import { methodNames } from '../training/contender'
import { bestLosses, lossFigure, raceText } from '../training/figure'
import type { Race } from '../training/result'
import { type RaceOptions, type RacePreset, racePresets } from '../training/spec'
import { AS_WRITTEN } from '../training/subject'
import { layerTables, lsuvTables, rateTables, summaryTable } from '../training/tables'
import { INTERRUPTED, OK } from './exit-code'
import { integerFrom, knownNames, namesHelp, nonNegative, seed } from './flags'
import { untilInterrupted } from './interrupt'
import { wrap } from './line-wrap'
import { readDocument } from './network-document'
import { requireFigure, writeFile } from './output-file'
import { picture } from './picture'
import { progressBar } from './progress'
import { addDataFlags, type DataFlags, dataOptions } from './race-data'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'

const EXAMPLES = `Examples:
  evenkeel race --preset he2015-30
  evenkeel race --init he-normal,xavier-simple --depth 30 --width 64 --rates 1e-3,1e-2 --steps 300
  evenkeel race --init xavier-simple,lsuv,residual,fixup --depth 30 --width 64 --steps 300
  evenkeel race --depth 10 --input features.npy --targets labels.npy --optimizer adam
  evenkeel race --network net.json --input images.npy --targets labels.npy --rates 1e-3,1e-2

Every initialization is trained on the same samples in the same order, at every rate: one rate
alone would prove nothing. A preset settles all but --init, --seed and --seeds.
A network of a file has its own sizes and activations: as in propagate --network, --init is for
the layers that name none.
`

const METHODS = `
Beside them, each with a base of its own or another after a colon, as in lsuv:he-normal:
  lsuv, lsuv-post   each layer scaled on data to a second moment of 1 before, or after, the activation
  residual          x + F(x), F two dense layers; an even --depth
  residual-scaled   x + F(x)/sqrt(branches)
  fixup, skip-init  x + a F(x), a trained from 1 with F 0 at first, or from 0
With --network lsuv, and for its residual layers residual-scaled, fixup and skip-init; and as-written
where every layer names its initialization.`

interface RaceFlags extends DataFlags, GlobalFlags {
  preset?: RacePreset
  init?: string[]
  network?: string
  depth?: number
  width?: number
  activation?: string
  rates?: number[]
  optimizer?: RaceOptions['optimizer']
  momentum?: number
  loss?: RaceOptions['loss']
  steps?: number
  batch?: number
  threshold?: number
  targetLoss?: number
  seed: number | bigint
  seeds?: number
  threads: number
  svg?: string
}

export function addRace(program: Command, session: Session): void {
  addFlags(program.command('race'))
    .summary('trains a deep network under several initializations, the learning rate swept')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .addHelpText('after', METHODS)
    .action(async (_, command: Command) => {
      session.exitCode = await run(command.optsWithGlobals<RaceFlags>(), session)
    })
}

function addFlags(command: Command): Command {
  const names = knownNames('initialization', [...initNames, ...methodNames, AS_WRITTEN])
  const sized = command
    .addOption(new Option('--preset <name>', 'a settled race').choices(Object.keys(racePresets)))
    .option('--init <names>', 'initializations, with commas between them (default: he-normal,xavier-simple)', names)
    .option('--network <file>', 'layers from a JSON document, the last one of a unit for each class')
    .addOption(new Option('--depth <n>', 'layers (default: 30)').argParser(integerFrom(2)))
    .addOption(new Option('--width <n>', 'units of each hidden layer (default: 128)').argParser(integerFrom(1)))
    .option('--activation <name>', 'of every hidden layer (default: relu)')
    .option('--rates <x,x,...>', 'learning rates (default: 1e-4,3e-4,1e-3,3e-3,1e-2,3e-2,1e-1)', numbers)
    .addOption(new Option('--optimizer <name>', 'default: sgd').choices(['sgd', 'adam']))
    .option('--momentum <x>', 'of sgd (default: 0.9)', nonNegative)
    .addOption(
      new Option('--loss <name>', 'default: what suits the data').choices(['softmax-cross-entropy', 'mean-square']),
    )
    .option('--steps <n>', 'batches to train on (default: 600)', integerFrom(1))
    .option('--batch <n>', 'samples of a batch (default: 64)', integerFrom(1))
  return addDataFlags(sized)
    .option('--threshold <x>', 'accuracy from which on a rate trains (default: 0.9)', nonNegative)
    .option('--target-loss <x>', 'loss to count steps up to (default: 0.1)', nonNegative)
    .option('--seed <n>', 'the first seed', seed, 0)
    .option('--seeds <n>', 'networks for each rate (default: 1, with a preset 2)', integerFrom(1))
    .option(
      '--threads <n>',
      'networks trained at once; no number depends on it',
      integerFrom(1),
      availableParallelism(),
    )
    .option('--svg <file>', 'also write the figure of the losses')
}

/** '1e-3,1e-2' as numbers. */
function numbers(text: string): number[] {
  const values = text.split(',').map((part) => nonNegative(part.trim()))
  if (values.every((value) => value > 0)) return values
  throw new InvalidArgumentError('Expected numbers > 0 with commas between them.')
}

async function run(flags: RaceFlags, { host }: Session): Promise<number> {
  const io = terminal(host, flags)
  requireFigure(flags.svg)
  const options = raceOptions(flags)
  const progress = progressBar(io, 'Training')
  // a library that other commands need not load
  const { raceOnThreads } = await import('./race-workers')
  const { race, trained, total } = await untilInterrupted((signal) =>
    raceOnThreads(options, {
      threads: flags.threads,
      signal,
      report: (share, { init, rate }, { loss }) => progress.report(share, `${init} at ${rate}: loss ${short(loss)}`),
    }),
  ).finally(progress.stop)
  if (race === undefined) {
    io.say(`Interrupted: ${trained} of ${total} networks were trained.`)
    return INTERRUPTED
  }
  if (flags.json) io.print(JSON.stringify(race))
  else print(race, io)
  if (flags.svg !== undefined) await writeFigure(flags.svg, race, io)
  return OK
}

function raceOptions(flags: RaceFlags): RaceOptions {
  const { preset, init, network, depth, width, activation, rates, optimizer, momentum, loss } = flags
  const { steps, batch, threshold, targetLoss, seed, seeds } = flags
  const size = { depth, width, activation, rates, optimizer, momentum, loss, steps, batch, threshold, targetLoss }
  const document = network === undefined ? undefined : readDocument(network)
  return {
    preset,
    inits: init,
    seed,
    seeds,
    network: document,
    ...size,
    data: dataOptions(flags, sampleSize(document)),
  }
}

/** What a document says of its input; it is checked later, and may be anything yet. */
function sampleSize(network: unknown): readonly number[] | undefined {
  const { input } = Object(network) as Partial<LayeredNetwork>
  return Array.isArray(input) ? input : undefined
}

function print(race: Race, io: Terminal): void {
  io.print(wrap(raceText(race), io.columns).join('\n'))
  const tables = [summaryTable(race), ...rateTables(race), ...layerTables(race), ...lsuvTables(race)]
  for (const table of tables) io.print(`\n${textTable(table, io)}`)
  io.print(`\n${picture(bestLosses(race), io)}`)
  io.print(`\n${wrap(race.verdict.text, io.columns).join('\n')}`)
}

async function writeFigure(path: string, race: Race, io: Terminal): Promise<void> {
  const [{ parseHTML }, { lossChart }, { svgText }] = await Promise.all([
    import('linkedom'),
    import('../charts/loss-chart'),
    import('../charts/svg-text'),
  ])
  const document = parseHTML('<html></html>').document as unknown as Document
  writeFile(path, svgText(lossChart(lossFigure(race), { document, width: 1200 })))
  io.say(`The figure is in ${path}.`)
}
