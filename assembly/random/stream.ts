import { GOLDEN_GAMMA, mix64 } from './splitmix64'

// FNV-1a, 64 bit: Fowler, Noll & Vo; offset basis and prime of its reference page.
const FNV_OFFSET: u64 = 0xcbf29ce484222325
const FNV_PRIME: u64 = 0x100000001b3

/** Values in one block: each block has its own generator, so that any slice can be drawn alone. Stream. */
export const BLOCK_LEN: i32 = 4096

/** name: nameLen bytes of UTF-8. The 64-bit key of (seed, name): the name's FNV-1a hash folded into the mixed seed. Stream. */
export function streamKey(namePtr: usize, nameLen: i32, seed: u64): u64 {
  let hash = FNV_OFFSET
  for (let i = 0; i < nameLen; i++) hash = (hash ^ <u64>load<u8>(namePtr + i)) * FNV_PRIME
  return mix64(mix64(seed + GOLDEN_GAMMA) ^ hash)
}

/** The SplitMix64 seed of one block. Stream. Trap: key + block would make the blocks of neighbouring keys overlap. */
export function blockSeed(key: u64, block: u64): u64 {
  return mix64(key ^ mix64(block + GOLDEN_GAMMA))
}
