import { K_BLOCK, TILE_COLS } from './accumulation'
import { TILE_ROWS } from './store-rows'
import { tile1x32 } from './tile1x32'
import { tile4x8 } from './tile4x8'
import { tile4x8Unrolled } from './tile4x8-unrolled'
import { tile4x16 } from './tile4x16'

const edge: usize = memory.data(128, 16)

/**
 * A pass multiplies K_PASS columns of a with N_PASS columns of b, which fit a second-level cache; long runs of b are fetched best. Where a has
 * more than MANY_COLUMNS, and more than FEW_ROWS to fill the cache with beside b, its rows come M_PASS at a time and tiles of 8 columns go over
 * them in short passes. Two panels of up to MANY_COLUMNS fill a first-level cache: wide tiles take the rows to those before the next two.
 * All are free to change: no bit depends on them.
 */
const K_PASS: i32 = 1024
const SHORT_K_PASS: i32 = 256
const FEW_ROWS: i32 = 16
const M_PASS: i32 = 256
const MANY_COLUMNS: i32 = 512
const N_PASS: i32 = 128

let wide: bool = false
let unrolled: bool = false

/** Whether panels go two at a time: faster where the engine fuses adjacent vectors to 256 bits, slower elsewhere; no bit depends on it. */
export function useWideTiles(on: bool): void {
  wide = on
}

/** Whether the steps of a tile come in blocks of four: faster where the engine's compiler keeps their order, slower elsewhere; no bit depends on it. */
export function useUnrolledTiles(on: bool): void {
  unrolled = on
}

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
  const kPass = m > FEW_ROWS && k > MANY_COLUMNS && !wide ? SHORT_K_PASS : K_PASS
  const nPass = wide && k > K_BLOCK && k <= MANY_COLUMNS ? 2 * TILE_COLS : N_PASS
  for (let row = 0; row < m; row += M_PASS) {
    const end = min(row + M_PASS, m)
    for (let at = 0; at < k; at += kPass) {
      const kLen = min(kPass, k - at)
      const add = accumulate || at > 0
      for (let j = 0; j < n; j += nPass) {
        const panel = <usize>(j >> 3)
        const b = bPtr + panel * bStride + ((<usize>at) << 5)
        const out = outPtr + panel * outPanelStride
        const a = aPtr + ((<usize>at) << 2)
        const nLen = min(nPass, n - j)
        for (let i = row; i < end; i += TILE_ROWS) {
          const rows = min(TILE_ROWS, end - i)
          const to = out + <usize>i * outRowStride
          rowTile(to, outRowStride, outPanelStride, a + <usize>i * aStride, aStride, b, bStride, rows, kLen, nLen, add)
        }
      }
    }
  }
}

/** At most TILE_ROWS rows of out against every panel; the blocks of the accumulation order innermost, while out is at hand. */
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
  // whole panels of one block, the common case, with little to keep over the calls
  if (unrolled && !wide && rows > 1 && k <= K_BLOCK) {
    for (; j <= n - TILE_COLS; j += TILE_COLS) {
      tile4x8Unrolled(outPtr, outRowStride, aPtr, aStride, bPtr, k, rows, accumulate)
      outPtr += outPanelStride
      bPtr += bStride
    }
  }
  while (j < n) {
    const width = min(TILE_COLS, n - j)
    const four = rows == 1 && n - j >= 4 * TILE_COLS
    const two = wide && !four && n - j >= 2 * TILE_COLS
    for (let at = 0; at < k; at += K_BLOCK) {
      const kLen = min(K_BLOCK, k - at)
      const add = accumulate || at > 0
      const a = aPtr + ((<usize>at) << 2)
      const b = bPtr + ((<usize>at) << 5)
      if (four) tile1x32(outPtr, outPanelStride, a, b, bStride, kLen, add)
      else if (two) tile4x16(outPtr, outRowStride, outPanelStride, a, aStride, b, bStride, kLen, rows, add)
      else if (width < TILE_COLS) edgeTile(outPtr, outRowStride, a, aStride, b, kLen, rows, width, add)
      else if (unrolled) tile4x8Unrolled(outPtr, outRowStride, a, aStride, b, kLen, rows, add)
      else tile4x8(outPtr, outRowStride, a, aStride, b, kLen, rows, add)
    }
    const panels = four ? 4 : two ? 2 : 1
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
  tile4x8(edge, 32, aPtr, aStride, bPtr, k, rows, accumulate)
  for (let i = 0; i < rows; i++) memory.copy(outPtr + <usize>i * outStride, edge + ((<usize>i) << 5), bytes)
}
