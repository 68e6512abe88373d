/** Thrown when WebAssembly memory cannot grow as far as a call needs; what was allocated is released and the library goes on working. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError'
  /** The bytes that could not be had. */
  readonly bytes: number

  constructor(bytes: number) {
    super(
      `kernels: memory expected room for ${bytes} more bytes, got none; use a smaller shape, width or batch (WebAssembly addresses 4 GiB)`,
    )
    this.bytes = bytes
  }
}
