import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exportNetwork } from '../../src/networks/export'
import { EXAMPLES } from '../../src/networks/schema'
import { denseDocument } from '../../src/networks/short-form'
import { DOCUMENTS, exported } from './reference-documents'

// The comparison itself, live, where there is a Python with PyTorch; tests/networks/vectors.json stands in for it elsewhere.

const SCRIPT = 'scripts/check_network.py'
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
afterAll(() => rmSync(folder, { recursive: true }))

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, [SCRIPT, '--help'], { stdio: 'ignore' }).status === 0,
)

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, `${name}.safetensors`)
  writeFileSync(path, bytes)
  return path
}

function checked(files: string[]) {
  const { stdout, stderr, status } = spawnSync(python!, [SCRIPT, ...files], { encoding: 'utf8', maxBuffer: 1 << 26 })
  return { failed: stdout.split('\n').filter((line) => line.includes('FAILED')), stderr, status }
}

const FINE = { failed: [], stderr: '', status: 0 }

describe.skipIf(python === undefined)('PyTorch in float64, by scripts/check_network.py', () => {
  test('finds the outputs and gradients of every kind of layer, padding, stride and grouping to 1e-5', () => {
    expect(checked(Object.keys(DOCUMENTS).map((name) => written(name, exported(name))))).toEqual(FINE)
  })

  test('finds those of larger networks: the examples of the schema, and a plain network of propagate', () => {
    const plain = denseDocument('test', { widths: [100, 300, 200, 10], activation: 'gelu', bias: 0.1 })
    const files = [...EXAMPLES.slice(1), plain].map((network, i) =>
      written(`example-${i}`, exportNetwork(network, { batch: 16, seed: 3 })),
    )
    expect(checked(files)).toEqual(FINE)
  })

  test('finds fault with a file in which one weight is changed by a thousandth', () => {
    const bytes = exported('dense')
    const view = new DataView(bytes.buffer)
    const length = Number(view.getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
    const at = 8 + length + header['layers.2.weight'].data_offsets[0]
    view.setFloat32(at, view.getFloat32(at, true) + 1e-3, true)
    const { failed, status } = checked([written('changed', bytes)])
    expect(status).toBe(1)
    expect(failed.some((line) => line.includes('layers.2.output'))).toBe(true)
  })
})
