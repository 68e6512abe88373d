// xoshiro128++ 1.0 in 16 lanes: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators".
// The state lies word by word: s0[16], s1[16], s2[16], s3[16]; lane i is column i. Stream: 16 lanes, and their order.

import { splitmix64 } from './splitmix64'

export const LANES: i32 = 16
/** Bytes of the state of 16 lanes. */
export const STATE_BYTES: i32 = 256

const seeds: usize = memory.data(256, 16)

/** statePtr: 16 lanes, lane i from SplitMix64 outputs 2i (s0 low half, s1 high half) and 2i+1 (s2, s3). Stream. */
export function seedLanes(statePtr: usize, seed: u64): void {
  splitmix64(seeds, 2 * LANES, seed)
  // consecutive outputs of a bijection of distinct states are distinct, so no lane is all zero
  for (let lane = 0; lane < LANES; lane++)
    for (let word = 0; word < 4; word++)
      store<u32>(statePtr + ((<usize>(word * LANES + lane)) << 2), load<u32>(seeds + ((<usize>(4 * lane + word)) << 2)))
}

/** out: steps x 16 words; step t of lane i goes to word 16t + i. The state is advanced. */
export function xoshiro128plusplus(outPtr: usize, steps: i32, statePtr: usize): void {
  assert(steps >= 0)
  // eight lanes at a time: 8 of the 15 registers of x64 hold the state
  eightLanes(outPtr, steps, statePtr)
  eightLanes(outPtr + 32, steps, statePtr + 32)
}

function eightLanes(outPtr: usize, steps: i32, statePtr: usize): void {
  let a0 = v128.load(statePtr, 0)
  let b0 = v128.load(statePtr, 16)
  let a1 = v128.load(statePtr, 64)
  let b1 = v128.load(statePtr, 80)
  let a2 = v128.load(statePtr, 128)
  let b2 = v128.load(statePtr, 144)
  let a3 = v128.load(statePtr, 192)
  let b3 = v128.load(statePtr, 208)

  for (let end = outPtr + ((<usize>steps) << 6); outPtr < end; outPtr += 64) {
    // result = rotl(s0 + s3, 7) + s0
    v128.store(outPtr, i32x4.add(rotl7(i32x4.add(a0, a3)), a0), 0)
    v128.store(outPtr, i32x4.add(rotl7(i32x4.add(b0, b3)), b0), 16)
    const at = i32x4.shl(a1, 9)
    const bt = i32x4.shl(b1, 9)
    a2 = v128.xor(a2, a0)
    b2 = v128.xor(b2, b0)
    a3 = v128.xor(a3, a1)
    b3 = v128.xor(b3, b1)
    a1 = v128.xor(a1, a2)
    b1 = v128.xor(b1, b2)
    a0 = v128.xor(a0, a3)
    b0 = v128.xor(b0, b3)
    a2 = v128.xor(a2, at)
    b2 = v128.xor(b2, bt)
    a3 = rotl11(a3)
    b3 = rotl11(b3)
  }

  v128.store(statePtr, a0, 0)
  v128.store(statePtr, b0, 16)
  v128.store(statePtr, a1, 64)
  v128.store(statePtr, b1, 80)
  v128.store(statePtr, a2, 128)
  v128.store(statePtr, b2, 144)
  v128.store(statePtr, a3, 192)
  v128.store(statePtr, b3, 208)
}

function rotl7(x: v128): v128 {
  return v128.or(i32x4.shl(x, 7), i32x4.shr_u(x, 25))
}

function rotl11(x: v128): v128 {
  return v128.or(i32x4.shl(x, 11), i32x4.shr_u(x, 21))
}
