/** y, x: len f32, y += by x; len a multiple of 4. */
export function addScaled(yPtr: usize, xPtr: usize, len: i32, by: f32): void {
  assert(len >= 0 && (len & 3) == 0)
  const factor = f32x4.splat(by)
  for (let end = yPtr + ((<usize>len) << 2); yPtr < end; yPtr += 16) {
    v128.store(yPtr, f32x4.add(v128.load(yPtr), f32x4.mul(factor, v128.load(xPtr))))
    xPtr += 16
  }
}
