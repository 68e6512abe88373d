/** Weights in files, the format told by the ending. */

import { extname } from 'node:path'
import type { Dtype, Numbers } from '../index'
import { writeCsv } from '../io/csv'
import { widenBfloat16, widenFloat16 } from '../io/float16'
import { writeNpy } from '../io/npy'
import { writeNpz } from '../io/npz'
import { type TensorToWrite, writeSafetensors } from '../io/safetensors'
import { FileError, UsageError } from './exit-code'
import { requireWritable, writeFile } from './output-file'

/** What a file will hold, before it is drawn. */
export interface WantedTensor {
  name: string
  dtype: Dtype
}

export interface DrawnTensor extends WantedTensor {
  shape: readonly number[]
  values: Numbers
}

interface Format {
  /** Whether it holds tensors of any dtype, or f32 and f64 alone. */
  half: boolean
  /** Whether it holds several tensors by name. */
  many: boolean
  write(tensors: readonly DrawnTensor[]): Uint8Array | string
}

const FORMATS: Record<string, Format> = {
  '.npy': { half: false, many: false, write: ([tensor]) => writeNpy(tensor.shape, wide(tensor)) },
  '.npz': {
    half: false,
    many: true,
    write: (tensors) => writeNpz(tensors.map((t) => [t.name, { shape: t.shape, data: wide(t) }] as const)),
  },
  '.csv': { half: false, many: false, write: ([tensor]) => writeCsv(tensor.shape, wide(tensor)) },
  '.safetensors': { half: true, many: true, write: (tensors) => writeSafetensors(tensors.map(asSafetensors)) },
}

/** Writes tensors to the path in the format of its ending; what cannot be written there is refused now, before it is drawn. */
export function fileWriter(path: string, wanted: readonly WantedTensor[]): (tensors: readonly DrawnTensor[]) => void {
  const ending = extname(path).toLowerCase()
  const format = FORMATS[ending]
  if (format === undefined)
    throw new UsageError(`--out expected a name that ends in ${Object.keys(FORMATS).join(', ')}, got '${path}'`)
  if (!format.many && wanted.length !== 1)
    throw new UsageError(
      `--out expected a .safetensors or .npz file for ${wanted.length} tensors, got '${path}'; --tensor picks one`,
    )
  const half = wanted.find(({ dtype }) => dtype === 'f16' || dtype === 'bf16')
  if (half && !format.half)
    throw new UsageError(
      `--out expected a .safetensors file for '${half.name}', which is ${half.dtype}, got '${path}' (${ending} holds f32 and f64)`,
    )
  requireWritable(path)
  return (tensors) => writeFile(path, inOnePiece(path, tensors, format))
}

function inOnePiece(path: string, tensors: readonly DrawnTensor[], format: Format): Uint8Array | string {
  try {
    return format.write(tensors)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const bytes = tensors.reduce((sum, { values }) => sum + values.byteLength, 0)
    throw new FileError(
      `cannot write ${path}: ${bytes} bytes of weights are more than this engine holds in one piece; split the tensor`,
    )
  }
}

/** The values as f32, whatever their dtype: exact, but for f64 that no f32 equals. */
export function asFloat32({ dtype, values }: DrawnTensor): Float32Array {
  if (dtype === 'f16') return widenFloat16(bits(values))
  if (dtype === 'bf16') return widenBfloat16(bits(values))
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

function wide({ values }: DrawnTensor): Float32Array | Float64Array {
  return values as Float32Array | Float64Array
}

function asSafetensors({ name, dtype, shape, values }: DrawnTensor): TensorToWrite {
  if (dtype === 'f32') return { name, dtype: 'F32', shape, data: values as Float32Array }
  if (dtype === 'f64') return { name, dtype: 'F64', shape, data: values as Float64Array }
  return { name, dtype: dtype === 'f16' ? 'F16' : 'BF16', shape, data: bits(values) }
}

/** The words of 16-bit floats: a Float16Array's, where the engine has it. */
function bits(values: Numbers): Uint16Array {
  return new Uint16Array(values.buffer, values.byteOffset, values.length)
}
