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

/** Bits of sqrt(1/2) as f32, of sqrt(1/2) 2^31, the mantissa's bits, the sign bit. */
const INTEGERS: usize = 352
const SINE: usize = 128
const COSINE: usize = 208

// Each constant four times, written once at start: engines merge equal v128.load within a loop, but neither v128.load32_splat nor
// v128.const, which is built from four immediates at each use.
const once: usize = memory.data<f32>(
  [L0, L1, L2, L3, L4, L5, L6, L7, S0, S1, S2, S3, S4, C0, C1, C2, C3, C4, MINUS_2_LN2, 0.5, 1, 4.656612873077393e-10],
  16,
)
const onceIntegers: usize = memory.data<i32>([0x3f3504f3, 0x4eb504f3, 0x7fffff, 0x80000000], 16)
const table: usize = memory.data(416, 16)
for (let i: usize = 0; i < 22; i++) v128.store(table + (i << 4), v128.load32_splat(once + (i << 2)))
for (let i: usize = 0; i < 4; i++) v128.store(table + INTEGERS + (i << 4), v128.load32_splat(onceIntegers + (i << 2)))

/** out: len f32, words in place of normals on entry; each group of 32 words gives 16 cosines, then 16 sines, times stddev. len a multiple of 32. */
export function normalFromWords(outPtr: usize, len: i32, stddev: f32): void {
  assert(len >= 0 && (len & 31) == 0 && stddev >= 0)
  const scale = f32x4.splat(stddev)
  // inlined by hand: engines then load each constant once a group
  for (let end = outPtr + ((<usize>len) << 2); outPtr < end; outPtr += 128) {
    const r0 = inline.always(radius(outPtr, scale))
    const r1 = inline.always(radius(outPtr + 16, scale))
    const r2 = inline.always(radius(outPtr + 32, scale))
    const r3 = inline.always(radius(outPtr + 48, scale))
    inline.always(turn(outPtr, r0))
    inline.always(turn(outPtr + 16, r1))
    inline.always(turn(outPtr + 32, r2))
    inline.always(turn(outPtr + 48, r3))
  }
}

/** stddev sqrt(-2 ln u) of the four words at wordsPtr. */
function radius(wordsPtr: usize, scale: v128): v128 {
  return f32x4.mul(f32x4.sqrt(inline.always(minusTwoLog(v128.load(wordsPtr)))), scale)
}

/** Four angle words at ptr + 64: r cos a goes to ptr, r sin a to ptr + 64. */
function turn(ptr: usize, r: v128): void {
  const word = v128.load(ptr, 64)
  const w = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(word, 1)), v128.load(table, 336))
  const t = f32x4.mul(w, w)
  const sine = f32x4.mul(w, inline.always(quartic(t, SINE)))
  const cosine = v128.xor(inline.always(quartic(t, COSINE)), v128.and(word, v128.load(table + INTEGERS, 48)))
  v128.store(ptr, f32x4.mul(r, cosine), 0)
  v128.store(ptr, f32x4.mul(r, sine), 64)
}

/** -2 ln u. */
function minusTwoLog(word: v128): v128 {
  // the half keeps the logarithm finite; in all but the smallest words it is lost in rounding. Trap: u = 0.
  const v = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(word, 1)), v128.load(table, 304))
  // v = 2^(31 + e) (1 + f), sqrt(1/2) <= 1 + f < sqrt(2)
  const bits = i32x4.sub(v, v128.load(table + INTEGERS, 16))
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23))
  const mantissa = i32x4.add(v128.and(bits, v128.load(table + INTEGERS, 32)), v128.load(table + INTEGERS, 0))
  const f = f32x4.sub(mantissa, v128.load(table, 320))
  return f32x4.add(f32x4.mul(e, v128.load(table, 288)), f32x4.mul(f, logarithm(f)))
}

/** L0 + L1 f + ... + L7 f^7 by Estrin's scheme. */
function logarithm(f: v128): v128 {
  const f2 = f32x4.mul(f, f)
  const low = f32x4.add(linear(f, 0), f32x4.mul(linear(f, 32), f2))
  const high = f32x4.add(linear(f, 64), f32x4.mul(linear(f, 96), f2))
  return f32x4.add(low, f32x4.mul(high, f32x4.mul(f2, f2)))
}

/** The polynomial in t with the five constants at table + at, by Estrin's scheme. */
function quartic(t: v128, at: usize): v128 {
  const t2 = f32x4.mul(t, t)
  const inner = f32x4.add(linear(t, at + 32), f32x4.mul(v128.load(table + at, 64), t2))
  return f32x4.add(linear(t, at), f32x4.mul(inner, t2))
}

/** a + b x, a and b the two constants at table + at. */
function linear(x: v128, at: usize): v128 {
  return f32x4.add(v128.load(table + at, 0), f32x4.mul(v128.load(table + at, 16), x))
}
