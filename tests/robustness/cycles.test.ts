import { expect, test } from 'vitest'
import { heNormal, moments, propagate } from '../../src/index'
import { init } from '../../src/wasm/init'
import { kernels } from '../../src/wasm/instance'

// EVENKEEL_SLOW=1 (npm run test:slow) runs ten times as many.
const CYCLES = (import.meta as { env?: Record<string, string> }).env?.EVENKEEL_SLOW ? 100_000 : 10_000

function cycle(i: number): void {
  const weights = heNormal([9, 7 + (i % 13)], { seed: i })
  moments(weights)
  if (i % 100 === 0) propagate({ depth: 2, width: 8, batch: 3, seed: i, backward: true })
}

test(`${CYCLES} cycles of drawing, measuring and propagating leave memory at the pages and the mark it had after the first`, () => {
  cycle(0)
  const k = kernels()
  const before = [k.memory.buffer.byteLength, k.mark()]
  for (let i = 1; i < CYCLES; i++) cycle(i)
  expect(kernels()).toBe(k)
  expect([k.memory.buffer.byteLength, k.mark()]).toEqual(before)
})

test('200 instances, one after the other, draw the same bits', async () => {
  const response = await fetch((await import('../../dist/kernels.wasm?url&inline')).default)
  const module = await WebAssembly.compile(await response.arrayBuffer())
  const wanted = heNormal([5, 6])
  for (let i = 0; i < 200; i++) {
    init(module)
    expect(heNormal([5, 6])).toEqual(wanted)
  }
})
