import { wrongKind, wrongValue } from '../check'
import { dropInstance } from './instance'
import { type KernelSource, setKernelSource } from './source'

/** Exports without which a module is not ours. */
const NEEDED = ['memory', 'allocate', 'draw', 'multiplyPanels']

/**
 * Gives evenkeel/slim its kernels: the bytes of evenkeel/kernels.wasm of the same version, or a module compiled from them.
 * To be called once, before anything else; a later call drops the instance and its memory, and no result changes.
 * @throws TypeError for another kind of value, RangeError for bytes or a module that are not the kernels
 */
export function init(kernels: KernelSource): void {
  const module = kernels instanceof WebAssembly.Module ? kernels : compile(kernels)
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name)
  const missing = NEEDED.filter((name) => !exported.includes(name))
  if (missing.length > 0 || WebAssembly.Module.imports(module).length > 0)
    wrongValue(
      'init',
      'kernels',
      'those of evenkeel/kernels.wasm',
      `a module without ${missing.join(', ') || 'their form'}`,
    )
  setKernelSource(module)
  dropInstance()
}

function compile(bytes: unknown): WebAssembly.Module {
  const ours = ArrayBuffer.isView(bytes) || bytes instanceof ArrayBuffer
  if (!ours) wrongKind('init', 'kernels', 'bytes (Uint8Array, ArrayBuffer) or a WebAssembly.Module', bytes)
  if (!WebAssembly.validate(bytes as BufferSource))
    wrongValue('init', 'kernels', 'the bytes of evenkeel/kernels.wasm, in an engine with WebAssembly SIMD', bytes)
  return new WebAssembly.Module(bytes as BufferSource)
}
