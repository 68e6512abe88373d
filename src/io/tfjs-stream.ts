import { type ByteSource, joined, slice, stretches } from './byte-source'
import { copyBytes, hostOrder } from './bytes'
import { malformed } from './format-error'
import { itemCount } from './shape'
import { type FloatType, floats, type WeightFile } from './tensor-stream'
import type { TfjsGroup, TfjsWeight } from './tfjs-manifest'

/** Bytes an item of a dtype takes in a shard. */
const ITEM_BYTES: Record<string, number> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint8: 1,
  uint16: 2,
  bool: 1,
  complex64: 8,
}

/**
 * The weights of a TensorFlow.js model: the manifest's, from its shards, `open` giving each by its path.
 * float32 and float16 are read; uint8 and uint16 of quantized floats as q scale + min; others are passed over.
 * @throws FormatError if a dtype is unknown, or a group's shards hold more or fewer bytes than its weights
 */
export function streamTfjs(
  groups: readonly TfjsGroup[],
  open: (path: string) => ByteSource,
  where = 'tfjs',
): WeightFile {
  const file: WeightFile = { tensors: [], passedOver: [] }
  for (const { paths, weights } of groups) {
    const bytes = joined(paths.map(open))
    let at = 0
    for (const weight of weights) {
      const end = at + itemCount(weight.shape) * itemBytes(weight, where)
      if (!(end <= bytes.size))
        malformed(where, `shards ${paths.join(', ')}`, `at least ${end} bytes, as the manifest says`, `${bytes.size}`)
      add(file, weight, slice(bytes, at, end))
      at = end
    }
    if (at !== bytes.size)
      malformed(where, `shards ${paths.join(', ')}`, `${at} bytes, as the manifest says`, `${bytes.size}`)
  }
  return file
}

function itemBytes({ name, dtype, quantization }: TfjsWeight, where: string): number {
  const stored = quantization?.dtype ?? dtype
  if (!Object.hasOwn(ITEM_BYTES, stored))
    malformed(`${where}: weight '${name}'`, 'dtype', Object.keys(ITEM_BYTES).join(', '), stored)
  return ITEM_BYTES[stored]
}

function add(file: WeightFile, { name, shape, dtype, quantization }: TfjsWeight, source: ByteSource): void {
  const plain: Record<string, FloatType> = { float32: 'F32', float16: 'F16' }
  const stored = quantization?.dtype ?? dtype
  if (Object.hasOwn(plain, stored))
    file.tensors.push({ name, shape, type: plain[stored], values: () => floats(source, plain[stored]) })
  else if (quantization !== null && dtype === 'float32')
    file.tensors.push({ name, shape, type: 'F32', values: () => dequantized(source, quantization) })
  else file.passedOver.push({ name, shape, why: `its dtype is ${dtype}` })
}

function* dequantized(
  source: ByteSource,
  { dtype, scale, min }: { dtype: string; scale: number; min: number },
): Generator<Float32Array> {
  const wide = dtype === 'uint16'
  for (const bytes of stretches(source)) {
    const { buffer } = hostOrder(copyBytes(bytes), wide ? 2 : 1, true)
    yield Float32Array.from(wide ? new Uint16Array(buffer) : new Uint8Array(buffer), (q) => q * scale + min)
  }
}
