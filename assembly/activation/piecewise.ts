// Activations made of straight lines and parabolas, and their derivatives, in four lanes; at a kink the derivative is that of
// src/activations. Bounds are relative, in u = 2^-24; exact where none is given.

/** z where z > 0, else slope z. */
export function leaky(z: v128, slope: v128): v128 {
  return v128.bitselect(z, f32x4.mul(z, slope), f32x4.gt(z, f32x4.splat(0)))
}

export function leakySlope(z: v128, slope: v128): v128 {
  return v128.bitselect(f32x4.splat(1), slope, f32x4.gt(z, f32x4.splat(0)))
}

/** max(low, min(high, z)). */
export function clamp(z: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(z, f32x4.splat(high)), f32x4.splat(low))
}

/** `slope` where low < z < high, else 0. */
export function clampSlope(z: v128, low: f32, high: f32, slope: f32): v128 {
  const inside = v128.and(f32x4.gt(z, f32x4.splat(low)), f32x4.lt(z, f32x4.splat(high)))
  return v128.and(inside, f32x4.splat(slope))
}

/** max(0, min(6, z + 3))/6, within 2 u. */
export function hardsigmoid(z: v128): v128 {
  return f32x4.div(clamp(f32x4.add(z, f32x4.splat(3)), 0, 6), f32x4.splat(6))
}

/** z hardsigmoid(z), within 3 u. */
export function hardswish(z: v128): v128 {
  return f32x4.mul(f32x4.pmax(z, f32x4.splat(-3)), hardsigmoid(z))
}

/** 0, (2z + 3)/6 and 1, with kinks at -3 and 3; within 2 u. */
export function hardswishSlope(z: v128): v128 {
  const middle = f32x4.div(f32x4.add(f32x4.add(z, z), f32x4.splat(3)), f32x4.splat(6))
  const upper = v128.bitselect(f32x4.splat(1), middle, f32x4.ge(z, f32x4.splat(3)))
  return v128.andnot(upper, f32x4.le(z, f32x4.splat(-3)))
}

/** max(0, z)^2, rounded once. */
export function squaredRelu(z: v128): v128 {
  const positive = f32x4.pmax(z, f32x4.splat(0))
  return f32x4.mul(positive, positive)
}

export function squaredReluSlope(z: v128): v128 {
  const positive = f32x4.pmax(z, f32x4.splat(0))
  return f32x4.add(positive, positive)
}
