import { K_BLOCK } from './accumulation'
import { multiplyPanels } from './multiply-panels'

/**
 * out: one panel of m x 8 whose columns all are a x; a: m x k (row stride aStride bytes), x: one panel of k x 8 with equal columns.
 * The bits are those of multiplyPanels, which works on eight columns; here four rows share a vector.
 */
export function multiplyVector(outPtr: usize, aPtr: usize, aStride: usize, xPtr: usize, m: i32, k: i32): void {
  assert(m >= 1 && k >= 1 && aStride >= (<usize>k) << 2)
  const rows = (k & 3) == 0 ? m & ~7 : 0
  for (let i = 0; i < rows; i += 8) eightRows(outPtr + ((<usize>i) << 5), aPtr + <usize>i * aStride, aStride, xPtr, k)
  if (rows == m) return
  const out = outPtr + ((<usize>rows) << 5)
  multiplyPanels(out, 32, 0, aPtr + <usize>rows * aStride, aStride, xPtr, 0, m - rows, k, 8, false)
}

/** Columns taken from four rows before the next four have their turn: a line of cache. Rows 4096 bytes apart drive each other's lines out. */
const LINE: i32 = 16

/** k a multiple of 4. */
function eightRows(outPtr: usize, aPtr: usize, aStride: usize, xPtr: usize, k: i32): void {
  const fourRows = aStride << 2
  let sum0 = f32x4.splat(0)
  let sum1 = sum0
  for (let at = 0; at < k; at += K_BLOCK) {
    let block0 = f32x4.splat(0)
    let block1 = block0
    for (let left = min(K_BLOCK, k - at); left > 0; left -= LINE) {
      const len = min(LINE, left)
      block0 = products(block0, aPtr, aStride, xPtr, len)
      block1 = products(block1, aPtr + fourRows, aStride, xPtr, len)
      aPtr += (<usize>len) << 2
      xPtr += (<usize>len) << 5
    }
    // Trap: 0 + block would turn a first block of -0 into 0
    sum0 = at == 0 ? block0 : f32x4.add(sum0, block0)
    sum1 = at == 0 ? block1 : f32x4.add(sum1, block1)
  }
  storeColumn(outPtr, sum0)
  storeColumn(outPtr + 128, sum1)
}

/** sum + a x over len columns of four rows, ascending; lane i is row i; len a multiple of 4. */
function products(sum: v128, aPtr: usize, aStride: usize, xPtr: usize, len: i32): v128 {
  for (const end = aPtr + ((<usize>len) << 2); aPtr < end; aPtr += 16) {
    sum = inline.always(fourProducts(sum, aPtr, aStride, xPtr))
    xPtr += 128
  }
  return sum
}

/** sum + a x over four columns of four rows, ascending. */
function fourProducts(sum: v128, aPtr: usize, aStride: usize, xPtr: usize): v128 {
  const a = v128.load(aPtr)
  const b = v128.load(aPtr + aStride)
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const c = v128.load(aPtr + 2 * aStride)
  const d = v128.load(aPtr + 3 * aStride)
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  sum = f32x4.add(sum, f32x4.mul(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.load32_splat(xPtr, 0)))
  sum = f32x4.add(sum, f32x4.mul(v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), v128.load32_splat(xPtr, 32)))
  sum = f32x4.add(sum, f32x4.mul(v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), v128.load32_splat(xPtr, 64)))
  return f32x4.add(sum, f32x4.mul(v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), v128.load32_splat(xPtr, 96)))
}

/** Four rows of a panel, each of one lane. */
function storeColumn(outPtr: usize, x: v128): void {
  storeRow(outPtr, v128.shuffle<f32>(x, x, 0, 0, 0, 0))
  storeRow(outPtr + 32, v128.shuffle<f32>(x, x, 1, 1, 1, 1))
  storeRow(outPtr + 64, v128.shuffle<f32>(x, x, 2, 2, 2, 2))
  storeRow(outPtr + 96, v128.shuffle<f32>(x, x, 3, 3, 3, 3))
}

function storeRow(outPtr: usize, x: v128): void {
  v128.store(outPtr, x, 0)
  v128.store(outPtr, x, 16)
}
