import { kernelText } from './bytes'
import { decodeBytes } from './text-bytes'

/** The kernels that this entry brings along; scripts/build.js puts a sibling of the same shape in its place for the other entries. */
export function bundledKernels(): Uint8Array<ArrayBuffer> | WebAssembly.Module {
  return decodeBytes(kernelText())
}
