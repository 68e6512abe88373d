import { expect, test } from 'vitest'
import { heNormal } from '../../src/index'
import { bundledKernels } from '../../src/wasm/embedded'
import { init } from '../../src/wasm/init'
import { memoryOver } from './cycle'

test('10000 cycles of drawing, measuring and propagating leave memory at the bytes and the mark it had after the first', () => {
  const { first, last } = memoryOver(10_000)
  expect(last).toEqual(first)
})

test('200 instances, one after the other, draw the same bits', () => {
  const module = new WebAssembly.Module(bundledKernels() as Uint8Array<ArrayBuffer>)
  const wanted = heNormal([5, 6])
  for (let i = 0; i < 200; i++) {
    init(module)
    expect(heNormal([5, 6])).toEqual(wanted)
  }
})
