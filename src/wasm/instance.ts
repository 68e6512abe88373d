import { keepsBlockOrder } from './engine'
import type { Kernels } from './kernels'
import { OutOfMemoryError } from './out-of-memory-error'
import { kernelSource } from './source'

const MAX_BYTES = 2 ** 32 - 2 ** 16

let instance: Kernels | undefined
let wide = false
let unrolled = keepsBlockOrder()

/** The one instance, made at the first call. */
export function kernels(): Kernels {
  instance ??= instantiate()
  return instance
}

/** Whether products take two panels at a time, now and in every later instance: for engines that fuse vectors to 256 bits; no bit depends on it. */
export function useWideTiles(on: boolean): void {
  wide = on
  dropInstance()
}

/** Whether products take four steps a block, now and in every later instance: by default as the engine likes it best; no bit depends on it. */
export function useUnrolledTiles(on: boolean): void {
  unrolled = on
  dropInstance()
}

/** Lets the next call make a fresh instance; addresses of the present one are void. */
export function dropInstance(): void {
  instance = undefined
}

function instantiate(): Kernels {
  const source = kernelSource()
  try {
    const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source)
    const made = new WebAssembly.Instance(module).exports as unknown as Kernels
    made.useUnrolledTiles(Number(unrolled))
    made.useWideTiles(Number(wide))
    return made
  } catch (cause) {
    throw new Error(
      "kernels: the engine expected to allow WebAssembly with SIMD, got a refusal; where a Content-Security-Policy is set, add 'wasm-unsafe-eval' to script-src",
      { cause },
    )
  }
}

/** Linear memory for the length of one call: addresses from it are valid until `inArena` returns. */
export interface Arena {
  kernels: Kernels
  /** Address of fresh, not cleared, 64-byte aligned bytes. @throws OutOfMemoryError */
  allocate(bytes: number): number
  /** Runs `body` and releases what it allocated. */
  scratch<T>(body: () => T): T
  /** Views of linear memory. Trap: any allocation may detach them, so take them after it and do not keep them. */
  f32(ptr: number, len: number): Float32Array
  f64(ptr: number, len: number): Float64Array
  i32(ptr: number, len: number): Int32Array
}

/** Runs `body` with an arena and releases all it allocated; after a trap the next call gets a fresh instance. */
export function inArena<T>(body: (arena: Arena) => T): T {
  const arena = arenaOf(kernels())
  try {
    return arena.scratch(() => body(arena))
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) dropInstance()
    throw error
  }
}

function arenaOf(k: Kernels): Arena {
  return {
    kernels: k,
    allocate(bytes) {
      const ptr = bytes <= MAX_BYTES ? k.allocate(bytes) >>> 0 : 0
      if (ptr === 0) throw new OutOfMemoryError(bytes)
      return ptr
    },
    scratch(body) {
      const mark = k.mark()
      try {
        return body()
      } finally {
        k.release(mark)
      }
    },
    f32: (ptr, len) => new Float32Array(k.memory.buffer, ptr, len),
    f64: (ptr, len) => new Float64Array(k.memory.buffer, ptr, len),
    i32: (ptr, len) => new Int32Array(k.memory.buffer, ptr, len),
  }
}
