import { expect, test } from 'vitest'
import { fillNormal } from '../src/random/draw'
import { bundledKernels } from '../src/wasm/embedded'
import { inArena, kernels } from '../src/wasm/instance'
import { OutOfMemoryError } from '../src/wasm/out-of-memory-error'

test('the module imports nothing: no host mathematics, time or randomness can reach a number', () => {
  const bytes = bundledKernels() as Uint8Array<ArrayBuffer>
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([])
})

test('asking for 5 GiB throws OutOfMemoryError with the bytes, and the next call draws as before', () => {
  const before = fillNormal(new Float32Array(100), { seed: 1 })
  const bytes = 5 * 2 ** 30
  expect(() => inArena((arena) => arena.allocate(bytes))).toThrow(OutOfMemoryError)
  expect(() => inArena((arena) => arena.allocate(bytes))).toThrow(`${bytes} more bytes`)
  expect(fillNormal(new Float32Array(100), { seed: 1 })).toEqual(before)
})

test('a call releases what it allocated, whether it returns or throws', () => {
  const mark = kernels().mark()
  inArena((arena) => arena.allocate(1000))
  expect(() =>
    inArena((arena) => {
      arena.allocate(1000)
      throw new Error('on purpose')
    }),
  ).toThrow('on purpose')
  expect(kernels().mark()).toBe(mark)
})

test('after a trap the next call gets a fresh instance that draws the same bits', () => {
  const before = fillNormal(new Float32Array(100), { seed: 1 })
  const trapped = kernels()
  expect(() => inArena((arena) => arena.kernels.relu(2 ** 31, 64))).toThrow(WebAssembly.RuntimeError)
  expect(kernels()).not.toBe(trapped)
  expect(fillNormal(new Float32Array(100), { seed: 1 })).toEqual(before)
})
