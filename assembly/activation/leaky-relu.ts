/** x: len f32, in place: x where x > 0, else slope x. len a multiple of 4; slope >= 0. */
export function leakyRelu(xPtr: usize, len: i32, slope: f32): void {
  const zero = f32x4.splat(0)
  const scale = f32x4.splat(slope)
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 16) {
    const x = v128.load(xPtr)
    v128.store(xPtr, v128.bitselect(x, f32x4.mul(x, scale), f32x4.gt(x, zero)))
  }
}

/** grad, h: len f32; grad = grad where h > 0, else slope grad, with h the activation's output (of x's sign, as slope >= 0). */
export function leakyReluBackward(gradPtr: usize, hPtr: usize, len: i32, slope: f32): void {
  const zero = f32x4.splat(0)
  const scale = f32x4.splat(slope)
  for (let end = gradPtr + ((<usize>len) << 2); gradPtr < end; gradPtr += 16) {
    const grad = v128.load(gradPtr)
    v128.store(gradPtr, v128.bitselect(grad, f32x4.mul(grad, scale), f32x4.gt(v128.load(hPtr), zero)))
    hPtr += 16
  }
}
