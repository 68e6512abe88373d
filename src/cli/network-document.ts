/** `evenkeel propagate --network`: an experiment with the network of a file. */

import { readFileSync } from 'node:fs'
import { malformed } from '../io/format-error'
import { networkCsv } from '../networks/csv'
import type { NetworkDocument } from '../networks/document'
import { documentFigure, documentText } from '../networks/figure'
import { networkExperiment } from '../networks/measure'
import type { NetworkExperiment } from '../networks/result'
import type { NetworkExperimentOptions } from '../networks/spec'
import { documentTable } from '../networks/table'
import { INTERRUPTED, OK, UNSTABLE, UsageError } from './exit-code'
import { runJobs } from './experiments'
import { BAD_READ, fileError } from './file-error'
import { readBatch } from './input-file'
import { wrap } from './line-wrap'
import { writeNetwork } from './network-export'
import { writeOutputs } from './outputs'
import { picture } from './picture'
import type { PropagateFlags } from './propagate'
import { documentJob } from './seed-jobs'
import type { Session } from './session'
import type { Terminal } from './terminal'
import { textTable } from './text-table'

const OTHERS = ['depth', 'width', 'widths', 'jacobian'] as const

export async function runDocument(
  flags: PropagateFlags,
  path: string,
  session: Session,
  io: Terminal,
): Promise<number> {
  requireNoOthers(flags)
  const network = readDocument(path)
  const options = documentOptions(flags)
  const { runs, stopped } = await runJobs([documentJob(network, options)], flags, io)
  if (runs[0].length === 0) return INTERRUPTED
  const experiment = networkExperiment('propagate', network, { ...options, seeds: runs[0].length }, runs[0])
  if (flags.json) io.print(JSON.stringify(experiment))
  else print(experiment, path, io)
  if (flags.export !== undefined) writeNetwork(flags.export, network, options, io)
  const outcome = {
    title: documentText(experiment),
    csv: () => networkCsv(experiment),
    chart: () => documentFigure(experiment),
    tables: [documentTable(experiment)],
    experiments: [experiment],
  }
  await writeOutputs(flags, outcome, session, io)
  if (stopped) return INTERRUPTED
  return flags.check && experiment.verdict.code !== 'stable' ? UNSTABLE : OK
}

function requireNoOthers(flags: PropagateFlags): void {
  for (const other of OTHERS)
    if (flags[other] !== undefined) throw new UsageError(`--network expected no --${other} beside it`)
  if (flags.learningRate !== undefined) throw new UsageError('--network expected no --learning-rate beside it')
  if (flags.engine === 'law')
    throw new UsageError('--network expected no --engine law beside it: its weights are drawn')
  if (flags.bias > 0)
    throw new UsageError('--network expected no --bias beside it: each layer of the document has its own')
  if (flags.activation !== 'relu')
    throw new UsageError('--network expected no --activation beside it: it has activation layers')
}

function documentOptions(flags: PropagateFlags): NetworkExperimentOptions {
  const { init, batch, seed, seeds, backward = false, rescale } = flags
  if (flags.input !== undefined && batch !== undefined)
    throw new UsageError('--input expected no --batch beside it: the file has its own number of samples')
  return {
    ...{ init, seed, seeds, backward, rescale },
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

function print(experiment: NetworkExperiment, path: string, io: Terminal): void {
  const { config, layers, verdict } = experiment
  const seeds = config.seeds === 1 ? `seed ${config.seed}` : `${config.seeds} seeds from ${config.seed}`
  const title = `${path}: ${layers.length} layers, batch ${config.batch}, ${seeds}, ${config.init} where no init is named`
  io.print(wrap(title, io.columns).join('\n'))
  io.print(`\n${textTable(documentTable(experiment), io)}`)
  for (const panel of documentFigure(experiment).panels) io.print(`\n${picture(panel, io)}`)
  io.print(`\n${wrap(`${verdict.code}: ${verdict.text} ${verdict.fix}`.trim(), io.columns).join('\n')}`)
}
