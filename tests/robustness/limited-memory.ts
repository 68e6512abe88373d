const MEMORY_SECTION = 5
const PAGE = 65536

/** The same module with a memory of at most `pages`: every growth beyond fails, as where an engine has no more to give. */
export function limitedMemory(module: Uint8Array, pages: number): WebAssembly.Module {
  const bytes = module.slice()
  const at = limitOf(bytes)
  // LEB128 of three bytes, as long as that of the 65536 pages it replaces
  bytes.set([(pages & 127) | 128, ((pages >> 7) & 127) | 128, pages >> 14], at)
  return new WebAssembly.Module(bytes)
}

/** Pages that a memory has. */
export const pagesOf = (memory: WebAssembly.Memory): number => memory.buffer.byteLength / PAGE

/** Position of the greatest number of pages in the memory section: one memory, flags 1, least, greatest. */
function limitOf(bytes: Uint8Array): number {
  for (let at = 8; at < bytes.length; ) {
    const section = bytes[at]
    const size = leb128(bytes, at + 1)
    if (section === MEMORY_SECTION) {
      const least = leb128(bytes, size.end + 2)
      if (leb128(bytes, least.end).value !== PAGE)
        throw new Error('limitedMemory: expected a greatest size of 65536 pages')
      return least.end
    }
    at = size.end + size.value
  }
  throw new Error('limitedMemory: expected a memory section')
}

function leb128(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return { value, end: at }
  }
}
