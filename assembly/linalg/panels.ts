// A matrix in panels: k x n as ceil(n / 8) panels of k x 8, each row-major and contiguous: element (i, j) lies at
// panel j / 8, row i, column j % 8. What a register tile reads is then one forward walk.

import { transpose } from './transpose'

/** panels: ceil(n/8) panels of k x 8; b: k x n, row stride bStride bytes. Columns beyond n are 0. */
export function packPanels(panelsPtr: usize, bPtr: usize, k: i32, n: i32, bStride: usize): void {
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j)
    let from = bPtr + ((<usize>j) << 2)
    for (let i = 0; i < k; i++) {
      if (width == 8) {
        v128.store(panelsPtr, v128.load(from, 0), 0)
        v128.store(panelsPtr, v128.load(from, 16), 16)
      } else {
        memory.fill(panelsPtr, 0, 32)
        memory.copy(panelsPtr, from, (<usize>width) << 2)
      }
      panelsPtr += 32
      from += bStride
    }
  }
}

/** panels: ceil(n/8) panels of k x 8; b: n x k, row stride bStride bytes, so that the panels hold its transpose. Columns beyond n are 0. */
export function packPanelsTransposed(panelsPtr: usize, bPtr: usize, k: i32, n: i32, bStride: usize): void {
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j)
    if (width < 8) memory.fill(panelsPtr, 0, (<usize>k) << 5)
    transpose(panelsPtr, 32, bPtr + <usize>j * bStride, bStride, width, k)
    panelsPtr += (<usize>k) << 5
  }
}

/** out: k x n, row stride outStride bytes; panels: ceil(n/8) panels of k x 8. */
export function unpackPanels(outPtr: usize, panelsPtr: usize, k: i32, n: i32, outStride: usize): void {
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j)
    let to = outPtr + ((<usize>j) << 2)
    for (let i = 0; i < k; i++) {
      // a call of memory.copy costs more than the 32 bytes
      if (width == 8) {
        v128.store(to, v128.load(panelsPtr, 0), 0)
        v128.store(to, v128.load(panelsPtr, 16), 16)
      } else memory.copy(to, panelsPtr, (<usize>width) << 2)
      panelsPtr += 32
      to += outStride
    }
  }
}

/** out: ceil(k/8) panels of n x 8, the transpose of panels: ceil(n/8) panels of k x 8. Columns beyond k are 0. */
export function transposePanels(outPtr: usize, panelsPtr: usize, k: i32, n: i32): void {
  const outStride = (<usize>n) << 5
  if ((k & 7) != 0) memory.fill(outPtr + <usize>(k >> 3) * outStride, 0, outStride)
  for (let j = 0; j < n; j += 8) {
    const width = min(8, n - j)
    let to = outPtr + ((<usize>j) << 5)
    for (let i = 0; i < k; i += 8) {
      transpose(to, 32, panelsPtr + ((<usize>i) << 5), 32, min(8, k - i), width)
      to += outStride
    }
    panelsPtr += (<usize>k) << 5
  }
}
