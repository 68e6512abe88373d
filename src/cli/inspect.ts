/** `evenkeel inspect`: a model's weights checked; drawn anew or rescaled where they are wrong, when asked to. */

import { type Command, Option } from 'commander'
import { activation as resolve } from '../activations/resolve'
import { activationNames, initNames } from '../index'
import { type Inspection, withVerdict } from '../inspect/inspect'
import { findings, type InspectOptions, judgedChain, measure } from '../inspect/inspection'
import { layerValues } from '../inspect/read'
import { analyticScales } from '../inspect/rescale'
import type { Convention } from '../inspect/role'
import type { TensorSummary } from '../inspect/summary'
import type { Values } from '../inspect/tensor'
import { isAccused } from '../inspect/verdict'
import { printable } from '../io/format-error'
import { OK, UNSTABLE, UsageError } from './exit-code'
import { integerFrom, knownName, namesHelp, seed } from './flags'
import { readBatch } from './input-file'
import { changeTables, forTerminal, inspectionTables, verdictLines } from './inspect-tables'
import { type Change, writeChanged } from './inspect-write'
import { progressBar } from './progress'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'
import { textTable } from './text-table'
import { type OpenWeights, openWeights, summariseFile, wholeTensor } from './weight-file'

const EXAMPLES = `Examples:
  evenkeel inspect model.safetensors
  evenkeel inspect model.json --activation tanh          TensorFlow.js, with its shards
  evenkeel inspect model.npz --layers fc1,fc2,fc3 --batch x.npy
  evenkeel inspect model.safetensors --fix he-normal -o fixed.safetensors
  evenkeel inspect model.safetensors --rescale analytic -o rescaled.safetensors

Exits with 1 when it finds a fault or a signal that vanishes or explodes.
`

export interface InspectFlags extends GlobalFlags {
  activation: string
  batch?: string
  layers?: string[]
  layout?: string[]
  groups?: number
  transposed?: string[]
  fix?: string
  all?: boolean
  rescale?: 'analytic' | 'lsuv'
  out?: string
  force?: boolean
  seed: number | bigint
}

export function addInspect(program: Command, session: Session): void {
  const list = (text: string) => text.split(',').map((part) => part.trim())
  program
    .command('inspect')
    .summary("check a model's weights: which recipe, which mistake, what to change")
    .argument('<file>', 'model.safetensors, model.npz, or model.json of TensorFlow.js')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .option('--activation <name>', 'of every layer', knownName('activation', activationNames), 'relu')
    .option('--batch <file>', 'samples x features, .npy or .csv, sent through a chain of dense layers')
    .option('--layers <names>', "the chain's weights from the input up, with commas", list)
    .option('--layout <letters>', 'of tensors of that many axes, as in IO or OI,HWIO', list)
    .option('--groups <n>', 'groups of every convolution whose outputs they divide', integerFrom(1))
    .option('--transposed <names>', 'kernels of transposed convolutions, with commas', list)
    .option('--fix <init>', 'draw the accused weights anew', knownName('initialization', initNames))
    .option('--all', 'with --fix: all dense and convolution weights')
    .addOption(new Option('--rescale <how>', 'scale the chain; lsuv needs --batch').choices(['analytic', 'lsuv']))
    .option('-o, --out <file>', 'where --fix and --rescale write, a .safetensors file')
    .option('--force', 'let --out be a file that exists')
    .option('--seed <n>', 'of --fix', seed, 0)
    .action(async (path: string, _, command: Command) => {
      session.exitCode = await run(path, command.optsWithGlobals<InspectFlags>(), session)
    })
}

async function run(path: string, flags: InspectFlags, { host }: Session): Promise<number> {
  const changing = flags.fix !== undefined || flags.rescale !== undefined
  checkFlags(flags, changing)
  const io = terminal(host, flags)
  const options: InspectOptions = {
    activation: flags.activation,
    layers: flags.layers,
    ...(flags.batch === undefined ? {} : { batch: readBatch(flags.batch) }),
  }
  const before = await inspectFile(path, flags, options, io)
  if (!changing) {
    io.print(flags.json ? JSON.stringify(before.inspection) : inspectionText(forTerminal(before.inspection), io))
    return isAccused(before.inspection.verdict) ? UNSTABLE : OK
  }
  const changes = wantedChanges(before, flags, options)
  await writeChanged(path, before.summaries, changes, flags, io)
  const after = await inspectFile(flags.out!, flags, { ...options, convention: before.convention }, io)
  const [from, to] = [before.inspection, after.inspection]
  const names = [...changes.keys()]
  if (flags.json)
    io.print(JSON.stringify({ schemaVersion: 1, changed: names, out: flags.out, before: from, after: to }))
  else {
    const tables = changeTables(forTerminal(from), forTerminal(to), names.map(printable))
    for (const table of tables) io.print(`${textTable(table, io)}\n`)
    io.print(verdictLines(forTerminal(to), io))
  }
  return isAccused(to.verdict) ? UNSTABLE : OK
}

function checkFlags({ fix, rescale, out, batch, all }: InspectFlags, changing: boolean): void {
  if (fix !== undefined && rescale !== undefined)
    throw new UsageError('--fix expected no --rescale beside it: one after the other')
  if (changing && out === undefined)
    throw new UsageError('--fix and --rescale expected -o with a .safetensors file to write')
  if (!changing && out !== undefined) throw new UsageError('-o expected --fix or --rescale beside it')
  if (changing && !out!.toLowerCase().endsWith('.safetensors'))
    throw new UsageError(`-o expected a name that ends in .safetensors, got '${out}'`)
  if (rescale === 'lsuv' && batch === undefined)
    throw new UsageError('--rescale lsuv expected --batch beside it: the data set the scale')
  if (all && fix === undefined) throw new UsageError('--all expected --fix beside it')
}

/** A file's inspection, with what is needed to change it. */
interface Inspected {
  inspection: Inspection
  summaries: TensorSummary[]
  whole: Map<string, Values>
  convention: Convention
}

async function inspectFile(
  path: string,
  flags: InspectFlags,
  options: InspectOptions,
  io: Terminal,
): Promise<Inspected> {
  const file = await openWeights(path)
  try {
    for (const { name, why } of file.passedOver) io.say(printable(`Passed over '${name}': ${why}.`))
    const read = declared(flags, file)
    const convention = options.convention ?? file.convention
    const bar = progressBar(io, `Reading ${path}`)
    const summaries = await summariseFile(file, convention, read, bar.report).finally(bar.stop)
    const whole = options.batch === undefined ? new Map<string, Values>() : await chainValues(file, summaries)
    const found = findings(
      summaries,
      { ...options, convention },
      layerValues((name) => whole.get(name)!),
    )
    return { inspection: withVerdict(found), summaries, whole, convention }
  } finally {
    file.close()
  }
}

/** What the flags say of a tensor. */
function declared({ layout, groups, transposed }: InspectFlags, { tensors }: OpenWeights) {
  const unknown = transposed?.find((name) => !tensors.some((tensor) => tensor.name === name))
  if (unknown !== undefined) throw new UsageError(`--transposed expected names of tensors, got '${unknown}'`)
  return ({ name, shape }: { name: string; shape: number[] }) => {
    const letters = layout?.find((text) => text.length === shape.length)
    const divided =
      groups !== undefined &&
      shape.length > 2 &&
      shape.every((size, axis) => letters?.[axis] !== 'O' || size % groups === 0)
    return {
      ...(letters === undefined ? {} : { layout: letters }),
      ...(divided ? { groups } : {}),
      ...(transposed?.includes(name) ? { transposed: true } : {}),
    }
  }
}

/** The values of dense weights and of vectors, which a batch is sent through. */
async function chainValues(file: OpenWeights, summaries: readonly TensorSummary[]): Promise<Map<string, Values>> {
  const wanted = new Set(
    summaries.filter(({ reading }) => /dense|vector/.test(reading.role)).map(({ facts }) => facts.name),
  )
  const whole = new Map<string, Values>()
  for (const tensor of file.tensors) if (wanted.has(tensor.name)) whole.set(tensor.name, await wholeTensor(tensor))
  return whole
}

/** Which tensors are to change, and how. */
function wantedChanges(
  { inspection, summaries, whole }: Inspected,
  flags: InspectFlags,
  options: InspectOptions,
): Map<string, Change> {
  const { fix, seed } = flags
  if (fix !== undefined) {
    const weights = inspection.tensors.filter(({ layout, role, faults }) =>
      layout === null ? false : flags.all ? role === 'dense' || role === 'conv' : faults.length > 0,
    )
    if (weights.length === 0)
      throw new UsageError('--fix expected an accused weight, got none; --all draws every weight anew')
    return new Map(weights.map(({ name }) => [name, { kind: 'draw', init: fix, seed } as const]))
  }
  const activation = resolve(flags.activation)
  const { chain } = judgedChain(summaries, options.layers, activation)
  if (chain.broken !== null)
    throw new UsageError(`--rescale expected a chain of layers, got none: ${chain.broken}; name it with --layers`)
  const scales =
    flags.rescale === 'lsuv'
      ? measure(
          chain.layers,
          activation,
          options.batch!,
          options,
          layerValues((name) => whole.get(name)!),
          true,
        ).scales
      : analyticScales(chain.layers, activation)
  return new Map(chain.layers.map(({ name }, l) => [name, { kind: 'scale', factor: scales[l] } as const]))
}

function inspectionText(inspection: Inspection, io: Terminal): string {
  const tables = inspectionTables(inspection).map((table) => textTable(table, io))
  return [...tables, verdictLines(inspection, io)].join('\n\n')
}
