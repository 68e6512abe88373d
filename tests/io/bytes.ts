/** Bytes from a string of the characters U+0000 to U+00FF. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A copy in which little-endian numbers of 2 or 4 bytes are overwritten: [offset, width, value]. */
export function patched(bytes: Uint8Array, ...patches: [at: number, width: 2 | 4, value: number][]) {
  const copy = new Uint8Array(bytes)
  const view = new DataView(copy.buffer)
  for (const [at, width, value] of patches) {
    if (width === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
  }
  return copy
}

/** Every copy with one byte changed: to each of the 255 other values, or only by each of its 8 bits. */
export function* mutations(bytes: Uint8Array, by: 'value' | 'bit'): Generator<Uint8Array<ArrayBuffer>> {
  const changes = by === 'value' ? Array.from({ length: 255 }, (_, i) => i + 1) : [1, 2, 4, 8, 16, 32, 64, 128]
  for (let at = 0; at < bytes.length; at++)
    for (const change of changes) {
      const copy = new Uint8Array(bytes)
      copy[at] ^= change
      yield copy
    }
}

/** Every proper prefix, the empty one included. */
export function* prefixes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length)
}

/** The bits of floats, so that -0 and NaN count. */
export function bits(data: ArrayBufferView): number[] {
  return [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]
}
