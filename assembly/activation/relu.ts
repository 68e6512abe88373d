/** x: len f32, in place: max(x, 0); NaN stays NaN. len a multiple of 4. */
export function relu(xPtr: usize, len: i32): void {
  const zero = f32x4.splat(0)
  // Trap: pmax(zero, x) would turn NaN into 0
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 16) v128.store(xPtr, f32x4.pmax(v128.load(xPtr), zero))
}

/** grad, h: len f32; grad = grad where h > 0, else 0, with h the activation's output. len a multiple of 4. */
export function reluBackward(gradPtr: usize, hPtr: usize, len: i32): void {
  const zero = f32x4.splat(0)
  for (let end = gradPtr + ((<usize>len) << 2); gradPtr < end; gradPtr += 16) {
    v128.store(gradPtr, v128.and(v128.load(gradPtr), f32x4.gt(v128.load(hPtr), zero)))
    hPtr += 16
  }
}
