import { heNormal, moments, propagate } from '../../src/index'
import { kernels } from '../../src/wasm/instance'

/** Bytes and mark of the instance after the first and after all of `cycles` rounds of drawing, measuring and propagating. */
export function memoryOver(cycles: number): { first: number[]; last: number[] } {
  cycle(0)
  const first = memory()
  for (let i = 1; i < cycles; i++) cycle(i)
  return { first, last: memory() }
}

function cycle(i: number): void {
  moments(heNormal([9, 7 + (i % 13)], { seed: i }))
  if (i % 100 === 0) propagate({ depth: 2, width: 8, batch: 3, seed: i, backward: true })
}

function memory(): number[] {
  return [kernels().memory.buffer.byteLength, kernels().mark()]
}
