/** The streams of the numeric contract in plain TypeScript, written from its text: BigInt and Uint32 arithmetic, nothing shared with src/. */

const MASK = (1n << 64n) - 1n
const GOLDEN = 0x9e3779b97f4a7c15n

function mix64(z: bigint): bigint {
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK
  return z ^ (z >> 31n)
}

function fnv1a(name: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK
  return hash
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k))

/** One xoshiro128++ generator over four words. */
export function xoshiro128plusplus(s: Uint32Array): () => number {
  return () => {
    const result = rotl(s[0] + s[3], 7) + s[0]
    const t = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 11)
    return result >>> 0
  }
}

/** The first `blocks` blocks of 4096 words of (seed, name). */
export function streamWords(seed: bigint, name: string, blocks: number): Uint32Array {
  const key = mix64(mix64((seed + GOLDEN) & MASK) ^ fnv1a(name))
  const words = new Uint32Array(blocks * 4096)
  for (let block = 0; block < blocks; block++) {
    let state = mix64(key ^ mix64((BigInt(block) + GOLDEN) & MASK))
    const next = () => {
      state = (state + GOLDEN) & MASK
      return mix64(state)
    }
    const lanes = Array.from({ length: 16 }, () => {
      const [low, high] = [next(), next()]
      return xoshiro128plusplus(Uint32Array.from([low, low >> 32n, high, high >> 32n], (w) => Number(w & 0xffffffffn)))
    })
    for (let i = 0; i < 4096; i++) words[block * 4096 + i] = lanes[i % 16]()
  }
  return words
}
