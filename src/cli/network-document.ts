/** `evenkeel propagate --network` and `compare --network`: experiments with the network of a file. */

import { readFileSync } from 'node:fs'
import { malformed } from '../io/format-error'
import { networkCsv } from '../networks/csv'
import type { LayerDocument, NetworkDocument } from '../networks/document'
import { documentFigure, documentText, trunk } from '../networks/figure'
import { networkExperiment } from '../networks/measure'
import type { NetworkExperiment } from '../networks/result'
import { networkSeedsFor } from '../networks/seeds-needed'
import type { NetworkExperimentOptions } from '../networks/spec'
import { documentComparison, documentTable } from '../networks/table'
import { jacobianTables, withSpectrum } from '../report/jacobian-table'
import { magnitudeFigure } from '../report/magnitude-figure'
import { spectrumFigure } from '../report/spectrum-figure'
import type { Table } from '../report/table'
import { isUnstable } from '../report/verdict'
import type { CompareFlags } from './compare'
import { INTERRUPTED, OK, UNSTABLE, UsageError } from './exit-code'
import { runJobs } from './experiments'
import { BAD_READ, fileError } from './file-error'
import { readBatch } from './input-file'
import { wrap } from './line-wrap'
import { writeNetwork } from './network-export'
import type { NetworkFlags } from './network-flags'
import { type Outcome, type OutputFlags, writeOutputs } from './outputs'
import { picture } from './picture'
import type { PropagateFlags } from './propagate'
import { documentJob } from './seed-jobs'
import type { Session } from './session'
import type { Terminal } from './terminal'
import { textTable } from './text-table'
import { neededText, verdictText } from './verdict-text'

const OTHERS = ['depth', 'width', 'widths'] as const

type DocumentFlags = NetworkFlags & OutputFlags

export async function runDocument(
  flags: PropagateFlags,
  path: string,
  session: Session,
  io: Terminal,
): Promise<number> {
  const { network, experiments, stopped } = await documentExperiments(flags, path, [flags.init], flags.initGiven, io)
  const [experiment] = experiments
  if (experiment === undefined) return INTERRUPTED
  const tables = [documentTable(experiment), ...jacobianTables(experiment)]
  if (flags.json) io.print(JSON.stringify(withSpectrum(experiment)))
  else print(experiments, tables, path, io)
  if (flags.export !== undefined) writeNetwork(flags.export, network, documentOptions(flags, flags.init), io)
  await writeOutputs(flags, outcomeOf(experiments, tables), session, io)
  return ending(flags, experiments, stopped)
}

/** The same document under several initializations of the layers that name none. */
export async function compareDocument(
  flags: CompareFlags,
  path: string,
  session: Session,
  io: Terminal,
): Promise<number> {
  const { experiments, stopped } = await documentExperiments(flags, path, flags.init, flags.init.length > 1, io)
  if (experiments.length === 0) return INTERRUPTED
  const runs = experiments.map(({ schemaVersion: _, ...run }) => ({ init: run.config.init, ...run }))
  if (flags.json) io.print(JSON.stringify({ schemaVersion: 1, runs }))
  else print(experiments, documentComparison(experiments), path, io)
  await writeOutputs(flags, outcomeOf(experiments, documentComparison(experiments)), session, io)
  return ending(flags, experiments, stopped)
}

/** `asked`: --init is to make a difference. */
async function documentExperiments(
  flags: DocumentFlags,
  path: string,
  inits: readonly string[],
  asked: boolean,
  io: Terminal,
) {
  requireNoOthers(flags)
  const network = readDocument(path)
  const options = inits.map((init) => documentOptions(flags, init))
  const jobs = options.map((each) => documentJob(network, each))
  if (asked && namesAll(network))
    throw new UsageError('--network expected a layer without an init for --init to differ in: all of them name one')
  const { runs, stopped } = await runJobs(jobs, flags, io)
  const experiments = runs.flatMap((found, i) =>
    found.length === 0 ? [] : [networkExperiment('propagate', network, { ...options[i], seeds: found.length }, found)],
  )
  return { network, experiments, stopped }
}

/** Whether every layer with weights names its initializer. */
function namesAll(network: NetworkDocument): boolean {
  const named = (layer: LayerDocument): boolean =>
    'layers' in layer
      ? layer.layers.every(named)
      : !(layer.kind === 'dense' || layer.kind === 'conv') || layer.init !== undefined
  return 'layers' in network ? network.layers.every(named) : network.init !== undefined
}

function outcomeOf(experiments: readonly NetworkExperiment[], tables: readonly Table[]): Outcome {
  return {
    title: documentText(experiments[0]),
    csv: () => networkCsv(experiments),
    chart: () => documentFigure(experiments),
    spectrum: () => spectrumFigure(experiments),
    magnitudes: () => magnitudeFigure(experiments.map((each) => ({ ...each, layers: trunk(each.layers) }))),
    ...{ tables, experiments },
  }
}

function ending({ check }: DocumentFlags, experiments: readonly NetworkExperiment[], stopped: boolean): number {
  if (stopped) return INTERRUPTED
  return check && experiments.some(({ verdict }) => isUnstable(verdict)) ? UNSTABLE : OK
}

function requireNoOthers(flags: DocumentFlags): void {
  for (const other of OTHERS)
    if (flags[other] !== undefined) throw new UsageError(`--network expected no --${other} beside it`)
  if (flags.engine === 'law')
    throw new UsageError('--network expected no --engine law beside it: its weights are drawn')
  if (flags.bias > 0)
    throw new UsageError('--network expected no --bias beside it: each layer of the document has its own')
  if (flags.activation !== 'relu')
    throw new UsageError('--network expected no --activation beside it: it has activation layers')
}

function documentOptions(flags: DocumentFlags, init: string): NetworkExperimentOptions {
  const { batch, seed, seeds, backward = false, rescale, learningRate, jacobian } = flags
  if (flags.input !== undefined && batch !== undefined)
    throw new UsageError('--input expected no --batch beside it: the file has its own number of samples')
  return {
    ...{ init, seed, seeds, backward, rescale },
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(jacobian === undefined ? {} : { jacobian: jacobian === 'exact' ? jacobian : { probes: jacobian } }),
    ...(flags.input === undefined ? {} : { input: readBatch(flags.input) }),
    ...(batch === undefined ? {} : { batch }),
  }
}

/** @throws FileError or FormatError */
export function readDocument(path: string): NetworkDocument {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(BAD_READ, path, error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    return malformed(path, 'content', 'JSON', (error as Error).message)
  }
}

function print(experiments: readonly NetworkExperiment[], tables: readonly Table[], path: string, io: Terminal): void {
  const [{ config, layers }] = experiments
  const seeds = config.seeds === 1 ? `seed ${config.seed}` : `${config.seeds} seeds from ${config.seed}`
  const inits = experiments.map((experiment) => experiment.config.init).join(', ')
  const title = `${path}: ${layers.length} layers, batch ${config.batch}, ${seeds}, ${inits} where no init is named`
  io.print(wrap(title, io.columns).join('\n'))
  for (const table of tables) io.print(`\n${textTable(table, io)}`)
  for (const panel of documentFigure(experiments).panels) io.print(`\n${picture(panel, io)}`)
  for (const experiment of experiments) io.print(`\n${verdictText(experiment, io)}`)
  if (config.seeds > 1)
    for (const experiment of experiments) io.say(neededText(experiment.config.init, networkSeedsFor(experiment)))
}
