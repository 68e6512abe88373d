/** The slim entry brings no kernels along. */
export function bundledKernels(): never {
  throw new Error(
    'kernels: init() expected before the first call of evenkeel/slim, got none; call init(bytes) with those of evenkeel/kernels.wasm',
  )
}
