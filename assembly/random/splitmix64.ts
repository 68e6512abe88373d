// SplitMix64: Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"; constants of Vigna's splitmix64.c.

/** The state's increment, 2^64 / golden ratio, made odd. Stream. */
export const GOLDEN_GAMMA: u64 = 0x9e3779b97f4a7c15

/** The finalizer (Stafford's variant 13): a bijection of 64-bit words. Stream. */
export function mix64(z: u64): u64 {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb
  return z ^ (z >> 31)
}

/** outPtr: count u64 words, the first `count` outputs of SplitMix64 from state `seed`. */
export function splitmix64(outPtr: usize, count: i32, seed: u64): void {
  for (let i = 0; i < count; i++) {
    seed += GOLDEN_GAMMA
    store<u64>(outPtr + ((<usize>i) << 3), mix64(seed))
  }
}
