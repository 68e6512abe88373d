/**
 * Bytes as printable ASCII for src/wasm/text-bytes.ts, with the alphabets that it decodes by. The most frequent bytes are one character
 * each and the others two, so that what repeats in the bytes repeats in the text: gzip finds it, as it does not in base64, whose
 * groups of three bytes hide it (a fifth less after compression, an eighth less before).
 */
export function encodeBytes(bytes) {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  const safe = printable.filter((char) => !'"\'`\\$'.includes(char))
  const prefixes = safe.splice(-2)
  const counts = new Array(256).fill(0)
  for (const byte of bytes) counts[byte]++
  const order = counts.map((_, byte) => byte).sort((a, b) => counts[b] - counts[a] || a - b)
  const codes = []
  order.forEach((byte, i) => {
    const place = i % safe.length
    const turn = Math.floor(i / safe.length)
    codes[byte] = (turn === 0 ? '' : prefixes[turn - 1]) + safe[place]
  })
  return {
    text: Array.from(bytes, (byte) => codes[byte]).join(''),
    singles: safe.join(''),
    prefixes: prefixes.join(''),
    order: Buffer.from(order).toString('hex'),
  }
}
