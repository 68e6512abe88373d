// Columns of f64, the operands of the orthonormalisation: column j of n x c begins at aPtr + j columnStride(n), an odd n has a 0 below.
// An inner product has two accumulators, one for the even and one for the odd elements, ascending. Stream.

import { promoteHigh } from '../stats/lanes'

/** Bytes from one column to the next: a line more than the elements need, as columns a power of two apart share lines of a cache. */
export function columnStride(n: i32): usize {
  return ((<usize>((n + 1) & ~1)) << 3) + 64
}

/** a: 8 panels columns of n f64, from h: panels of n x 8 f32. */
export function columnsFromPanels(aPtr: usize, hPtr: usize, n: i32, panels: i32): void {
  const stride = columnStride(n)
  for (let four = 0; four < 2 * panels; four++) {
    let from = hPtr + ((<usize>(four >> 1) * <usize>n) << 5) + ((<usize>(four & 1)) << 4)
    let to = aPtr + <usize>(4 * four) * stride
    for (let i = 0; i < n; i += 2) {
      fourPairs(to, stride, v128.load(from), i + 1 < n ? v128.load(from, 32) : f32x4.splat(0))
      from += 64
      to += 16
    }
  }
}

/** h: panels of n x 8 f32, from a: 8 panels columns of n f64. */
export function panelsFromColumns(hPtr: usize, aPtr: usize, n: i32, panels: i32): void {
  const stride = columnStride(n)
  for (let j = 0; j < 8 * panels; j++) {
    const to = hPtr + ((<usize>(j >> 3) * <usize>n) << 5) + ((<usize>(j & 7)) << 2)
    const from = aPtr + <usize>j * stride
    for (let i = 0; i < n; i++) store<f32>(to + ((<usize>i) << 5), <f32>load<f64>(from + ((<usize>i) << 3)))
  }
}

/** x, y: rows i and i + 1 of four columns; the pair of column j goes to to + j stride. */
function fourPairs(to: usize, stride: usize, x: v128, y: v128): void {
  const low = v128.shuffle<f32>(x, y, 0, 4, 1, 5)
  const high = v128.shuffle<f32>(x, y, 2, 6, 3, 7)
  v128.store(to, f64x2.promote_low_f32x4(low))
  v128.store(to + stride, promoteHigh(low))
  v128.store(to + 2 * stride, f64x2.promote_low_f32x4(high))
  v128.store(to + 3 * stride, promoteHigh(high))
}

/** row: cols f64, row[j] = <u, column j>. */
export function innerProducts(rowPtr: usize, uPtr: usize, aPtr: usize, n: i32, cols: i32): void {
  const stride = columnStride(n)
  for (let j = 0; j < cols; j += 4)
    innerFour(rowPtr + ((<usize>j) << 3), uPtr, aPtr + <usize>j * stride, stride, n, min(4, cols - j))
}

/** At most four columns: those beyond the last repeat it, and give the same number. */
function innerFour(rowPtr: usize, uPtr: usize, aPtr: usize, stride: usize, len: i32, count: i32): void {
  let b = aPtr + (count > 1 ? stride : 0)
  let c = b + (count > 2 ? stride : 0)
  let d = c + (count > 3 ? stride : 0)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let end = uPtr + ((<usize>len) << 3); uPtr < end; uPtr += 16) {
    const u = v128.load(uPtr)
    s0 = f64x2.add(s0, f64x2.mul(u, v128.load(aPtr)))
    s1 = f64x2.add(s1, f64x2.mul(u, v128.load(b)))
    s2 = f64x2.add(s2, f64x2.mul(u, v128.load(c)))
    s3 = f64x2.add(s3, f64x2.mul(u, v128.load(d)))
    aPtr += 16
    b += 16
    c += 16
    d += 16
  }
  storeSums(rowPtr, count, s0, s1, s2, s3)
}

/** x: n f64, x -= the sum over j = 0 .. cols - 1 of row[j] column j. */
export function takeColumns(xPtr: usize, rowPtr: usize, aPtr: usize, n: i32, cols: i32): void {
  const stride = columnStride(n)
  const bytes = (<usize>((n + 1) & ~1)) << 3
  for (let j = 0; j < cols; j++) {
    const w = v128.load64_splat(rowPtr + ((<usize>j) << 3))
    const column = aPtr + <usize>j * stride
    for (let at: usize = 0; at < bytes; at += 16)
      v128.store(xPtr + at, f64x2.sub(v128.load(xPtr + at), f64x2.mul(w, v128.load(column + at))))
  }
}

/** x: n f64, x *= by. */
export function scaleColumn(xPtr: usize, by: f64, n: i32): void {
  const factor = f64x2.splat(by)
  for (const end = xPtr + ((<usize>n) << 3); xPtr < end; xPtr += 16)
    v128.store(xPtr, f64x2.mul(v128.load(xPtr), factor))
}

/** row[0 .. count - 1]: the two lanes' sum of each; sums beyond the last repeat it. */
function storeSums(rowPtr: usize, count: i32, s0: v128, s1: v128, s2: v128, s3: v128): void {
  store<f64>(rowPtr, both(s0))
  if (count > 1) store<f64>(rowPtr, both(s1), 8)
  if (count > 2) store<f64>(rowPtr, both(s2), 16)
  if (count > 3) store<f64>(rowPtr, both(s3), 24)
}

/** The two lanes' sum. */
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}
