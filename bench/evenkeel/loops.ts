import { readFileSync } from 'node:fs'
import { instantiateSync } from '@assemblyscript/loader'
import { kernels } from '../../src/wasm/instance'
import type { Answer } from '../serve'
import { sample, type Timing } from '../timing'
import { allocate } from './memory'

/** The exports of assembly/loops.ts. */
interface Loops {
  multiplyAdd(steps: number, a: number, b: number): number
  store(ptr: number, bytes: number): void
  read(ptr: number, bytes: number): number
  readWrite(ptr: number, bytes: number): void
}

function loops(): Loops {
  const bytes = readFileSync(new URL('loops.wasm', import.meta.url))
  return instantiateSync(bytes, { env: { memory: kernels().memory } }).exports as unknown as Loops
}

/** The ceiling: `steps` steps of 96 operations in registers. */
export async function multiplyAdd([steps]: number[], timing: Timing): Promise<Answer> {
  const { multiplyAdd } = loops()
  return {
    result: [multiplyAdd(steps, 1, 0.001)],
    samples: await sample(() => multiplyAdd(steps, 1, 0.001), timing),
  }
}

/** A plain loop over len f32 of linear memory. */
export function memoryLoop(name: 'store' | 'read' | 'readWrite') {
  return async ([len]: number[], timing: Timing): Promise<Answer> => {
    const loop = loops()[name]
    const ptr = allocate(4 * len)
    return { result: [0], samples: await sample(() => loop(ptr, 4 * len), timing) }
  }
}
