/** A copy of a model with some of its tensors drawn anew or rescaled, written a stretch at a time. */

import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { extname } from 'node:path'
import { cast, initialize } from '../index'
import type { TensorSummary } from '../inspect/summary'
import type { ByteSource } from '../io/byte-source'
import { slice, stretches } from '../io/byte-source'
import { bytesOf, hostOrder } from '../io/bytes'
import { printable } from '../io/format-error'
import { safetensorsHead } from '../io/safetensors'
import { readSafetensorsHeader, safetensorsHeaderBytes } from '../io/safetensors-header'
import { itemCount } from '../io/shape'
import { FLOAT_BYTES, type TensorStream } from '../io/tensor-stream'
import { UsageError } from './exit-code'
import { BAD_WRITE, fileError } from './file-error'
import { openFile } from './file-source'
import { requireWritable } from './output-file'
import type { Terminal } from './terminal'
import { DTYPE, openWeights } from './weight-file'

/** What becomes of a tensor. */
export type Change = { kind: 'draw'; init: string; seed: number | bigint } | { kind: 'scale'; factor: number }

/** Writes `out`, whole or not at all. @throws UsageError if it exists and is not to be replaced */
export async function writeChanged(
  path: string,
  summaries: readonly TensorSummary[],
  changes: ReadonlyMap<string, Change>,
  { out, force = false }: { out?: string; force?: boolean },
  io: Terminal,
): Promise<void> {
  if (existsSync(out!) && !force)
    throw new UsageError(`-o expected a new file, got '${out}', which exists; --force replaces it`)
  requireWritable(out!)
  const part = `${out}.part`
  try {
    const file = openSync(part, 'w')
    try {
      for await (const bytes of changedFile(path, summaries, changes, io)) writeFully(file, bytes)
    } finally {
      closeSync(file)
    }
    renameSync(part, out!)
  } catch (error) {
    rmSync(part, { force: true })
    throw fileError(BAD_WRITE, out!, error)
  }
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** The bytes of the changed model: a .safetensors file keeps its header and every tensor that is not changed, bit for bit. */
async function* changedFile(
  path: string,
  summaries: readonly TensorSummary[],
  changes: ReadonlyMap<string, Change>,
  io: Terminal,
): AsyncGenerator<Uint8Array> {
  const weights = await openWeights(path)
  try {
    const streams = new Map(weights.tensors.map((tensor) => [tensor.name, tensor]))
    const changed = (name: string) => {
      const change = changes.get(name)
      const summary = summaries.find(({ facts }) => facts.name === name)
      return change && changedValues(streams.get(name)!, change, summary!)
    }
    if (extname(path).toLowerCase() === '.safetensors') yield* copiedFile(path, changed)
    else {
      for (const { name } of weights.passedOver) io.say(printable(`Left out of the copy: '${name}'.`))
      const places = weights.tensors.map(({ name, shape, type }) => ({
        name,
        dtype: type,
        shape,
        bytes: itemCount(shape) * FLOAT_BYTES[type],
      }))
      yield safetensorsHead(places, {})
      for (const tensor of weights.tensors) yield* changed(tensor.name) ?? storedValues(tensor, (x) => x)
    }
  } finally {
    weights.close()
  }
}

async function* copiedFile(
  path: string,
  changed: (name: string) => AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<Uint8Array> {
  const source = openFile(path)
  try {
    const headerBytes = safetensorsHeaderBytes(source.read(0, 8), path)
    const head = source.read(0, headerBytes).slice()
    yield head
    for (const [name, { begin, end }] of readSafetensorsHeader(head, path).tensors)
      yield* changed(name) ?? copied(slice(source, begin, end))
  } finally {
    source.close()
  }
}

async function* copied(source: ByteSource): AsyncGenerator<Uint8Array> {
  yield* stretches(source)
}

function changedValues(tensor: TensorStream, change: Change, summary: TensorSummary): AsyncIterable<Uint8Array> {
  if (change.kind === 'scale') return storedValues(tensor, (x) => x * change.factor)
  return drawnValues(tensor, change.init, change.seed, summary)
}

/** Values through f, rounded once to the tensor's own precision. */
async function* storedValues({ type, values }: TensorStream, f: (x: number) => number): AsyncGenerator<Uint8Array> {
  for await (const part of values()) {
    const mapped = part.map(f)
    const stored = mapped instanceof Float32Array ? cast(mapped, DTYPE[type]) : mapped
    yield hostOrder(bytesOf(stored), FLOAT_BYTES[type], true)
  }
}

/** Weights of the seed, in the stream of the tensor's name. */
async function* drawnValues(
  { name, shape, type }: TensorStream,
  init: string,
  seed: number | bigint,
  { reading, facts }: TensorSummary,
): AsyncGenerator<Uint8Array> {
  const { layout, groups, transposed } = reading
  const use = {
    layout: layout!,
    ...(groups > 1 ? { groups } : {}),
    ...(transposed ? { transposed } : {}),
    ...(facts.stride === undefined ? {} : { stride: facts.stride }),
  }
  const values = initialize(init, shape, { ...use, seed, stream: name })
  yield hostOrder(bytesOf(cast(values, DTYPE[type])), FLOAT_BYTES[type], true)
}
