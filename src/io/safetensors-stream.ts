import { type ByteSource, firstBytes, slice } from './byte-source'
import { malformed } from './format-error'
import { readSafetensorsHeader, safetensorsHeaderBytes } from './safetensors-header'
import { FLOAT_BYTES, type FloatType, floats, type WeightFile } from './tensor-stream'

/**
 * The tensors of a .safetensors file, their values read a stretch at a time; those that are not F64, F32, F16 or BF16 are passed over.
 * @throws FormatError for all that the format forbids, and if the file is longer or shorter than its header says
 */
export function streamSafetensors(source: ByteSource, where = 'safetensors'): WeightFile {
  const headerBytes = safetensorsHeaderBytes(firstBytes(source, 8, where), where)
  const { tensors, fileBytes } = readSafetensorsHeader(source.read(0, Math.min(headerBytes, source.size)), where)
  if (source.size !== fileBytes) {
    const remedy = source.size < fileBytes ? 'the file is truncated' : 'there are bytes after the last tensor'
    malformed(where, 'file', `${fileBytes} bytes, as its header says`, `${source.size}`, remedy)
  }
  const file: WeightFile = { tensors: [], passedOver: [] }
  for (const [name, { dtype, shape, begin, end }] of tensors)
    if (isFloat(dtype))
      file.tensors.push({ name, shape, type: dtype, values: () => floats(slice(source, begin, end), dtype) })
    else file.passedOver.push({ name, shape, why: `its dtype is ${dtype}` })
  return file
}

function isFloat(dtype: string): dtype is FloatType {
  return Object.hasOwn(FLOAT_BYTES, dtype)
}
