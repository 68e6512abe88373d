// Columns of an orthonormal Q that is known as B T^-1 (factor.ts): a Gaussian matrix Y without its part in them is Y - Q Q^T Y.

import { multiplyPanels } from '../linalg/multiply-panels'
import { transpose } from '../linalg/transpose'

/** Bytes of the scratch that replaceProjection needs. */
export function projectionWorkBytes(n: i32, panels: i32): u64 {
  const columns = (<u64>panels) << 3
  return 2 * ((<u64>n * columns) << 2) + ((columns * columns) << 2)
}

/**
 * y: panels of n x 8, y = (I - Q Q^T) y + Q s; s: panels of 8 panels x 8, whose rows beyond c count for nothing.
 * b: panels of n x 8; scales: 8 panels f32; triangle: c x c f32, T as scaledTriangle() has it. work: projectionWorkBytes(n, panels) bytes.
 */
export function replaceProjection(
  yPtr: usize,
  sPtr: usize,
  bPtr: usize,
  scalesPtr: usize,
  trianglePtr: usize,
  n: i32,
  c: i32,
  panels: i32,
  workPtr: usize,
): void {
  const columns = panels << 3
  const bytes = (<usize>n * <usize>columns) << 2
  const rows = workPtr
  const transposed = rows + bytes
  const inner = transposed + bytes
  const stride = (<usize>columns) << 5
  scaledRows(rows, bPtr, scalesPtr, n, panels)
  transpose(transposed, (<usize>n) << 2, rows, (<usize>columns) << 2, n, columns)

  multiplyPanels(inner, 32, stride, transposed, (<usize>n) << 2, yPtr, (<usize>n) << 5, columns, n, columns, false)
  for (let p = 0; p < panels; p++) {
    const panel = <usize>p * stride
    solve(inner + panel, sPtr + panel, trianglePtr, c)
    memory.fill(inner + panel + ((<usize>c) << 5), 0, (<usize>(columns - c)) << 5)
  }
  multiplyPanels(yPtr, 32, (<usize>n) << 5, rows, (<usize>columns) << 2, inner, stride, n, columns, columns, true)
}

/**
 * scales: f32, 2^-e for the e of |h_j| in [2^e, 2^(e + 1)), 0 for the columns beyond c: of norm about 1, the columns of H leave nothing
 * outside float32 on the way, whatever their size.
 */
export function columnScales(scalesPtr: usize, gramPtr: usize, c: i32, columns: i32): void {
  memory.fill(scalesPtr, 0, (<usize>columns) << 2)
  for (let j = 0; j < c; j++) {
    const square = load<u64>(gramPtr + ((<usize>j * <usize>columns + <usize>j) << 3))
    const exponent = ((<i32>(square >> 52) & 2047) - 1023) >> 1
    store<i32>(scalesPtr + ((<usize>j) << 2), (127 - max(-126, min(126, exponent))) << 23)
  }
}

/** triangle: c x c f32, r with its columns scaled, the inverses of its diagonal in their places. */
export function scaledTriangle(trianglePtr: usize, rPtr: usize, scalesPtr: usize, c: i32): void {
  for (let i = 0; i < c; i++)
    for (let j = i; j < c; j++) {
      const at = <usize>(i * c + j)
      const scaled = load<f64>(rPtr + (at << 3)) * <f64>load<f32>(scalesPtr + ((<usize>j) << 2))
      store<f32>(trianglePtr + (at << 2), <f32>(i == j ? 1 / scaled : scaled))
    }
}

/** rows: n x 8 panels f32, row-major, the scaled columns of b. */
function scaledRows(rowsPtr: usize, bPtr: usize, scalesPtr: usize, n: i32, panels: i32): void {
  const rowBytes = (<usize>panels) << 5
  for (let p = 0; p < panels; p++) {
    const low = v128.load(scalesPtr, 0)
    const high = v128.load(scalesPtr, 16)
    let to = rowsPtr + ((<usize>p) << 5)
    for (let i = 0; i < n; i++) {
      v128.store(to, f32x4.mul(v128.load(bPtr, 0), low), 0)
      v128.store(to, f32x4.mul(v128.load(bPtr, 16), high), 16)
      bPtr += 32
      to += rowBytes
    }
    scalesPtr += 32
  }
}

/** x, s: panels of c x 8; x = T^-1 (s - T^-T x). */
function solve(xPtr: usize, sPtr: usize, trianglePtr: usize, c: i32): void {
  const rowBytes = (<usize>c) << 2
  for (let i = 0; i < c; i++) substitute(xPtr, i, 0, i, trianglePtr + ((<usize>i) << 2), rowBytes, trianglePtr, c)
  for (let at: usize = 0; at < (<usize>c) << 5; at += 16)
    v128.store(xPtr + at, f32x4.sub(v128.load(sPtr + at), v128.load(xPtr + at)))
  for (let i = c - 1; i >= 0; i--)
    substitute(xPtr, i, i + 1, c, trianglePtr + <usize>i * rowBytes + ((<usize>(i + 1)) << 2), 4, trianglePtr, c)
}

/** x_i = (x_i - sum over l = l0 .. l1 - 1 of u_l x_l) / t_ii; u: the first of those factors, each `step` bytes after the last. */
function substitute(xPtr: usize, i: i32, l0: i32, l1: i32, uPtr: usize, step: usize, trianglePtr: usize, c: i32): void {
  const row = xPtr + ((<usize>i) << 5)
  let low = v128.load(row, 0)
  let high = v128.load(row, 16)
  for (let l = l0; l < l1; l++) {
    const u = v128.load32_splat(uPtr)
    const solved = xPtr + ((<usize>l) << 5)
    low = f32x4.sub(low, f32x4.mul(u, v128.load(solved, 0)))
    high = f32x4.sub(high, f32x4.mul(u, v128.load(solved, 16)))
    uPtr += step
  }
  const inverse = v128.load32_splat(trianglePtr + ((<usize>(i * c + i)) << 2))
  v128.store(row, f32x4.mul(low, inverse), 0)
  v128.store(row, f32x4.mul(high, inverse), 16)
}
