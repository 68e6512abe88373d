/** `--export`: one seed of the network with its batch, weights, activations and gradients. */

import type { NetworkOptions } from '../index'
import type { NetworkDocument } from '../networks/document'
import { exportNetwork } from '../networks/export'
import { denseDocument } from '../networks/short-form'
import type { NetworkExperimentOptions } from '../networks/spec'
import { UsageError } from './exit-code'
import { requireEnding, requireWritable, writeFile } from './output-file'
import type { Terminal } from './terminal'

/** Refuses, before the work, what could not be written. @throws FileError, UsageError */
export function requireExport(path: string | undefined, engine: NetworkOptions['engine']): void {
  if (path === undefined) return
  if (engine !== 'weights') throw new UsageError('--export expected --engine weights beside it: it writes the weights')
  requireEnding('--export', path, ['.safetensors'])
  requireWritable(path)
}

export function writeNetwork(
  path: string,
  network: NetworkDocument,
  { init, batch, input, seed }: NetworkExperimentOptions,
  io: Terminal,
): void {
  writeFile(path, exportNetwork(network, { init, batch, input, seed }))
  io.say(`The network of seed ${seed}, its activations and its gradients are in ${path}.`)
}

/** The dense network of these options, up to z of its last layer. */
export function writeDenseNetwork(path: string, options: NetworkOptions, io: Terminal): void {
  const { depth, width, widths, activation, bias } = options
  const size = widths ? { widths } : { depth: depth as number, width: width as number }
  writeNetwork(path, denseDocument('propagate', { ...size, activation, bias }), options, io)
}
