import { promoteHigh, sumLanes } from '../stats/lanes'

/** grad: units f32, delta: panels of units x 8; grad = sum of delta's columns, in f64: eight lanes over ascending panels, then sumLanes. */
export function biasGradient(gradPtr: usize, deltaPtr: usize, units: i32, panels: i32): void {
  assert(units >= 1 && panels >= 1)
  const stride = (<usize>units) << 5
  for (let i = 0; i < units; i++) {
    let s0 = f64x2.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    let row = deltaPtr + ((<usize>i) << 5)
    for (let p = 0; p < panels; p++) {
      const a = v128.load(row, 0)
      const b = v128.load(row, 16)
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a))
      s1 = f64x2.add(s1, promoteHigh(a))
      s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b))
      s3 = f64x2.add(s3, promoteHigh(b))
      row += stride
    }
    store<f32>(gradPtr + ((<usize>i) << 2), <f32>sumLanes(s0, s1, s2, s3))
  }
}
