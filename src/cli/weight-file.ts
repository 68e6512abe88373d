/** Files of weights, the format told by the ending: opened, and summed up in one pass. */

import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, extname, join, sep } from 'node:path'
import type { Dtype } from '../initializers/precision'
import type { Convention } from '../inspect/role'
import { openSummary, type TensorSummary } from '../inspect/summary'
import type { TensorFacts } from '../inspect/tensor'
import { malformed } from '../io/format-error'
import { streamNpz } from '../io/npz-stream'
import { streamOnnx } from '../io/onnx-stream'
import { streamSafetensors } from '../io/safetensors-stream'
import { itemCount } from '../io/shape'
import type { FloatType, TensorStream, WeightFile } from '../io/tensor-stream'
import { readTfjsManifest } from '../io/tfjs-manifest'
import { streamTfjs } from '../io/tfjs-stream'
import { tfjsTopology } from '../io/tfjs-topology'
import { BAD_READ, fileError } from './file-error'
import { type FileSource, openFile } from './file-source'
import { readBytes } from './input-file'

export const DTYPE: Record<FloatType, Dtype> = { F64: 'f64', F32: 'f32', F16: 'f16', BF16: 'bf16' }

/** An open file of weights. */
export interface OpenWeights extends WeightFile {
  convention: Convention
  close(): void
}

/** @throws FileError or FormatError */
export async function openWeights(path: string): Promise<OpenWeights> {
  const kind = extname(path).toLowerCase()
  if (kind === '.json') return openTfjs(path)
  if (kind === '.onnx') return openOnnx(path)
  if (kind !== '.safetensors' && kind !== '.npz')
    return malformed(
      path,
      'name',
      'one that ends in .safetensors, .npz, .onnx or .json (TensorFlow.js)',
      kind ? `'${kind}'` : 'no ending',
    )
  const source = openFile(path)
  try {
    const file = kind === '.npz' ? await streamNpz(source, path) : streamSafetensors(source, path)
    return { ...withoutEmpty(file), convention: 'out-in', close: source.close }
  } catch (error) {
    source.close()
    throw error
  }
}

function openTfjs(path: string): OpenWeights {
  const text = new TextDecoder().decode(readBytes(path))
  const groups = readTfjsManifest(text, path)
  const names = new Set(groups.flatMap(({ weights }) => weights.map(({ name }) => name)))
  return withParts(path, 'in-out', (part) => ({ ...streamTfjs(groups, part, path), ...tfjsTopology(text, names) }))
}

function openOnnx(path: string): OpenWeights {
  const source = openFile(path)
  return withParts(path, 'out-in', (part) => streamOnnx(source, part, path), [source])
}

/** A model whose values lie in other files beside it, each opened once. */
function withParts(
  path: string,
  convention: Convention,
  read: (part: (name: string) => FileSource) => WeightFile,
  open: FileSource[] = [],
): OpenWeights {
  const parts = new Map<string, FileSource>()
  const close = () => {
    for (const source of [...open, ...parts.values()]) source.close()
  }
  const part = (name: string) => {
    const known = parts.get(name) ?? openFile(inside(path, name))
    parts.set(name, known)
    return known
  }
  try {
    return { ...withoutEmpty(read(part)), convention, close }
  } catch (error) {
    close()
    throw error
  }
}

/** The path of a part. One that leads out of the model's folder, as by a link, is refused: the model comes from a stranger. */
function inside(model: string, name: string): string {
  const path = join(dirname(model), name)
  try {
    lstatSync(path)
    const [real, root] = [realpathSync(path), realpathSync(dirname(model))]
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
      malformed(model, 'shard', `a file below the folder of ${basename(model)}`, `a link to ${real}`)
    return path
  } catch (error) {
    throw fileError(BAD_READ, path, error)
  }
}

function withoutEmpty(file: WeightFile): WeightFile {
  const empty = ({ shape }: TensorStream) => itemCount(shape) === 0
  return {
    ...file,
    tensors: file.tensors.filter((tensor) => !empty(tensor)),
    passedOver: [
      ...file.passedOver,
      ...file.tensors.filter(empty).map(({ name, shape }) => ({ name, shape, why: 'it is empty' })),
    ],
  }
}

/** One pass over every tensor; `facts` adds what the user has declared of it. */
export async function summariseFile(
  { tensors }: OpenWeights,
  convention: Convention,
  facts: (tensor: TensorStream) => Partial<TensorFacts>,
  report: (share: number) => void,
): Promise<TensorSummary[]> {
  const total = tensors.reduce((sum, { shape }) => sum + itemCount(shape), 0)
  const summaries: TensorSummary[] = []
  let done = 0
  for (const tensor of tensors) {
    const { name, shape, type } = tensor
    const open = openSummary({ name, shape, ...facts(tensor) }, convention, DTYPE[type])
    for await (const values of tensor.values()) {
      open.push(values)
      done += values.length
      report(done / total)
    }
    summaries.push(open.close())
  }
  return summaries
}

/** All values of one tensor. */
export async function wholeTensor({ shape, type, values }: TensorStream): Promise<Float32Array | Float64Array> {
  const whole = type === 'F64' ? new Float64Array(itemCount(shape)) : new Float32Array(itemCount(shape))
  let at = 0
  for await (const part of values()) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
