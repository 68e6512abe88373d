/** out: len f32, words in place of uniforms on entry; value = low + (high - low) u, u = (word >>> 8) 2^-24 in [0, 1). len a multiple of 16. */
export function uniformFromWords(outPtr: usize, len: i32, low: f32, high: f32): void {
  assert(len >= 0 && (len & 15) == 0)
  // 24 bits: every u is exact in f32 and 1 cannot occur; shifted words are non-negative, so the signed conversion serves. Stream.
  const width = f32x4.splat((high - low) * 5.9604644775390625e-8)
  const base = f32x4.splat(low)
  for (let end = outPtr + ((<usize>len) << 2); outPtr < end; outPtr += 64) {
    v128.store(outPtr, scaled(v128.load(outPtr, 0), base, width), 0)
    v128.store(outPtr, scaled(v128.load(outPtr, 16), base, width), 16)
    v128.store(outPtr, scaled(v128.load(outPtr, 32), base, width), 32)
    v128.store(outPtr, scaled(v128.load(outPtr, 48), base, width), 48)
  }
}

function scaled(words: v128, base: v128, width: v128): v128 {
  return f32x4.add(base, f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), width))
}
