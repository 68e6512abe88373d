import { KERNELS_BASE64 } from './bytes'

/** The kernels that this entry brings along; scripts/build.js puts a sibling of the same shape in its place for the other entries. */
export function bundledKernels(): Uint8Array<ArrayBuffer> | WebAssembly.Module {
  return Uint8Array.from(atob(KERNELS_BASE64), (c) => c.charCodeAt(0))
}
