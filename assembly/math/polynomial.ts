// Polynomials in four lanes by Horner's scheme, their coefficients f32 side by side in memory, the constant first.
// A broadcast from memory is one operation; a v128.const is built from four immediates at each use.

/** The 32 bits at `at` in every lane. */
export function constant(at: usize): v128 {
  return v128.load32_splat(at)
}

export function linear(x: v128, at: usize): v128 {
  return f32x4.add(constant(at), f32x4.mul(x, constant(at + 4)))
}

export function quadratic(x: v128, at: usize): v128 {
  return f32x4.add(constant(at), f32x4.mul(x, linear(x, at + 4)))
}

export function cubic(x: v128, at: usize): v128 {
  return f32x4.add(constant(at), f32x4.mul(x, quadratic(x, at + 4)))
}

export function quartic(x: v128, at: usize): v128 {
  return f32x4.add(constant(at), f32x4.mul(x, cubic(x, at + 4)))
}

export function quintic(x: v128, at: usize): v128 {
  return f32x4.add(constant(at), f32x4.mul(x, inline.always(quartic(x, at + 4))))
}
