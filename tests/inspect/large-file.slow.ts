import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { initialize } from '../../src/initializers/names'
import { safetensorsHead } from '../../src/io/safetensors'
import { message, varint, whole } from '../io/onnx-bytes'

// A 1 GB model of 16 layers, inspected by the built command line in a process of its own, whose greatest resident size is read at its end.

const LAYERS = 16
const SIDE = 4096
/** Layers of an eighth of the side that are as large together. */
const MANY = 64 * LAYERS
const LIMIT_MB = 200

let folder: string
const at = (name: string) => join(folder, name)

/** The first bytes of a model of square layers. */
function headOf(layers: number, side: number): Uint8Array {
  const place = (i: number) => ({
    name: `${i}.weight`,
    dtype: 'F32' as const,
    shape: [side, side],
    bytes: 4 * side * side,
  })
  return safetensorsHead(
    Array.from({ length: layers }, (_, i) => place(i)),
    {},
  )
}

/** The same layers as initializers of a graph without operators. */
function writeOnnx(path: string, layers: number, side: number): void {
  const bytes = 4 * side * side
  const field = (number: number, size: number) => [...varint(8 * number + 2), ...varint(size)]
  const heads = Array.from({ length: layers }, (_, i) => {
    const head = [
      ...whole(1, side),
      ...whole(1, side),
      ...whole(2, 1),
      ...message(8, `${i}.weight`),
      ...field(9, bytes),
    ]
    return [...field(5, head.length + bytes), ...head]
  })
  const graph = heads.reduce((sum, head) => sum + head.length + bytes, 0)
  const file = openSync(path, 'w')
  writeSync(file, Uint8Array.from([...whole(1, 7), ...field(7, graph)]))
  heads.forEach((head, i) => {
    writeSync(file, Uint8Array.from(head))
    const layer = initialize('he-normal', [side, side], { seed: 1, stream: `${i}.weight` })
    for (let from = 0; from < bytes; ) from += writeSync(file, new Uint8Array(layer.buffer), from)
  })
  closeSync(file)
}

function writeModel(path: string, layers: number, side: number): void {
  const file = openSync(path, 'w')
  writeSync(file, headOf(layers, side))
  for (let i = 0; i < layers; i++) {
    const layer = initialize('he-normal', [side, side], { seed: 1, stream: `${i}.weight` })
    const bytes = new Uint8Array(layer.buffer)
    for (let from = 0; from < bytes.length; ) from += writeSync(file, bytes, from)
  }
  closeSync(file)
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-large-'))
  writeModel(at('large.safetensors'), LAYERS, SIDE)
  writeModel(at('many.safetensors'), MANY, SIDE / 8)
  writeFileSync(
    at('maxrss.mjs'),
    'process.on("exit", () => process._rawDebug("maxrss", process.resourceUsage().maxRSS))',
  )
}, 600_000)

afterAll(() => rmSync(folder, { recursive: true }))

function inspected(...args: string[]): { code: number | null; megabytes: number; stdout: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', at('maxrss.mjs'), 'dist/cli.js', 'inspect', ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  return { code: status, stdout, megabytes: Number(/maxrss (\d+)/.exec(stderr)?.[1]) / 1024 }
}

test(`a .safetensors file of 1 GB is inspected within ${LIMIT_MB} MB, every layer told to be he-normal`, () => {
  const { code, megabytes, stdout } = inspected(at('large.safetensors'), '--json')
  expect(code).toBe(0)
  const { tensors, verdict } = JSON.parse(stdout)
  expect(tensors.length).toBe(LAYERS)
  for (const { recipe } of tensors) expect(recipe.names[0]).toBe('he-normal')
  expect(verdict.code).toBe('stable')
  expect(megabytes).toBeLessThan(LIMIT_MB)
})

test(`so is one of ${MANY} layers, within ${LIMIT_MB} MB`, () => {
  const { code, megabytes, stdout } = inspected(at('many.safetensors'), '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).tensors.length).toBe(MANY)
  expect(megabytes).toBeLessThan(LIMIT_MB)
  rmSync(at('many.safetensors'))
})

test(`it is rescaled within ${LIMIT_MB} MB`, () => {
  const { code, megabytes } = inspected(
    at('large.safetensors'),
    '--rescale',
    'analytic',
    '-o',
    at('rescaled.safetensors'),
  )
  expect(code).toBe(0)
  expect(megabytes).toBeLessThan(LIMIT_MB)
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
})

test(`an .onnx file of 1 GB is inspected within ${LIMIT_MB} MB, every layer told to be he-normal`, () => {
  writeOnnx(at('large.onnx'), LAYERS, SIDE)
  const { code, megabytes, stdout } = inspected(at('large.onnx'), '--json')
  rmSync(at('large.onnx'))
  expect(code).toBe(0)
  for (const { recipe } of JSON.parse(stdout).tensors) expect(recipe.names[0]).toBe('he-normal')
  expect(megabytes).toBeLessThan(LIMIT_MB)
})

const numpy = spawnSync('python3', ['-c', 'import numpy']).status === 0

test.skipIf(!numpy)(`the same weights in a deflated .npz are inspected within ${LIMIT_MB} MB`, () => {
  const code = `
import numpy, sys
data = numpy.memmap(sys.argv[1], dtype='<f4', mode='r', offset=int(sys.argv[3]))
side = ${SIDE}
layers = {f'{i}.weight': data[i * side * side:(i + 1) * side * side].reshape(side, side) for i in range(4)}
numpy.savez_compressed(sys.argv[2], **layers)`
  const head = headOf(LAYERS, SIDE).length
  execFileSync('python3', ['-c', code, at('large.safetensors'), at('large.npz'), String(head)])
  const { code: status, megabytes } = inspected(at('large.npz'))
  expect(status).toBe(0)
  expect(megabytes).toBeLessThan(LIMIT_MB)
})
