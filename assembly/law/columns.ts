// Columns of f64, the operands of the QR factorization: column j of n x c begins at aPtr + j columnStride(n), an odd n has a 0 below.
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

/** x, y: rows i and i + 1 of four columns; the pair of column j goes to to + j stride. */
function fourPairs(to: usize, stride: usize, x: v128, y: v128): void {
  const low = v128.shuffle<f32>(x, y, 0, 4, 1, 5)
  const high = v128.shuffle<f32>(x, y, 2, 6, 3, 7)
  v128.store(to, f64x2.promote_low_f32x4(low))
  v128.store(to + stride, promoteHigh(low))
  v128.store(to + 2 * stride, f64x2.promote_low_f32x4(high))
  v128.store(to + 3 * stride, promoteHigh(high))
}

/** row: f64, row[j] = <u, column j> over the elements from .. n - 1, for j = j0 .. cols - 1; from is even. */
export function innerProducts(rowPtr: usize, uPtr: usize, aPtr: usize, from: i32, n: i32, j0: i32, cols: i32): void {
  const stride = columnStride(n)
  const start = (<usize>from) << 3
  for (let j = j0; j < cols; j += 4)
    innerFour(
      rowPtr + ((<usize>j) << 3),
      uPtr + start,
      aPtr + <usize>j * stride + start,
      stride,
      n - from,
      min(4, cols - j),
    )
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

/**
 * Takes row[j] v from column j, for j = j0 .. cols - 1 and the elements from .. n - 1, and puts <u, column j> of what is left into row[j],
 * u being column j0: one walk for the reflection and for the inner products of the next. from is even.
 */
export function reflectColumns(rowPtr: usize, vPtr: usize, aPtr: usize, from: i32, n: i32, j0: i32, cols: i32): void {
  const stride = columnStride(n)
  const start = (<usize>from) << 3
  const v = vPtr + start
  const u = aPtr + <usize>j0 * stride + start
  const len = n - from
  reflectFirst(rowPtr + ((<usize>j0) << 3), v, u, stride, len, min(4, cols - j0))
  for (let j = j0 + 4; j < cols; j += 4)
    reflectFour(rowPtr + ((<usize>j) << 3), v, u, aPtr + <usize>j * stride + start, stride, len, min(4, cols - j))
}

/** The column u = a and at most three after it, multiplied by what u has become. */
function reflectFirst(rowPtr: usize, vPtr: usize, aPtr: usize, stride: usize, len: i32, count: i32): void {
  let b = aPtr + (count > 1 ? stride : 0)
  let c = b + (count > 2 ? stride : 0)
  let d = c + (count > 3 ? stride : 0)
  const last = rowPtr + ((<usize>(count - 1)) << 3)
  const w0 = v128.load64_splat(rowPtr)
  const w1 = v128.load64_splat(min(rowPtr + 8, last))
  const w2 = v128.load64_splat(min(rowPtr + 16, last))
  const w3 = v128.load64_splat(last)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let end = vPtr + ((<usize>len) << 3); vPtr < end; vPtr += 16) {
    const v = v128.load(vPtr)
    const x0 = f64x2.sub(v128.load(aPtr), f64x2.mul(w0, v))
    const x1 = f64x2.sub(v128.load(b), f64x2.mul(w1, v))
    const x2 = f64x2.sub(v128.load(c), f64x2.mul(w2, v))
    const x3 = f64x2.sub(v128.load(d), f64x2.mul(w3, v))
    // all loads come before all stores: repeated columns must not be reflected twice
    v128.store(aPtr, x0)
    v128.store(b, x1)
    v128.store(c, x2)
    v128.store(d, x3)
    s0 = f64x2.add(s0, f64x2.mul(x0, x0))
    s1 = f64x2.add(s1, f64x2.mul(x0, x1))
    s2 = f64x2.add(s2, f64x2.mul(x0, x2))
    s3 = f64x2.add(s3, f64x2.mul(x0, x3))
    aPtr += 16
    b += 16
    c += 16
    d += 16
  }
  storeSums(rowPtr, count, s0, s1, s2, s3)
}

/** At most four columns: those beyond the last repeat it. */
function reflectFour(rowPtr: usize, vPtr: usize, uPtr: usize, aPtr: usize, stride: usize, len: i32, count: i32): void {
  let b = aPtr + (count > 1 ? stride : 0)
  let c = b + (count > 2 ? stride : 0)
  let d = c + (count > 3 ? stride : 0)
  const last = rowPtr + ((<usize>(count - 1)) << 3)
  const w0 = v128.load64_splat(rowPtr)
  const w1 = v128.load64_splat(min(rowPtr + 8, last))
  const w2 = v128.load64_splat(min(rowPtr + 16, last))
  const w3 = v128.load64_splat(last)
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  for (let end = vPtr + ((<usize>len) << 3); vPtr < end; vPtr += 16) {
    const v = v128.load(vPtr)
    const u = v128.load(uPtr)
    const x0 = f64x2.sub(v128.load(aPtr), f64x2.mul(w0, v))
    const x1 = f64x2.sub(v128.load(b), f64x2.mul(w1, v))
    const x2 = f64x2.sub(v128.load(c), f64x2.mul(w2, v))
    const x3 = f64x2.sub(v128.load(d), f64x2.mul(w3, v))
    v128.store(aPtr, x0)
    v128.store(b, x1)
    v128.store(c, x2)
    v128.store(d, x3)
    s0 = f64x2.add(s0, f64x2.mul(u, x0))
    s1 = f64x2.add(s1, f64x2.mul(u, x1))
    s2 = f64x2.add(s2, f64x2.mul(u, x2))
    s3 = f64x2.add(s3, f64x2.mul(u, x3))
    aPtr += 16
    b += 16
    c += 16
    d += 16
    uPtr += 16
  }
  storeSums(rowPtr, count, s0, s1, s2, s3)
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
