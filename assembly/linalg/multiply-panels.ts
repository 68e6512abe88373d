import { K_BLOCK, TILE_COLS, TILE_ROWS, tile5x8 } from './tile'

const edge: usize = memory.data(160, 16)

/**
 * out: m x n, a: m x k (row stride aStride), b: ceil(n/8) panels of k x 8 (panel stride bStride). Strides in bytes.
 * Column panel j of out begins at outPtr + j outPanelStride, its rows outRowStride apart: row-major, or panels again.
 * out = a b, or out += a b when accumulate. n counts the columns that may be written.
 */
export function multiplyPanels(
  outPtr: usize,
  outRowStride: usize,
  outPanelStride: usize,
  aPtr: usize,
  aStride: usize,
  bPtr: usize,
  bStride: usize,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  for (let at = 0; at < k; at += K_BLOCK) {
    const kLen = min(K_BLOCK, k - at)
    const add = accumulate || at > 0
    let out = outPtr
    let b = bPtr + ((<usize>at) << 5)
    for (let j = 0; j < n; j += TILE_COLS) {
      const width = min(TILE_COLS, n - j)
      for (let i = 0; i < m; i += TILE_ROWS) {
        const rows = min(TILE_ROWS, m - i)
        const to = out + <usize>i * outRowStride
        const a = aPtr + <usize>i * aStride + ((<usize>at) << 2)
        if (width == TILE_COLS) tile5x8(to, outRowStride, a, aStride, b, kLen, rows, add)
        else edgeTile(to, outRowStride, a, aStride, b, kLen, rows, width, add)
      }
      out += outPanelStride
      b += bStride
    }
  }
}

/** The tile of a last panel with fewer than 8 columns, by way of a whole one. */
function edgeTile(
  outPtr: usize,
  outStride: usize,
  aPtr: usize,
  aStride: usize,
  bPtr: usize,
  k: i32,
  rows: i32,
  width: i32,
  accumulate: bool,
): void {
  const bytes = (<usize>width) << 2
  if (accumulate)
    for (let i = 0; i < rows; i++) memory.copy(edge + ((<usize>i) << 5), outPtr + <usize>i * outStride, bytes)
  tile5x8(edge, 32, aPtr, aStride, bPtr, k, rows, accumulate)
  for (let i = 0; i < rows; i++) memory.copy(outPtr + <usize>i * outStride, edge + ((<usize>i) << 5), bytes)
}
