import { BLOCK_LEN, blockSeed } from '../random/stream'
import { STATE_BYTES, seedLanes, xoshiro128plusplus } from '../random/xoshiro128plusplus'
import { normalFromWords } from './normal'
import { truncatedFromWords } from './truncated-normal'
import { uniformFromWords } from './uniform'

/** The distributions draw() knows; the numbers are part of the ABI. */
export const UNIFORM: i32 = 0
export const NORMAL: i32 = 1
export const TRUNCATED_NORMAL: i32 = 2

const state: usize = memory.data(STATE_BYTES, 16)
const block: usize = memory.data(16384, 64)

/**
 * out: len f32, values start .. start + len - 1 of the stream `key`.
 * UNIFORM: a = low, b = high. NORMAL: a = mean, b = stddev. TRUNCATED_NORMAL: c + d x, x standard normal in [a, b].
 */
export function draw(
  outPtr: usize,
  start: u64,
  len: i32,
  key: u64,
  distribution: i32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
): void {
  assert(len >= 0)
  while (len > 0) {
    const index = start / BLOCK_LEN
    const skip = <i32>(start % BLOCK_LEN)
    const taken = min(len, BLOCK_LEN - skip)
    seedLanes(state, blockSeed(key, index))
    if (skip == 0 && (taken & 31) == 0) drawBlock(outPtr, taken, distribution, a, b, c, d)
    else {
      drawBlock(block, (skip + taken + 31) & ~31, distribution, a, b, c, d)
      memory.copy(outPtr, block + ((<usize>skip) << 2), (<usize>taken) << 2)
    }
    outPtr += (<usize>taken) << 2
    start += taken
    len -= taken
  }
}

/** out: the first len values of the block that `state` is seeded for; len a multiple of 32. */
function drawBlock(outPtr: usize, len: i32, distribution: i32, a: f64, b: f64, c: f64, d: f64): void {
  xoshiro128plusplus(outPtr, len >> 4, state)
  if (distribution == UNIFORM) uniformFromWords(outPtr, len, <f32>a, <f32>b)
  else if (distribution == NORMAL) {
    normalFromWords(outPtr, len, <f32>b)
    if (a != 0) shift(outPtr, len, <f32>a)
  } else truncatedFromWords(outPtr, len, a, b, c, d)
}

/** x: len f32, x += by; len a multiple of 4. */
function shift(xPtr: usize, len: i32, by: f32): void {
  const add = f32x4.splat(by)
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 16) v128.store(xPtr, f32x4.add(v128.load(xPtr), add))
}
