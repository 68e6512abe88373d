import { kernels } from '../../src/wasm/instance'

/** Address of fresh bytes, which are given back when the case is done (main.ts). */
export function allocate(bytes: number): number {
  const ptr = kernels().allocate(bytes) >>> 0
  if (ptr === 0) throw new Error(`bench: expected room for ${bytes} bytes, got none`)
  return ptr
}

/** Address of a copy of `data`. */
export function stored(data: Float32Array): number {
  const ptr = allocate(data.byteLength)
  view(ptr, data.length).set(data)
  return ptr
}

/** `len` f32 from ptr on, as they are until the next allocation. */
export function view(ptr: number, len: number): Float32Array {
  return new Float32Array(kernels().memory.buffer, ptr, len)
}
