import { bundledKernels } from './embedded'

/** What an instance is made from. */
export type KernelSource = BufferSource | WebAssembly.Module

let given: WebAssembly.Module | undefined

/** The kernels given by init(), else those that the entry brings along. */
export function kernelSource(): KernelSource {
  return given ?? bundledKernels()
}

/** Makes every later instance from `module`. */
export function setKernelSource(module: WebAssembly.Module): void {
  given = module
}
