/** x: len f32, x *= by; len a multiple of 4. Exact while `by` is a power of two and nothing leaves the normal range. */
export function scale(xPtr: usize, len: i32, by: f32): void {
  assert(len >= 0 && (len & 3) == 0)
  const factor = f32x4.splat(by)
  for (let end = xPtr + ((<usize>len) << 2); xPtr < end; xPtr += 16)
    v128.store(xPtr, f32x4.mul(v128.load(xPtr), factor))
}

/** z: panels of units x 8, bias: units f32; z += bias in every column. */
export function addBias(zPtr: usize, biasPtr: usize, units: i32, panels: i32): void {
  assert(units >= 0 && panels >= 0)
  for (let p = 0; p < panels; p++)
    for (let i = 0; i < units; i++) {
      const b = v128.load32_splat(biasPtr + ((<usize>i) << 2))
      v128.store(zPtr, f32x4.add(v128.load(zPtr, 0), b), 0)
      v128.store(zPtr, f32x4.add(v128.load(zPtr, 16), b), 16)
      zPtr += 32
    }
}
