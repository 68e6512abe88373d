/** Lanes 2 and 3 of an f32x4 as f64x2. */
export function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3))
}

/** Eight f64 lanes, two a vector: ((0+4)+(2+6)) + ((1+5)+(3+7)). */
export function sumLanes(a: v128, b: v128, c: v128, d: v128): f64 {
  const s = f64x2.add(f64x2.add(a, c), f64x2.add(b, d))
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1)
}
