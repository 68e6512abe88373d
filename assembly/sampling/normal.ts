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

// Where a constant lies in the table, in bytes; L0 .. L7 are its first.
const SINE: usize = 32
const COSINE: usize = 52
const LOG_2: usize = 72
const HALF: usize = 76
const ONE: usize = 80
const INV_2_31: usize = 84
/** Bits of sqrt(1/2) as f32, and of sqrt(1/2) 2^31. */
const ROOT_HALF: usize = 88
const ROOT_HALF_SCALED: usize = 92
/** The mantissa's bits, and the sign's. */
const MANTISSA: usize = 96
const SIGN: usize = 100

const once: usize = memory.data<f32>(
  [L0, L1, L2, L3, L4, L5, L6, L7, S0, S1, S2, S3, S4, C0, C1, C2, C3, C4, MINUS_2_LN2, 0.5, 1, 4.656612873077393e-10],
  16,
)
const onceIntegers: usize = memory.data<i32>([0x3f3504f3, 0x4eb504f3, 0x7fffff, 0x80000000], 16)
const table: usize = memory.data(104, 16)
memory.copy(table, once, 88)
memory.copy(table + 88, onceIntegers, 16)

/** out: len f32, words in place of normals on entry; each group of 32 words gives 16 cosines, then 16 sines, times stddev. len a multiple of 32. */
export function normalFromWords(outPtr: usize, len: i32, stddev: f32): void {
  assert(len >= 0 && (len & 31) == 0 && stddev >= 0)
  const end = outPtr + ((<usize>len) << 2)
  // two loops of short chains: a processor sees no further than a few hundred operations, and one chain of all would fill them with waiting
  for (let ptr = outPtr; ptr < end; ptr += 128) inline.always(logarithms(ptr))
  const scale = f32x4.splat(stddev)
  for (let ptr = outPtr; ptr < end; ptr += 128) {
    inline.always(turn(ptr, scale))
    inline.always(turn(ptr + 32, scale))
  }
}

// Vectors side by side, statement by statement: the operations of one do not wait for the other's, and as many as fit the registers.
// Trap: helper functions for one vector would put its whole chain before the other's.

/** Sixteen radius words at ptr, in place -2 ln u. */
function logarithms(ptr: usize): void {
  // the half keeps the logarithm finite; in all but the smallest words it is lost in rounding. Trap: u = 0.
  let c = v128.load32_splat(table + HALF)
  const v0 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(ptr, 0), 1)), c)
  const v1 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(ptr, 16), 1)), c)
  const v2 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(ptr, 32), 1)), c)
  const v3 = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(ptr, 48), 1)), c)
  // v = 2^(31 + e) (1 + f), sqrt(1/2) <= 1 + f < sqrt(2)
  c = v128.load32_splat(table + ROOT_HALF_SCALED)
  const bits0 = i32x4.sub(v0, c)
  const bits1 = i32x4.sub(v1, c)
  const bits2 = i32x4.sub(v2, c)
  const bits3 = i32x4.sub(v3, c)
  c = v128.load32_splat(table + MANTISSA)
  let d = v128.load32_splat(table + ROOT_HALF)
  const one = v128.load32_splat(table + ONE)
  const f0 = f32x4.sub(i32x4.add(v128.and(bits0, c), d), one)
  const f1 = f32x4.sub(i32x4.add(v128.and(bits1, c), d), one)
  const f2 = f32x4.sub(i32x4.add(v128.and(bits2, c), d), one)
  const f3 = f32x4.sub(i32x4.add(v128.and(bits3, c), d), one)
  c = v128.load32_splat(table + LOG_2)
  const e0 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(bits0, 23)), c)
  const e1 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(bits1, 23)), c)
  const e2 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(bits2, 23)), c)
  const e3 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(bits3, 23)), c)
  const square0 = f32x4.mul(f0, f0)
  const square1 = f32x4.mul(f1, f1)
  const square2 = f32x4.mul(f2, f2)
  const square3 = f32x4.mul(f3, f3)
  // L0 + L1 f + ... + L7 f^7 by Estrin's scheme
  c = v128.load32_splat(table + 24)
  d = v128.load32_splat(table + 28)
  let h0 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f0)), square0)
  let h1 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f1)), square1)
  let h2 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f2)), square2)
  let h3 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f3)), square3)
  c = v128.load32_splat(table + 16)
  d = v128.load32_splat(table + 20)
  h0 = f32x4.add(f32x4.add(c, f32x4.mul(d, f0)), h0)
  h1 = f32x4.add(f32x4.add(c, f32x4.mul(d, f1)), h1)
  h2 = f32x4.add(f32x4.add(c, f32x4.mul(d, f2)), h2)
  h3 = f32x4.add(f32x4.add(c, f32x4.mul(d, f3)), h3)
  h0 = f32x4.mul(h0, f32x4.mul(square0, square0))
  h1 = f32x4.mul(h1, f32x4.mul(square1, square1))
  h2 = f32x4.mul(h2, f32x4.mul(square2, square2))
  h3 = f32x4.mul(h3, f32x4.mul(square3, square3))
  c = v128.load32_splat(table + 8)
  d = v128.load32_splat(table + 12)
  let l0 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f0)), square0)
  let l1 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f1)), square1)
  let l2 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f2)), square2)
  let l3 = f32x4.mul(f32x4.add(c, f32x4.mul(d, f3)), square3)
  c = v128.load32_splat(table)
  d = v128.load32_splat(table + 4)
  l0 = f32x4.add(f32x4.add(f32x4.add(c, f32x4.mul(d, f0)), l0), h0)
  l1 = f32x4.add(f32x4.add(f32x4.add(c, f32x4.mul(d, f1)), l1), h1)
  l2 = f32x4.add(f32x4.add(f32x4.add(c, f32x4.mul(d, f2)), l2), h2)
  l3 = f32x4.add(f32x4.add(f32x4.add(c, f32x4.mul(d, f3)), l3), h3)
  v128.store(ptr, f32x4.add(e0, f32x4.mul(f0, l0)), 0)
  v128.store(ptr, f32x4.add(e1, f32x4.mul(f1, l1)), 16)
  v128.store(ptr, f32x4.add(e2, f32x4.mul(f2, l2)), 32)
  v128.store(ptr, f32x4.add(e3, f32x4.mul(f3, l3)), 48)
}

/** Eight squared radii at ptr and eight angle words at ptr + 64: r cos a goes to ptr, r sin a to ptr + 64. */
function turn(ptr: usize, scale: v128): void {
  // the root starts while the angle is on its way
  const r0 = f32x4.mul(f32x4.sqrt(v128.load(ptr, 0)), scale)
  const r1 = f32x4.mul(f32x4.sqrt(v128.load(ptr, 16)), scale)
  const word0 = v128.load(ptr, 64)
  const word1 = v128.load(ptr, 80)
  let c = v128.load32_splat(table + INV_2_31)
  const w0 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(word0, 1)), c)
  const w1 = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(word1, 1)), c)
  const t0 = f32x4.mul(w0, w0)
  const t1 = f32x4.mul(w1, w1)
  const square0 = f32x4.mul(t0, t0)
  const square1 = f32x4.mul(t1, t1)
  // S0 + S1 t + ... + S4 t^4 by Estrin's scheme
  c = v128.load32_splat(table + SINE + 8)
  let d = v128.load32_splat(table + SINE + 12)
  let inner0 = f32x4.add(c, f32x4.mul(d, t0))
  let inner1 = f32x4.add(c, f32x4.mul(d, t1))
  c = v128.load32_splat(table + SINE + 16)
  inner0 = f32x4.mul(f32x4.add(inner0, f32x4.mul(c, square0)), square0)
  inner1 = f32x4.mul(f32x4.add(inner1, f32x4.mul(c, square1)), square1)
  c = v128.load32_splat(table + SINE)
  d = v128.load32_splat(table + SINE + 4)
  inner0 = f32x4.add(f32x4.add(c, f32x4.mul(d, t0)), inner0)
  inner1 = f32x4.add(f32x4.add(c, f32x4.mul(d, t1)), inner1)
  v128.store(ptr, f32x4.mul(r0, f32x4.mul(w0, inner0)), 64)
  v128.store(ptr, f32x4.mul(r1, f32x4.mul(w1, inner1)), 80)
  // C0 + C1 t + ... + C4 t^4 likewise
  c = v128.load32_splat(table + COSINE + 8)
  d = v128.load32_splat(table + COSINE + 12)
  inner0 = f32x4.add(c, f32x4.mul(d, t0))
  inner1 = f32x4.add(c, f32x4.mul(d, t1))
  c = v128.load32_splat(table + COSINE + 16)
  inner0 = f32x4.mul(f32x4.add(inner0, f32x4.mul(c, square0)), square0)
  inner1 = f32x4.mul(f32x4.add(inner1, f32x4.mul(c, square1)), square1)
  c = v128.load32_splat(table + COSINE)
  d = v128.load32_splat(table + COSINE + 4)
  inner0 = f32x4.add(f32x4.add(c, f32x4.mul(d, t0)), inner0)
  inner1 = f32x4.add(f32x4.add(c, f32x4.mul(d, t1)), inner1)
  c = v128.load32_splat(table + SIGN)
  v128.store(ptr, f32x4.mul(r0, v128.xor(inner0, v128.and(word0, c))), 0)
  v128.store(ptr, f32x4.mul(r1, v128.xor(inner1, v128.and(word1, c))), 16)
}
