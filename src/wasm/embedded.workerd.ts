import kernels from './kernels.wasm'

/** Workers forbid compiling at run time: the module comes compiled with the script. */
export function bundledKernels(): WebAssembly.Module {
  return kernels
}
