// Box-Muller in SIMD, version box-muller-1: from 16 radius words and 16 angle words, 16 cosines and 16 sines.
//   u = ((word >>> 1) + 1/2) / 2^31 rounded to f32;  r = stddev sqrt(-2 ln u);  a = pi/2 w, w = (signed) (word << 1) / 2^31
//   z = +-r cos a (the sign is the angle word's top bit) and r sin a; |z| <= 6.66 stddev.
// Polynomials are minimax fits rounded to f32. Stream: every constant and the order of every operation.

// -2 ln(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1]: relative error 1.7e-7
const L0: f32 = -1.9999998807907104
const L1: f32 = 1.0000072717666626
const L2: f32 = -0.6667011976242065
const L3: f32 = 0.4993981719017029
const L4: f32 = -0.39800330996513367
const L5: f32 = 0.34501659870147705
const L6: f32 = -0.32445165514945984
const L7: f32 = 0.20213794708251953
const MINUS_2_LN2: f32 = -1.3862943649291992

// sin(pi/2 w) / w in w^2 on [0, 1]: absolute error 6.7e-9
const S0: f32 = 1.5707963705062866
const S1: f32 = -0.6459637880325317
const S2: f32 = 0.07968992739915848
const S3: f32 = -0.004674157593399286
const S4: f32 = 0.00015167852689046413

// cos(pi/2 w) in w^2 on [0, 1]: absolute error 4.7e-8
const C0: f32 = 0.9999999403953552
const C1: f32 = -1.2336982488632202
const C2: f32 = 0.2536507546901703
const C3: f32 = -0.020810628309845924
const C4: f32 = 0.0008581906440667808

// the constants side by side: a broadcast from memory is one operation, a v128.const is built from four immediates at each use
const table: usize = memory.data<f32>(
  [L0, L1, L2, L3, L4, L5, L6, L7, S0, S1, S2, S3, S4, C0, C1, C2, C3, C4, MINUS_2_LN2, 0.5, 1, 4.656612873077393e-10],
  16,
)
const SINE: usize = 32
const COSINE: usize = 52

/** Bits of sqrt(1/2) as f32, of sqrt(1/2) 2^31, the mantissa's bits, the sign bit. */
const integers: usize = memory.data<i32>([0x3f3504f3, 0x4eb504f3, 0x7fffff, 0x80000000], 16)

/** out: len f32, words in place of normals on entry; each group of 32 words gives 16 cosines, then 16 sines, times stddev. len a multiple of 32. */
export function normalFromWords(outPtr: usize, len: i32, stddev: f32): void {
  const scale = f32x4.splat(stddev)
  for (let end = outPtr + ((<usize>len) << 2); outPtr < end; outPtr += 128) {
    boxMuller(outPtr, scale)
    boxMuller(outPtr + 16, scale)
    boxMuller(outPtr + 32, scale)
    boxMuller(outPtr + 48, scale)
  }
}

/** Four radius words at ptr, four angle words at ptr + 64: replaced by four r cos a and four r sin a. */
function boxMuller(ptr: usize, scale: v128): void {
  const r = f32x4.mul(f32x4.sqrt(minusTwoLog(v128.load(ptr, 0))), scale)
  const word = v128.load(ptr, 64)
  const w = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(word, 1)), v128.load32_splat(table, 84))
  const t = f32x4.mul(w, w)
  const sine = f32x4.mul(w, quartic(t, SINE))
  const cosine = v128.xor(quartic(t, COSINE), v128.and(word, v128.load32_splat(integers, 12)))
  v128.store(ptr, f32x4.mul(r, cosine), 0)
  v128.store(ptr, f32x4.mul(r, sine), 64)
}

/** -2 ln u. */
function minusTwoLog(word: v128): v128 {
  // the half keeps the logarithm finite; in all but the smallest words it is lost in rounding. Trap: u = 0.
  const v = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), v128.load32_splat(table, 76))
  // v = 2^(31 + e) (1 + f), sqrt(1/2) <= 1 + f < sqrt(2)
  const bits = i32x4.sub(v, v128.load32_splat(integers, 4))
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23))
  const mantissa = i32x4.add(v128.and(bits, v128.load32_splat(integers, 8)), v128.load32_splat(integers, 0))
  const f = f32x4.sub(mantissa, v128.load32_splat(table, 80))
  return f32x4.add(f32x4.mul(e, v128.load32_splat(table, 72)), f32x4.mul(f, logarithm(f)))
}

/** L0 + L1 f + ... + L7 f^7 by Estrin's scheme. */
function logarithm(f: v128): v128 {
  const f2 = f32x4.mul(f, f)
  const low = f32x4.add(linear(f, 0), f32x4.mul(linear(f, 8), f2))
  const high = f32x4.add(linear(f, 16), f32x4.mul(linear(f, 24), f2))
  return f32x4.add(low, f32x4.mul(high, f32x4.mul(f2, f2)))
}

/** The polynomial in t with the five constants at table + at, by Estrin's scheme. */
function quartic(t: v128, at: usize): v128 {
  const t2 = f32x4.mul(t, t)
  const inner = f32x4.add(linear(t, at + 8), f32x4.mul(v128.load32_splat(table + at, 16), t2))
  return f32x4.add(linear(t, at), f32x4.mul(inner, t2))
}

/** a + b x, a and b the two constants at table + at. */
function linear(x: v128, at: usize): v128 {
  return f32x4.add(v128.load32_splat(table + at, 0), f32x4.mul(v128.load32_splat(table + at, 4), x))
}
