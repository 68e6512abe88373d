/** Bytes as scripts/text-bytes.js writes them in printable ASCII. */
export interface TextBytes {
  /** The bytes, each one of `singles`, or one of `prefixes` and one of `singles`. */
  text: string
  singles: string
  prefixes: string
  /** All 256 bytes in hexadecimal, the most frequent first: those of no prefix, of the first, of the second. */
  order: string
}

/** The bytes of a text. */
export function decodeBytes({ text, singles, prefixes, order }: TextBytes): Uint8Array<ArrayBuffer> {
  const place = new Uint8Array(128)
  for (let i = 0; i < singles.length; i++) place[singles.charCodeAt(i)] = i
  const turns = new Uint8Array(128)
  for (let i = 0; i < prefixes.length; i++) turns[prefixes.charCodeAt(i)] = i + 1
  const byteAt = new Uint8Array(order.length / 2)
  for (let i = 0; i < byteAt.length; i++) byteAt[i] = Number.parseInt(order.slice(2 * i, 2 * i + 2), 16)

  const bytes = new Uint8Array(text.length)
  let len = 0
  for (let i = 0; i < text.length; i++) {
    const turn = turns[text.charCodeAt(i)]
    if (turn > 0) i++
    bytes[len++] = byteAt[turn * singles.length + place[text.charCodeAt(i)]]
  }
  return bytes.slice(0, len)
}
