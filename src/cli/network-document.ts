/** `evenkeel propagate --network`: an experiment with the network of a file. */

import { readFileSync } from 'node:fs'
import { malformed } from '../io/format-error'
import type { NetworkDocument } from '../networks/document'
import { propagateNetwork } from '../networks/experiment'
import type { NetworkExperiment, NetworkLayerResult } from '../networks/result'
import { short } from '../report/number-text'
import type { Table } from '../report/table'
import { OK, UNSTABLE, UsageError } from './exit-code'
import { BAD_READ, fileError } from './file-error'
import { wrap } from './line-wrap'
import { withProgress } from './progress'
import type { PropagateFlags } from './propagate'
import type { Terminal } from './terminal'
import { textTable } from './text-table'

const OTHERS = ['depth', 'width', 'widths', 'input', 'out', 'svg', 'csv', 'html', 'workers', 'jacobian', 'yes'] as const

export function runDocument(flags: PropagateFlags, path: string, io: Terminal): number {
  for (const other of OTHERS)
    if (flags[other] !== undefined) throw new UsageError(`--network expected no --${other} beside it`)
  if (flags.learningRate !== undefined) throw new UsageError('--network expected no --learning-rate beside it')
  if (!flags.rescale)
    throw new UsageError('--network expected no --no-rescale beside it: its signal is always plain float32')
  if (flags.engine === 'law')
    throw new UsageError('--network expected no --engine law beside it: its weights are drawn')
  if (flags.bias > 0)
    throw new UsageError('--network expected no --bias beside it: each layer of the document has its own')
  if (flags.activation !== 'relu')
    throw new UsageError('--network expected no --activation beside it: it has activation layers')
  const network = readDocument(path)
  const { init, batch, seed, seeds, backward } = flags
  const experiment = withProgress(io, 'Propagating', (report) =>
    propagateNetwork(network, {
      init,
      seed,
      seeds,
      ...(batch === undefined ? {} : { batch }),
      ...(backward === undefined ? {} : { backward }),
      onProgress: ({ done, total }) => report(done / total),
    }),
  )
  if (flags.json) io.print(JSON.stringify(experiment))
  else print(experiment, path, io)
  return flags.check && experiment.verdict.code !== 'stable' ? UNSTABLE : OK
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

function print({ config, layers, verdict }: NetworkExperiment, path: string, io: Terminal): void {
  const seeds = config.seeds === 1 ? `seed ${config.seed}` : `${config.seeds} seeds from ${config.seed}`
  io.print(
    wrap(
      `${path}: ${layers.length} layers, batch ${config.batch}, ${seeds}, ${config.init} where no init is named`,
      io.columns,
    ).join('\n'),
  )
  io.print(`\n${textTable(table(layers), io)}`)
  io.print(`\n${wrap(`${verdict.code}: ${verdict.text} ${verdict.fix}`.trim(), io.columns).join('\n')}`)
}

function table(layers: readonly NetworkLayerResult[]): Table {
  const back = layers.some(({ backward }) => backward)
  const or = (value: number | null) => (value === null ? '-' : short(value, 3))
  return {
    title: 'After each layer: mean of h² and, on the way back, of (dL/dh)²',
    head: [
      'layer',
      'kind',
      'size',
      'mean of h²',
      'theory',
      'zeros',
      'cosine',
      ...(back ? ['gradient²', 'theory', '|dL/dW|'] : []),
    ],
    rows: layers.map(({ path, kind, size, forward, backward, theory }) => [
      path.replace(/layers\[(\d+)\]/g, '$1'),
      kind,
      size.join(' x '),
      short(forward.secondMoment, 3),
      or(theory.forward),
      forward.zeroFraction.toFixed(3),
      or(forward.cosine),
      ...(backward ? [short(backward.secondMoment, 3), or(theory.backward), or(backward.weightGradNorm)] : []),
    ]),
  }
}
