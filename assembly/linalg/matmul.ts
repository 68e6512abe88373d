import { multiplyPanels } from './multiply-panels'
import { packPanels, packPanelsTransposed } from './panels'
import { transpose } from './transpose'

/**
 * out: m x n, a: m x k (k x m when transposeA), b: k x n (n x k when transposeB), all row-major and dense; out = a b.
 * work: scratch of matmulWorkBytes(m, k, n, transposeA) bytes.
 */
export function matmul(
  outPtr: usize,
  aPtr: usize,
  bPtr: usize,
  workPtr: usize,
  m: i32,
  k: i32,
  n: i32,
  transposeA: bool,
  transposeB: bool,
): void {
  assert(m >= 1 && k >= 1 && n >= 1)
  if (transposeB) packPanelsTransposed(workPtr, bPtr, k, n, (<usize>k) << 2)
  else packPanels(workPtr, bPtr, k, n, (<usize>n) << 2)
  let a = aPtr
  if (transposeA) {
    a = workPtr + panelBytes(k, n)
    transpose(a, (<usize>k) << 2, aPtr, (<usize>m) << 2, k, m)
  }
  multiplyPanels(outPtr, (<usize>n) << 2, 32, a, (<usize>k) << 2, workPtr, (<usize>k) << 5, m, k, n, false)
}

/** Bytes of scratch matmul needs. */
export function matmulWorkBytes(m: i32, k: i32, n: i32, transposeA: bool): usize {
  return panelBytes(k, n) + (transposeA ? (<usize>m * <usize>k) << 2 : 0)
}

function panelBytes(k: i32, n: i32): usize {
  return (<usize>((n + 7) >> 3) * <usize>k) << 5
}
