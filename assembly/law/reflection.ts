// Q of a QR factorization (qr.ts) applied to panels, in compact WY form: Q = I - V U^-1 V^T with the columns s_i v_i in V and U the upper
// triangle of V^T V with 1 on the diagonal. Joffrain, Low, Quintana-Orti, van de Geijn & Van Zee 2006, "Accumulating Householder
// transformations, revisited".

import { multiplyPanels } from '../linalg/multiply-panels'
import { transpose } from '../linalg/transpose'
import { columnStride, innerProducts } from './columns'

/** Bytes of the scratch that reflectPanels needs. */
export function reflectWorkBytes(n: i32, k: i32, panels: i32): u64 {
  return 2 * matrixBytes(n, k) + 2 * matrixBytes(k, k) + ((<u64>panels * <u64>k) << 5)
}

/** y: panels of n x 8, y = Q y; a, scales: Q's k reflectors as qr() left them. work: reflectWorkBytes(n, k, panels) bytes. */
export function reflectPanels(
  yPtr: usize,
  panels: i32,
  aPtr: usize,
  scalesPtr: usize,
  n: i32,
  k: i32,
  workPtr: usize,
): void {
  const v = workPtr
  const vt = v + <usize>matrixBytes(n, k)
  const u = vt + <usize>matrixBytes(n, k)
  const c = u + 2 * <usize>matrixBytes(k, k)
  reflectorRows(vt, aPtr, scalesPtr, n, k)
  transpose(v, (<usize>k) << 2, vt, (<usize>n) << 2, k, n)
  upperTriangle(u, aPtr, scalesPtr, n, k)

  const yStride = (<usize>n) << 5
  const cStride = (<usize>k) << 5
  multiplyPanels(c, 32, cStride, vt, (<usize>n) << 2, yPtr, yStride, k, n, panels << 3, false)
  for (let p = 0; p < panels; p++) solveNegated(c + <usize>p * cStride, u, k)
  multiplyPanels(yPtr, 32, yStride, v, (<usize>k) << 2, c, cStride, n, k, panels << 3, true)
}

/** Bytes of m x n f32, so many that what follows is aligned to 16. */
function matrixBytes(m: i32, n: i32): u64 {
  return ((<u64>m * <u64>n + 3) & ~3) << 2
}

/** vt: k x n f32, row i = s_i v_i. */
function reflectorRows(vtPtr: usize, aPtr: usize, scalesPtr: usize, n: i32, k: i32): void {
  const stride = columnStride(n)
  for (let i = 0; i < k; i++) {
    let from = aPtr + <usize>i * stride
    const s = f64x2.splat(load<f64>(scalesPtr + ((<usize>i) << 3)))
    for (let l = n >> 1; l > 0; l--) {
      v128.store64_lane(vtPtr, f32x4.demote_f64x2_zero(f64x2.mul(s, v128.load(from))), 0)
      vtPtr += 8
      from += 16
    }
    if (n & 1) {
      store<f32>(vtPtr, <f32>(f64x2.extract_lane(s, 0) * load<f64>(from)))
      vtPtr += 4
    }
  }
}

/** u: k x k f64, row-major; its elements above the diagonal are those of V^T V, the others are not written. */
function upperTriangle(uPtr: usize, aPtr: usize, scalesPtr: usize, n: i32, k: i32): void {
  const stride = columnStride(n)
  for (let i = 0; i + 1 < k; i++) {
    const row = uPtr + ((<usize>i * <usize>k) << 3)
    innerProducts(row, aPtr + <usize>i * stride, aPtr, (i + 1) & ~1, n, i + 1, k)
    const scale = load<f64>(scalesPtr + ((<usize>i) << 3))
    for (let j = i + 1; j < k; j++) {
      const at = (<usize>j) << 3
      store<f64>(row + at, load<f64>(row + at) * scale * load<f64>(scalesPtr + at))
    }
  }
}

/** c: one panel of k x 8, c = -U^-1 c, by back substitution. */
function solveNegated(cPtr: usize, uPtr: usize, k: i32): void {
  for (let i = k - 1; i >= 0; i--) {
    const row = cPtr + ((<usize>i) << 5)
    let x = f32x4.neg(v128.load(row, 0))
    let y = f32x4.neg(v128.load(row, 16))
    for (let j = i + 1; j < k; j++) {
      const u = f32x4.splat(<f32>load<f64>(uPtr + ((<usize>(i * k + j)) << 3)))
      const solved = cPtr + ((<usize>j) << 5)
      x = f32x4.sub(x, f32x4.mul(u, v128.load(solved, 0)))
      y = f32x4.sub(y, f32x4.mul(u, v128.load(solved, 16)))
    }
    v128.store(row, x, 0)
    v128.store(row, y, 16)
  }
}
