import { type ByteSource, stretches } from './byte-source'
import { copyBytes, hostOrder } from './bytes'
import { widenBfloat16, widenFloat16 } from './float16'
import type { ModelChain, Pads } from './model-step'

/** Items of a stream of floats, as files name them. */
export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16'

export const FLOAT_BYTES: Record<FloatType, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 }

/** A tensor of floats in a file, row-major, read a stretch at a time. */
export interface TensorStream {
  name: string
  shape: number[]
  type: FloatType
  /** The values, 16-bit ones widened; fresh arrays. Each call begins anew. */
  values(): AsyncIterable<Float32Array | Float64Array> | Iterable<Float32Array | Float64Array>
}

/** A tensor that is not of floats, or that cannot be read as such, and why. */
export interface PassedOver {
  name: string
  shape: number[]
  why: string
}

/** What a file says that a tensor is for; `layout` has a letter for each axis, as in 'OI' or 'OIHW'. */
export interface TensorUse {
  role: 'dense' | 'conv' | 'recurrent' | 'embedding' | 'vector'
  layout?: string
  groups?: number
  transposed?: boolean
  stride?: readonly number[]
  /** Of a convolution. */
  pads?: Pads
  dilation?: readonly number[]
}

/** What a file of weights holds, in its order. */
export interface WeightFile {
  tensors: TensorStream[]
  passedOver: PassedOver[]
  /** By names of tensors, where the file says it. */
  uses?: ReadonlyMap<string, TensorUse>
  /** What the file says of the order of its operators, where it does. */
  chain?: ModelChain
}

/** The floats of a source that holds nothing else. */
export function* floats(
  source: ByteSource,
  type: FloatType,
  littleEndian = true,
): Generator<Float32Array | Float64Array> {
  for (const bytes of stretches(source)) yield widened(bytes, type, littleEndian)
}

/** The floats of whole items; fresh memory. */
export function widened(
  bytes: Uint8Array,
  type: FloatType,
  littleEndian = true,
): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  const { buffer } = hostOrder(copyBytes(bytes), FLOAT_BYTES[type], littleEndian)
  if (type === 'F64') return new Float64Array(buffer)
  if (type === 'F32') return new Float32Array(buffer)
  return type === 'F16' ? widenFloat16(new Uint16Array(buffer)) : widenBfloat16(new Uint16Array(buffer))
}
