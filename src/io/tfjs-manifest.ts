import { show } from '../check'
import { duplicateKey } from './duplicate-keys'
import { malformed } from './format-error'

/** A weight as model.json declares it, its shape and numbers checked. */
export interface TfjsWeight {
  name: string
  shape: number[]
  dtype: string
  quantization: { dtype: string; scale: number; min: number } | null
}

/** Shards that hold weights one after another. */
export interface TfjsGroup {
  paths: string[]
  weights: TfjsWeight[]
}

type Json = Record<string, unknown>

/**
 * The weightsManifest of a TensorFlow.js model.json: groups of shards, and what lies in them.
 * A shard's path must be a plain relative one: no '..', no root, no drive, no address.
 * @throws FormatError for all that is not as the format has it
 * @see https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts
 */
export function readTfjsManifest(text: string, where = 'model.json'): TfjsGroup[] {
  const { weightsManifest } = record(parse(text, where), where, 'model')
  if (!Array.isArray(weightsManifest)) malformed(where, 'weightsManifest', 'an array of groups', kind(weightsManifest))
  const names = new Set<string>()
  return weightsManifest.map((value, i) => {
    const group = record(value, where, `weightsManifest[${i}]`)
    const { paths, weights } = group
    if (!Array.isArray(paths)) malformed(where, `weightsManifest[${i}].paths`, 'an array of paths', kind(paths))
    if (!Array.isArray(weights)) malformed(where, `weightsManifest[${i}].weights`, 'an array', kind(weights))
    return {
      paths: paths.map((path) => plainPath(path, where)),
      weights: weights.map((weight) => readWeight(record(weight, where, 'weight'), names, where)),
    }
  })
}

function parse(text: string, where: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    malformed(where, 'file', 'JSON', show(cause instanceof Error ? cause.message : cause))
  }
  const twice = duplicateKey(text)
  if (twice !== undefined) malformed(where, 'file', 'every key once', `${show(twice)} twice`)
  return value
}

// Trap: `show` asks an object for its constructor's name, and a stranger's JSON answers with anything
function kind(value: unknown): string {
  if (Array.isArray(value)) return `an array of length ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : show(value)
}

function record(value: unknown, where: string, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed(where, what, 'an object', kind(value))
  return value as Json
}

function plainPath(path: unknown, where: string): string {
  const plain =
    typeof path === 'string' &&
    path.length > 0 &&
    !/[\\:\0]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  return plain ? path : malformed(where, 'shard path', 'a plain path below the folder of model.json', kind(path))
}

function readWeight(weight: Json, names: Set<string>, where: string): TfjsWeight {
  const { name, shape, dtype, quantization } = weight
  if (typeof name !== 'string') malformed(where, 'weight name', 'a string', kind(name))
  const at = `${where}: weight ${show(name)}`
  if (names.has(name)) malformed(where, 'weight names', 'each one once', `${show(name)} twice`)
  names.add(name)
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    malformed(at, 'shape', 'an array of integers in [0, 2^53)', kind(shape))
  if (typeof dtype !== 'string') malformed(at, 'dtype', 'a string', kind(dtype))
  return { name, shape, dtype, quantization: quantization === undefined ? null : readQuantization(quantization, at) }
}

function readQuantization(value: unknown, where: string) {
  const { dtype, scale = 1, min = 0 } = record(value, where, 'quantization')
  if (dtype !== 'uint8' && dtype !== 'uint16' && dtype !== 'float16')
    malformed(where, 'quantization dtype', 'uint8, uint16 or float16', kind(dtype))
  if (typeof scale !== 'number' || typeof min !== 'number')
    malformed(where, 'quantization', 'numbers for scale and min', `${kind(scale)} and ${kind(min)}`)
  return { dtype, scale, min }
}
