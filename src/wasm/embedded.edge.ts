import kernels from './kernels.wasm?module'

/** Edge functions forbid compiling at run time: the module comes compiled with the script. */
export function bundledKernels(): WebAssembly.Module {
  return kernels
}
