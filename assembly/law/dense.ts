// A dense layer with its Gaussian weights integrated out: exact in distribution, without the weights.
// For W: m x n of independent N(0, s^2) and inputs H = Q R (n x B, k = min(n, B) rows in R), W in the basis Q is such a matrix again,
// W = [G G'] Q^T with G its first k columns. So
//   forward   W H = G R;
//   backward  W^T D = Q [G^T D; G'^T D], and G'^T D, which nothing has seen yet, has independent rows of covariance s^2 D^T D: with
//             D = Q_D R_D it is E R_D, E of independent N(0, s^2).
// Only R_D's Gram matrix matters, and |D H^T|_F = |R_D R^T|_F.

import { multiplyPanels } from '../linalg/multiply-panels'
import { transpose } from '../linalg/transpose'
import { draw, NORMAL } from '../sampling/draw'
import {
  align,
  factor,
  factorBytes,
  panelsOf,
  productSquare,
  reflectorsOf,
  scalesOf,
  square,
  triangularPanels,
} from './factor'
import { reflectPanels, reflectWorkBytes } from './reflection'

/** Rows of G drawn and multiplied at once: a multiple of a stream's block and of the matrix product's. */
const CHUNK_ROWS: i32 = 4096

/** Bytes of the scratch that lawForward and lawBackward need, which may be more than there can be. */
export function lawWorkBytes(m: i32, n: i32, batch: i32): f64 {
  const chunk = align((min<u64>(max(m, n), CHUNK_ROWS) * <u64>batch) << 2)
  const reflection = reflectWorkBytes(n, min(n, batch), panelsOf(batch))
  return <f64>(factorBytes(m, batch) + 2 * chunk + reflection)
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
 * W of N(0, stddev^2): G is m x k, row-major, of the stream `key`. work: lawWorkBytes(m, n, batch) bytes.
 */
export function lawForward(
  zPtr: usize,
  factorPtr: usize,
  m: i32,
  n: i32,
  batch: i32,
  key: u64,
  stddev: f64,
  workPtr: usize,
): void {
  const r = triangularPanels(factorPtr, n, batch, true)
  gaussianTimes(zPtr, (<usize>m) << 5, r, m, min(n, batch), panelsOf(batch), key, stddev, workPtr)
}

/**
 * grad: panels of n x 8 = W^T d for the W of lawForward(.., factor, .., key, stddev, ..); d: panels of m x 8, its columns beyond the batch 0.
 * squares: f64 |d|^2 and |d h^T|_F^2. E is (n - k) x min(m, batch), row-major, of the stream `freshKey`.
 */
export function lawBackward(
  gradPtr: usize,
  squaresPtr: usize,
  dPtr: usize,
  factorPtr: usize,
  m: i32,
  n: i32,
  batch: i32,
  key: u64,
  freshKey: u64,
  stddev: f64,
  workPtr: usize,
): void {
  const panels = panelsOf(batch)
  const stride = (<usize>n) << 5
  const k = min(n, batch)
  const scratch = workPtr + <usize>factorBytes(m, batch)
  factor(workPtr, dPtr, m, batch)
  store<f64>(squaresPtr, square(workPtr, m, batch), 0)
  store<f64>(squaresPtr, productSquare(workPtr, m, factorPtr, n, batch), 8)

  const r = triangularPanels(workPtr, m, batch, false)
  gaussianTimes(gradPtr + ((<usize>k) << 5), stride, r, n - k, min(m, batch), panels, freshKey, stddev, scratch)
  gaussianTransposedTimes(gradPtr, stride, dPtr, m, k, panels, key, stddev, scratch)
  reflectPanels(gradPtr, panels, reflectorsOf(factorPtr, n, batch), scalesOf(factorPtr, n, batch), n, k, scratch)
}

/** out: panels of rows x 8 = G b; G: rows x k of N(0, stddev^2), b: panels of k x 8. scratch: CHUNK_ROWS k f32. */
function gaussianTimes(
  outPtr: usize,
  outStride: usize,
  bPtr: usize,
  rows: i32,
  k: i32,
  panels: i32,
  key: u64,
  stddev: f64,
  scratchPtr: usize,
): void {
  for (let row = 0; row < rows; row += CHUNK_ROWS) {
    const count = min(CHUNK_ROWS, rows - row)
    draw(scratchPtr, <u64>row * <u64>k, count * k, key, NORMAL, 0, stddev, 0, 0)
    const to = outPtr + ((<usize>row) << 5)
    multiplyPanels(to, 32, outStride, scratchPtr, (<usize>k) << 2, bPtr, (<usize>k) << 5, count, k, panels << 3, false)
  }
}

/** out: panels of k x 8 = G^T d for the same G: m x k; d: panels of m x 8. scratch: twice CHUNK_ROWS k f32. */
function gaussianTransposedTimes(
  outPtr: usize,
  outStride: usize,
  dPtr: usize,
  m: i32,
  k: i32,
  panels: i32,
  key: u64,
  stddev: f64,
  scratchPtr: usize,
): void {
  for (let row = 0; row < m; row += CHUNK_ROWS) {
    const count = min(CHUNK_ROWS, m - row)
    const stride = (<usize>count) << 2
    const transposed = scratchPtr + <usize>align(stride * k)
    draw(scratchPtr, <u64>row * <u64>k, count * k, key, NORMAL, 0, stddev, 0, 0)
    transpose(transposed, stride, scratchPtr, (<usize>k) << 2, count, k)
    const d = dPtr + ((<usize>row) << 5)
    multiplyPanels(outPtr, 32, outStride, transposed, stride, d, (<usize>m) << 5, k, count, panels << 3, row > 0)
  }
}
