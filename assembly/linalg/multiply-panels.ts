import { K_BLOCK, TILE_COLS } from './accumulation'
import { tile1x32 } from './tile1x32'
import { tile4x8 } from './tile4x8'
import { tile5x8 } from './tile5x8'

const edge: usize = memory.data(160, 16)

/** Columns of a whose rows of one tile stay in a first-level cache while all panels pass; free to change: no bit depends on it. */
const K_PASS: i32 = 1024

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
  assert(m >= 1 && k >= 1 && n >= 1 && outRowStride >= (<usize>min(n, TILE_COLS)) << 2 && aStride >= (<usize>k) << 2)
  // m rows as tiles of 5 and 4 where that can be
  const tiles = (m + 4) / 5
  const fives = m - 4 * tiles
  for (let at = 0; at < k; at += K_PASS) {
    const kLen = min(K_PASS, k - at)
    const b = bPtr + ((<usize>at) << 5)
    let i = 0
    for (let t = 0; t < tiles; t++) {
      const rows = min(t < fives ? 5 : 4, m - i)
      const out = outPtr + <usize>i * outRowStride
      const a = aPtr + <usize>i * aStride + ((<usize>at) << 2)
      rowTile(out, outRowStride, outPanelStride, a, aStride, b, bStride, rows, kLen, n, accumulate || at > 0)
      i += rows
    }
  }
}

/** At most 5 rows of out against every panel; the blocks of the accumulation order innermost, while out is at hand. */
function rowTile(
  outPtr: usize,
  outRowStride: usize,
  outPanelStride: usize,
  aPtr: usize,
  aStride: usize,
  bPtr: usize,
  bStride: usize,
  rows: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  let j = 0
  while (j < n) {
    const width = min(TILE_COLS, n - j)
    const four = rows == 1 && n - j >= 4 * TILE_COLS
    for (let at = 0; at < k; at += K_BLOCK) {
      const kLen = min(K_BLOCK, k - at)
      const add = accumulate || at > 0
      const a = aPtr + ((<usize>at) << 2)
      const b = bPtr + ((<usize>at) << 5)
      if (four) tile1x32(outPtr, outPanelStride, a, b, bStride, kLen, add)
      else if (width < TILE_COLS) edgeTile(outPtr, outRowStride, a, aStride, b, kLen, rows, width, add)
      else if (rows == 5) tile5x8(outPtr, outRowStride, a, aStride, b, kLen, rows, add)
      else tile4x8(outPtr, outRowStride, a, aStride, b, kLen, rows, add)
    }
    const panels = four ? 4 : 1
    j += panels * TILE_COLS
    outPtr += <usize>panels * outPanelStride
    bPtr += <usize>panels * bStride
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
