/** Element i of a test matrix: 24 bits on [-0.5, 0.5), exact in f32; the native peers compute the same. */
export function element(i: number): number {
  return (hash(i) >>> 8) / 2 ** 24 - 0.5
}

/** The elements of B begin here, those of A at 0. */
export const B_FROM = 0x40000000

/** `len` elements of a test matrix, from element `from` on. */
export function operand(len: number, from: number): Float32Array<ArrayBuffer> {
  const data = new Float32Array(len)
  for (let i = 0; i < len; i++) data[i] = element(from + i)
  return data
}

const SAMPLED = 32

/** Indices of the entries that are checked, of a result of `len` numbers. */
export function sampledIndices(len: number): number[] {
  return Array.from({ length: SAMPLED }, (_, s) => hash(s) % len)
}

/** The checked entries of a row-major result. */
export function sampled(result: ArrayLike<number>): number[] {
  return sampledIndices(result.length).map((i) => result[i])
}

// lowbias32, https://nullprogram.com/blog/2018/07/31/
function hash(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
