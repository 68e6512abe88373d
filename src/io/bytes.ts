const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** A fresh copy of bytes[begin, end), alone in its buffer and so aligned for any typed array. Trap: Buffer.slice is a view, not a copy. */
export function copyBytes(bytes: Uint8Array, begin = 0, end = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(begin, end))
}

/** Reverses in place every item of `itemBytes` bytes when its order is not this machine's; its own inverse. Returns `bytes`. */
export function hostOrder<T extends Uint8Array>(bytes: T, itemBytes: number, littleEndian: boolean): T {
  if (littleEndian !== HOST_IS_LITTLE_ENDIAN)
    for (let at = 0; at < bytes.length; at += itemBytes) bytes.subarray(at, at + itemBytes).reverse()
  return bytes
}

/** The bytes of a typed array's own window of its buffer: a view, not a copy. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
