/** w, v, grad: len f32, len a multiple of 4; v = momentum v + grad, w -= rate v. */
export function sgdStep(wPtr: usize, vPtr: usize, gradPtr: usize, len: i32, rate: f32, momentum: f32): void {
  assert(len >= 0 && (len & 3) == 0)
  const step = f32x4.splat(rate)
  const keep = f32x4.splat(momentum)
  for (let end = wPtr + ((<usize>len) << 2); wPtr < end; wPtr += 16) {
    const v = f32x4.add(f32x4.mul(keep, v128.load(vPtr)), v128.load(gradPtr))
    v128.store(vPtr, v)
    v128.store(wPtr, f32x4.sub(v128.load(wPtr), f32x4.mul(step, v)))
    vPtr += 16
    gradPtr += 16
  }
}
