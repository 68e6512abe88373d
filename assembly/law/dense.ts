// A dense layer with its Gaussian weights integrated out: exact in distribution, without the weights.
// For W: m x n of independent N(0, s^2) and inputs H = Q R (n x B, k = min(n, B) rows in R), W in the basis Q is such a matrix again,
// W = [G G'] Q^T with G its first k columns. So
//   forward   W H = G R;
//   backward  W^T D = Q [G^T D; G'^T D], and G'^T D, which nothing has seen yet, has independent rows of covariance s^2 D^T D: with
//             D = Q_D R_D it is E R_D, E of independent N(0, s^2).
// Where Q is known only as H R^-1 (factor.ts), E has n rows, and what of E R_D lies in the columns of Q is replaced by G^T D.
// Only R_D's Gram matrix matters, and |D H^T|_F^2 is the inner product of D^T D and H^T H.

import { multiplyPanels } from '../linalg/multiply-panels'
import { transpose } from '../linalg/transpose'
import { draw, NORMAL } from '../sampling/draw'
import { gramInner } from '../stats/gram'
import {
  factor,
  factorBytes,
  gramFactor,
  gramFactorBytes,
  gramOf,
  isWellConditioned,
  panelsOf,
  reflectorsOf,
  scalesOf,
  square,
  triangleOf,
  triangularPanels,
} from './factor'
import { projectionWorkBytes, replaceProjection } from './projection'
import { reflectPanels, reflectWorkBytes } from './reflection'

/** Bytes of the scratch that lawBackward needs, which may be more than there can be. */
export function lawWorkBytes(m: i32, n: i32, batch: i32): f64 {
  const panels = panelsOf(batch)
  const drawn = (<u64>max(m, n) * <u64>batch) << 2
  const basis = max(reflectWorkBytes(n, min(n, batch), panels), projectionWorkBytes(n, panels))
  return <f64>(gramFactorBytes(batch) + seenBytes(panels) + max(drawn, basis))
}

/** Bytes of G^T D. */
function seenBytes(panels: i32): u64 {
  return (<u64>panels * <u64>panels) << 8
}

/** Bytes of a factored input of n x batch. */
export function lawFactorBytes(n: i32, batch: i32): f64 {
  return <f64>factorBytes(n, batch)
}

/** factor: lawFactorBytes(n, batch) bytes, what lawForward and lawBackward need of h: panels of n x 8, whose columns beyond the batch count for nothing. */
export function lawFactor(factorPtr: usize, hPtr: usize, n: i32, batch: i32): void {
  factor(factorPtr, hPtr, n, batch)
}

/**
 * z: panels of m x 8, z = W h for the h of n x batch that lawFactor factored; its columns beyond the batch repeat its last.
 * W of N(0, stddev^2): g: m x k, row-major, becomes G of the stream `key`.
 */
export function lawForward(
  zPtr: usize,
  gPtr: usize,
  factorPtr: usize,
  m: i32,
  n: i32,
  batch: i32,
  key: u64,
  stddev: f64,
): void {
  const r = triangularPanels(factorPtr, n, batch, true)
  gaussianTimes(zPtr, (<usize>m) << 5, r, m, min(n, batch), panelsOf(batch), key, stddev, gPtr)
}

/**
 * grad: panels of n x 8 = W^T d for the W of lawForward(.., g, factor, .., stddev) and the h of `factor`; d: panels of m x 8, its columns
 * beyond the batch 0. squares: f64 |d|^2 and |d h^T|_F^2. E is row-major with a column a sample, of the stream `freshKey`.
 * work: lawWorkBytes(m, n, batch) bytes.
 */
export function lawBackward(
  gradPtr: usize,
  squaresPtr: usize,
  dPtr: usize,
  gPtr: usize,
  factorPtr: usize,
  hPtr: usize,
  m: i32,
  n: i32,
  batch: i32,
  freshKey: u64,
  stddev: f64,
  workPtr: usize,
): void {
  const panels = panelsOf(batch)
  const stride = (<usize>n) << 5
  const seen = workPtr + <usize>gramFactorBytes(batch)
  const scratch = seen + <usize>seenBytes(panels)
  gramFactor(workPtr, dPtr, m, batch)
  store<f64>(squaresPtr, square(workPtr, batch), 0)
  store<f64>(squaresPtr, Math.max(0, gramInner(gramOf(workPtr), gramOf(factorPtr), panels)), 8)

  const r = triangularPanels(workPtr, batch, batch, false)
  if (isWellConditioned(factorPtr)) {
    gaussianTimes(gradPtr, stride, r, n, batch, panels, freshKey, stddev, scratch)
    transposedTimes(seen, (<usize>panels) << 8, dPtr, gPtr, m, batch, panels, scratch)
    const triangle = triangleOf(factorPtr, batch)
    replaceProjection(gradPtr, seen, hPtr, triangle, gramOf(factorPtr), n, batch, panels, scratch)
    return
  }
  const k = min(n, batch)
  gaussianTimes(gradPtr + ((<usize>k) << 5), stride, r, n - k, batch, panels, freshKey, stddev, scratch)
  transposedTimes(gradPtr, stride, dPtr, gPtr, m, k, panels, scratch)
  reflectPanels(gradPtr, panels, reflectorsOf(factorPtr, n, batch), scalesOf(factorPtr, n, batch), n, k, scratch)
}

/** out: panels of rows x 8 = G b; g: rows x k, becomes G of N(0, stddev^2); b: panels of k x 8. */
function gaussianTimes(
  outPtr: usize,
  outStride: usize,
  bPtr: usize,
  rows: i32,
  k: i32,
  panels: i32,
  key: u64,
  stddev: f64,
  gPtr: usize,
): void {
  if (rows == 0) return
  draw(gPtr, 0, rows * k, key, NORMAL, 0, stddev, 0, 0)
  multiplyPanels(outPtr, 32, outStride, gPtr, (<usize>k) << 2, bPtr, (<usize>k) << 5, rows, k, panels << 3, false)
}

/** out: panels of k x 8 = g^T d; g: m x k, row-major; d: panels of m x 8. scratch: m k f32. */
function transposedTimes(
  outPtr: usize,
  outStride: usize,
  dPtr: usize,
  gPtr: usize,
  m: i32,
  k: i32,
  panels: i32,
  scratchPtr: usize,
): void {
  const stride = (<usize>m) << 2
  transpose(scratchPtr, stride, gPtr, (<usize>k) << 2, m, k)
  multiplyPanels(outPtr, 32, outStride, scratchPtr, stride, dPtr, (<usize>m) << 5, k, m, panels << 3, false)
}
