/**
 * w, m, v, grad: len f32, len a multiple of 4; m = beta1 m + (1 - beta1) grad, v = beta2 v + (1 - beta2) grad^2,
 * w -= rate (m / bias1) / (sqrt(v / bias2) + epsilon), bias = 1 - beta^t at step t = 1, 2, ... (Kingma & Ba 2015, algorithm 1).
 */
export function adamStep(
  wPtr: usize,
  mPtr: usize,
  vPtr: usize,
  gradPtr: usize,
  len: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  bias1: f32,
  bias2: f32,
): void {
  assert(len >= 0 && (len & 3) == 0)
  const step = f32x4.splat(rate)
  const keep1 = f32x4.splat(beta1)
  const keep2 = f32x4.splat(beta2)
  const take1 = f32x4.splat(1 - beta1)
  const take2 = f32x4.splat(1 - beta2)
  const floor = f32x4.splat(epsilon)
  const scale1 = f32x4.splat(bias1)
  const scale2 = f32x4.splat(bias2)
  for (let end = wPtr + ((<usize>len) << 2); wPtr < end; wPtr += 16) {
    const grad = v128.load(gradPtr)
    const m = f32x4.add(f32x4.mul(keep1, v128.load(mPtr)), f32x4.mul(take1, grad))
    const v = f32x4.add(f32x4.mul(keep2, v128.load(vPtr)), f32x4.mul(take2, f32x4.mul(grad, grad)))
    v128.store(mPtr, m)
    v128.store(vPtr, v)
    const size = f32x4.add(f32x4.sqrt(f32x4.div(v, scale2)), floor)
    v128.store(wPtr, f32x4.sub(v128.load(wPtr), f32x4.div(f32x4.mul(step, f32x4.div(m, scale1)), size)))
    mPtr += 16
    vPtr += 16
    gradPtr += 16
  }
}
