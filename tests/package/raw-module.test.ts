import { type ASUtil, instantiateStreaming, instantiateSync } from '@assemblyscript/loader'
import { expect, test } from 'vitest'
import url from '../../dist/kernels.wasm?url&inline'
import { heNormal } from '../../src/index'
import type { Kernels } from '../../src/wasm/kernels'
import { heTimesOnes } from './raw-module-example'

const SEED = 42n

/** Row sums in f32, k ascending: W x for x = 1, each product and sum rounded; 128 terms are one accumulation block. */
function rowSums(weights: Float32Array, m: number, k: number): number[] {
  return Array.from({ length: m }, (_, i) =>
    weights.subarray(i * k, (i + 1) * k).reduce((sum, w) => Math.fround(sum + w), 0),
  )
}

function check(exports: ASUtil & Record<string, unknown>) {
  const kernels = exports as unknown as Kernels
  const before = kernels.mark()
  const { weights, outputs } = heTimesOnes(kernels, SEED)
  expect(weights).toEqual(heNormal([64, 128], { seed: SEED, stream: 'fc1.weight' }))
  expect(Array.from({ length: 64 }, (_, i) => outputs[i * 32 + 31])).toEqual(rowSums(weights, 64, 128))
  expect(kernels.mark()).toBe(before)
}

test('kernels.wasm by instantiateStreaming alone: the example gives the weights of heNormal([64, 128]) and their exact row sums', async () => {
  check((await instantiateStreaming<Record<string, unknown>>(fetch(url))).exports)
})

test('kernels.wasm by instantiateSync alone: the example gives the weights of heNormal([64, 128]) and their exact row sums', async () => {
  check(instantiateSync<Record<string, unknown>>(await (await fetch(url)).arrayBuffer()).exports)
})

test('its import section is empty', async () => {
  expect(WebAssembly.Module.imports(await WebAssembly.compileStreaming(fetch(url)))).toEqual([])
})
