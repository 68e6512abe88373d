// A dense layer with its Gaussian weights integrated out: exact in distribution, without the weights.
// For W: m x n of independent N(0, s^2) and inputs H = Q R (n x B), what W does to the columns of Q is a matrix G of such normals, m x B,
// and what it does to all that is orthogonal to them is independent of G. So
//   forward   W H = G R;
//   backward  W^T D = Q G^T D + (I - Q Q^T) E', E' having independent rows of covariance s^2 D^T D: with R_D^T R_D = D^T D it is
//             E R_D, E of independent N(0, s^2).
// |D H^T|_F^2 is the inner product of D^T D and H^T H.

import { multiplyPanels } from '../linalg/multiply-panels'
import { transpose } from '../linalg/transpose'
import { draw, NORMAL } from '../sampling/draw'
import { gramInner } from '../stats/gram'
import {
  basisOf,
  basisTriangleOf,
  factor,
  factorBytes,
  gramFactor,
  gramFactorBytes,
  gramOf,
  panelsOf,
  scalesOf,
  square,
  triangularPanels,
} from './factor'
import { projectionWorkBytes, replaceProjection } from './projection'

/** Bytes of the scratch that lawBackward needs, which may be more than there can be. */
export function lawWorkBytes(m: i32, n: i32, batch: i32): f64 {
  const panels = panelsOf(batch)
  const drawn = (<u64>max(m, n) * <u64>batch) << 2
  return <f64>(gramFactorBytes(batch) + seenBytes(panels) + max(drawn, projectionWorkBytes(n, panels)))
}

/** Bytes of G^T D. */
function seenBytes(panels: i32): u64 {
  return (<u64>panels * <u64>panels) << 8
}

/** Bytes of a factored input of n x batch. */
export function lawFactorBytes(n: i32, batch: i32): f64 {
  return <f64>factorBytes(n, batch)
}

/**
 * factor: lawFactorBytes(n, batch) bytes, what lawForward and lawBackward need of h: panels of n x 8, whose columns beyond the batch count
 * for nothing; lawBackward reads h again.
 */
export function lawFactor(factorPtr: usize, hPtr: usize, n: i32, batch: i32): void {
  factor(factorPtr, hPtr, n, batch)
}

/**
 * z: panels of m x 8, z = W h for the h that lawFactor factored; its columns beyond the batch repeat its last.
 * W of N(0, stddev^2): g: m x batch, row-major, becomes G of the stream `key`.
 */
export function lawForward(
  zPtr: usize,
  gPtr: usize,
  factorPtr: usize,
  m: i32,
  batch: i32,
  key: u64,
  stddev: f64,
): void {
  const r = triangularPanels(factorPtr, batch, true)
  gaussianTimes(zPtr, r, m, batch, panelsOf(batch), key, stddev, gPtr)
}

/**
 * grad: panels of n x 8 = W^T d for the W of lawForward(.., g, factor, .., stddev); d: panels of m x 8, its columns beyond the batch 0.
 * squares: f64 |d|^2 and |d h^T|_F^2. E is n x batch, row-major, of the stream `freshKey`. work: lawWorkBytes(m, n, batch) bytes.
 */
export function lawBackward(
  gradPtr: usize,
  squaresPtr: usize,
  dPtr: usize,
  gPtr: usize,
  factorPtr: usize,
  m: i32,
  n: i32,
  batch: i32,
  freshKey: u64,
  stddev: f64,
  workPtr: usize,
): void {
  const panels = panelsOf(batch)
  const seen = workPtr + <usize>gramFactorBytes(batch)
  const scratch = seen + <usize>seenBytes(panels)
  gramFactor(workPtr, dPtr, m, batch)
  store<f64>(squaresPtr, square(workPtr, batch), 0)
  store<f64>(squaresPtr, Math.max(0, gramInner(gramOf(workPtr), gramOf(factorPtr), panels)), 8)

  const r = triangularPanels(workPtr, batch, false)
  gaussianTimes(gradPtr, r, n, batch, panels, freshKey, stddev, scratch)
  transposedTimes(seen, dPtr, gPtr, m, batch, panels, scratch)
  const scales = scalesOf(factorPtr, batch)
  const triangle = basisTriangleOf(factorPtr, batch)
  replaceProjection(gradPtr, seen, basisOf(factorPtr), scales, triangle, n, batch, panels, scratch)
}

/** out: panels of rows x 8 = G b; g: rows x k, becomes G of N(0, stddev^2); b: panels of k x 8. */
function gaussianTimes(
  outPtr: usize,
  bPtr: usize,
  rows: i32,
  k: i32,
  panels: i32,
  key: u64,
  stddev: f64,
  gPtr: usize,
): void {
  const outStride = (<usize>rows) << 5
  draw(gPtr, 0, rows * k, key, NORMAL, 0, stddev, 0, 0)
  multiplyPanels(outPtr, 32, outStride, gPtr, (<usize>k) << 2, bPtr, (<usize>k) << 5, rows, k, panels << 3, false)
}

/** out: panels of 8 panels x 8, their first k rows = g^T d; g: m x k, row-major; d: panels of m x 8. scratch: m k f32. */
function transposedTimes(
  outPtr: usize,
  dPtr: usize,
  gPtr: usize,
  m: i32,
  k: i32,
  panels: i32,
  scratchPtr: usize,
): void {
  const stride = (<usize>m) << 2
  transpose(scratchPtr, stride, gPtr, (<usize>k) << 2, m, k)
  const outStride = (<usize>panels) << 8
  multiplyPanels(outPtr, 32, outStride, scratchPtr, stride, dPtr, (<usize>m) << 5, k, m, panels << 3, false)
}
