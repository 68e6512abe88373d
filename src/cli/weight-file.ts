/** Files of weights, the format told by the ending: opened, and summed up in one pass. */

import { lstatSync, realpathSync } from 'node:fs'
import { dirname, extname, join, sep } from 'node:path'
import type { Dtype } from '../initializers/precision'
import type { Convention } from '../inspect/role'
import { openSummary, type TensorSummary } from '../inspect/summary'
import type { TensorFacts } from '../inspect/tensor'
import { malformed } from '../io/format-error'
import { streamNpz } from '../io/npz-stream'
import { streamSafetensors } from '../io/safetensors-stream'
import { itemCount } from '../io/shape'
import type { FloatType, TensorStream, WeightFile } from '../io/tensor-stream'
import { readTfjsManifest } from '../io/tfjs-manifest'
import { streamTfjs } from '../io/tfjs-stream'
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
  if (kind !== '.safetensors' && kind !== '.npz')
    return malformed(
      path,
      'name',
      'one that ends in .safetensors, .npz or .json (TensorFlow.js)',
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
  const groups = readTfjsManifest(new TextDecoder().decode(readBytes(path)), path)
  const shards: FileSource[] = []
  const close = () => {
    for (const shard of shards) shard.close()
  }
  try {
    const file = streamTfjs(
      groups,
      (name) => {
        const shard = openFile(inside(path, name))
        shards.push(shard)
        return shard
      },
      path,
    )
    return { ...withoutEmpty(file), convention: 'in-out', close }
  } catch (error) {
    close()
    throw error
  }
}

/** The path of a shard. A link that leads out of the model's folder is refused: the manifest comes from a stranger. */
function inside(model: string, name: string): string {
  const path = join(dirname(model), name)
  try {
    lstatSync(path)
    const [real, root] = [realpathSync(path), realpathSync(dirname(model))]
    if (!real.startsWith(root.endsWith(sep) ? root : root + sep))
      malformed(model, 'shard', 'a file below the folder of model.json', `a link to ${real}`)
    return path
  } catch (error) {
    throw fileError(BAD_READ, path, error)
  }
}

function withoutEmpty(file: WeightFile): WeightFile {
  const empty = ({ shape }: TensorStream) => itemCount(shape) === 0
  return {
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
