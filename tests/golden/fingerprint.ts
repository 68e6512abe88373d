const PRIME = 0x100000001b3n
const MASK = 0xffffffffffffffffn

/** FNV-1a, 64 bit, of the bytes: needs nothing of the engine but bigints, and no waiting. */
export function fingerprint(values: ArrayBufferView): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK
  return hash.toString(16).padStart(16, '0')
}
