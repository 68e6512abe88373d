import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { evenkeel, json } from './command'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
const file = join(folder, 'net.json')
writeFileSync(
  file,
  '{ "input": [4, 6, 6], "layers": [{ "kind": "conv", "channels": 8, "kernel": 3 }, { "kind": "activation", "name": "relu" }] }',
)
afterAll(() => rmSync(folder, { recursive: true }))

test('propagate --network --json measures the layers of the document, beside theory', () => {
  const { layers } = json<{ layers: { path: string; theory: { forward: number } }[] }>(
    'propagate',
    '--network',
    file,
    '--batch',
    '8',
  )
  expect(layers.map(({ path }) => path)).toEqual(['layers[0]', 'layers[1]'])
  // zero padding of 3 x 3 on 6 x 6: (1 - 2/(3 x 6))^2 of 1, as He and ReLU keep the rest
  expect(layers[1].theory.forward).toBeCloseTo((1 - 2 / 18) ** 2, 6)
})

test.each([
  ['--depth', '3'],
  ['--csv', 'a.csv'],
  ['--learning-rate', '0.1'],
  ['--no-rescale'],
  ['--engine', 'law'],
  ['--bias', '0.1'],
  ['--activation', 'tanh'],
  ['--yes'],
])('%s beside --network is refused, not ignored', (...flags) => {
  const { code, stderr } = evenkeel('propagate', '--network', file, ...flags)
  expect(code).toBe(2)
  expect(stderr).toContain(`--network expected no ${flags[0]}`)
})

test('a file that is no JSON, and one whose network is impossible, are refused with what is wrong', () => {
  const bad = join(folder, 'bad.json')
  writeFileSync(bad, '{ "input": ')
  expect(evenkeel('propagate', '--network', bad).code).toBe(3)
  writeFileSync(bad, '{ "input": [4], "layers": [{ "kind": "dense", "units": 0 }] }')
  const { code, stderr } = evenkeel('propagate', '--network', bad)
  expect(code).toBe(2)
  expect(stderr).toContain('network.layers[0].units expected an integer in [1, 16777216], got 0')
})
