/** `evenkeel inspect`: a model's weights checked; drawn anew or rescaled where they are wrong, when asked to. */

import type { Command } from 'commander'
import { initNames } from '../index'
import { stepsOf } from '../inspect/chain-report'
import { type DocumentSteps, documentSteps } from '../inspect/document-steps'
import { type Inspection, withVerdict } from '../inspect/inspect'
import { findings, judgedChain } from '../inspect/inspection'
import { measureChain } from '../inspect/measure-chain'
import { checkInspectOptions, type InspectOptions } from '../inspect/options'
import { modelValues } from '../inspect/read'
import { analyticScales } from '../inspect/rescale'
import { vectorNames } from '../inspect/steps'
import type { TensorSummary } from '../inspect/summary'
import type { Values } from '../inspect/tensor'
import { isAccused } from '../inspect/verdict'
import { printable } from '../io/format-error'
import type { WeightFile } from '../io/tensor-stream'
import { OK, UNSTABLE, UsageError } from './exit-code'
import { namesHelp } from './flags'
import { addFlags, checkFlags, declared, type InspectFlags, sampleOptions } from './inspect-flags'
import { namedSteps, STEP_WORDS } from './inspect-steps'
import { changeTables, forTerminal, inspectionTables, verdictLines } from './inspect-tables'
import { type Change, writeChanged } from './inspect-write'
import { readDocument } from './network-document'
import { progressBar } from './progress'
import type { Session } from './session'
import { type Terminal, terminal } from './terminal'
import { textTable } from './text-table'
import { type OpenWeights, openWeights, summariseFile, wholeTensor } from './weight-file'

const EXAMPLES = `Examples:
  evenkeel inspect model.safetensors
  evenkeel inspect model.json --activation tanh          TensorFlow.js, with its shards
  evenkeel inspect model.npz --layers fc1,fc2,fc3 --batch x.npy
  evenkeel inspect cnn.safetensors --batch images.npy --stride conv2.weight=2
  evenkeel inspect cnn.safetensors --batch images.npy \\
    --layers conv1.weight,batch-norm:bn1,relu,max-pool:2,flatten,fc.weight
  evenkeel inspect model.safetensors --fix he-normal -o fixed.safetensors
  evenkeel inspect model.safetensors --rescale analytic -o rescaled.safetensors

Exits with 1 when it finds a fault or a signal that vanishes or explodes.
`

export function addInspect(program: Command, session: Session): void {
  const command = program
    .command('inspect')
    .summary("check a model's weights: which recipe, which mistake, what to change")
    .argument('<file>', 'model.safetensors, model.npz, model.onnx, or model.json of TensorFlow.js')
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', STEP_WORDS)
    .addHelpText('after', namesHelp('Initializations', initNames))
  addFlags(command).action(async (path: string, _, command: Command) => {
    session.exitCode = await run(path, command.optsWithGlobals<InspectFlags>(), session)
  })
}

async function run(path: string, flags: InspectFlags, { host }: Session): Promise<number> {
  const changing = flags.fix !== undefined || flags.rescale !== undefined
  checkFlags(flags, changing)
  const io = terminal(host, flags)
  const options: InspectOptions = {
    activation: flags.activation,
    ...sampleOptions(flags),
  }
  const before = await inspectFile(path, flags, options, io)
  if (!changing) {
    io.print(flags.json ? JSON.stringify(before.inspection) : inspectionText(forTerminal(before.inspection), io))
    return isAccused(before.inspection.verdict) ? UNSTABLE : OK
  }
  const changes = wantedChanges(before, flags)
  await writeChanged(path, before.summaries, changes, flags, io)
  const after = await inspectFile(flags.out!, flags, before.options, io, before.uses)
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

/** A file's inspection, with what is needed to change it. */
interface Inspected {
  inspection: Inspection
  summaries: TensorSummary[]
  whole: Map<string, Values>
  /** Those that were given, with the file's own convention and steps. */
  options: InspectOptions
  /** What the file says of its tensors, where it says it: a copy in another format does not. */
  uses: WeightFile['uses']
}

async function inspectFile(
  path: string,
  flags: InspectFlags,
  options: InspectOptions,
  io: Terminal,
  uses?: WeightFile['uses'],
): Promise<Inspected> {
  const opened = await openWeights(path)
  try {
    const document = flags.network === undefined ? null : documentOf(flags.network, opened)
    const file = { ...opened, uses: document?.uses ?? opened.uses ?? uses }
    for (const { name, why } of file.passedOver) io.say(printable(`Passed over '${name}': ${why}.`))
    const convention = options.convention ?? file.convention
    const given = document ? documentOptions(document, options) : options
    const own = { ...given, ...stepsFor(file, given, flags.layers), convention }
    const read = declared(flags, file, vectorNames(own.steps))
    const bar = progressBar(io, `Reading ${path}`)
    const summaries = await summariseFile(file, convention, read, bar.report).finally(bar.stop)
    const whole = options.batch === undefined ? new Map<string, Values>() : await chainValues(file, summaries)
    const found = findings(
      summaries,
      own,
      modelValues((name) => whole.get(name)!),
    )
    return { inspection: withVerdict(found), summaries, whole, options: own, uses: file.uses }
  } finally {
    opened.close()
  }
}

function documentOf(path: string, { chain, tensors }: OpenWeights): DocumentSteps {
  if (chain !== undefined) throw new UsageError('--network expected a model whose file does not say its order itself')
  return documentSteps(readDocument(path), tensors)
}

/** The document's steps, and its input's sizes where the samples have none of their own. */
function documentOptions({ steps, input }: DocumentSteps, options: InspectOptions): InspectOptions {
  const { batch, inputSize = batch && input.length > 1 ? input : undefined } = options
  return { ...options, steps, inputSize }
}

/**
 * The steps that the user names, or else those that the file says. @throws UsageError for a batch where the file says that its operators are
 * no chain: what one is measured to be would be another network.
 */
function stepsFor(
  { chain, tensors }: OpenWeights,
  { steps, batch }: InspectOptions,
  layers: readonly string[] | undefined,
): Pick<InspectOptions, 'layers' | 'steps'> {
  if (layers !== undefined) return namedSteps(layers, tensors)
  if (steps !== undefined || chain === undefined) return {}
  if ('steps' in chain) return { steps: chain.steps }
  if (batch !== undefined)
    throw new UsageError(`--batch expected a model that is a chain: ${chain.broken}; name one with --layers`)
  return {}
}

/** The values of weights and of vectors, which a batch is sent through. */
async function chainValues(file: OpenWeights, summaries: readonly TensorSummary[]): Promise<Map<string, Values>> {
  const wanted = new Set(
    summaries.filter(({ reading }) => /dense|conv|vector/.test(reading.role)).map(({ facts }) => facts.name),
  )
  const whole = new Map<string, Values>()
  for (const tensor of file.tensors) if (wanted.has(tensor.name)) whole.set(tensor.name, await wholeTensor(tensor))
  return whole
}

/** Which tensors are to change, and how. */
function wantedChanges({ inspection, summaries, whole, options }: Inspected, flags: InspectFlags): Map<string, Change> {
  const { fix, seed } = flags
  if (fix !== undefined) {
    const weights = inspection.tensors.filter(({ layout, role, faults }) =>
      layout === null ? false : flags.all ? role === 'dense' || role === 'conv' : faults.length > 0,
    )
    if (weights.length === 0)
      throw new UsageError('--fix expected an accused weight, got none; --all draws every weight anew')
    return new Map(weights.map(({ name }) => [name, { kind: 'draw', init: fix, seed } as const]))
  }
  const { activation } = checkInspectOptions(options)
  const { chain } = judgedChain(summaries, options, activation)
  if (chain.broken !== null)
    throw new UsageError(`--rescale expected a chain of layers, got none: ${chain.broken}; name it with --layers`)
  const scales =
    flags.rescale === 'lsuv'
      ? measureChain(
          stepsOf(chain, activation, options),
          modelValues((name) => whole.get(name)!),
          options.batch!,
          options,
          true,
        ).scales
      : analyticScales(chain.layers, activation)
  return new Map(chain.layers.map(({ name }, l) => [name, { kind: 'scale', factor: scales[l] } as const]))
}

function inspectionText(inspection: Inspection, io: Terminal): string {
  const tables = inspectionTables(inspection).map((table) => textTable(table, io))
  return [...tables, verdictLines(inspection, io)].join('\n\n')
}
