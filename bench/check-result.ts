import { B_FROM, element, sampledIndices } from './operands'
import { referenceLosses } from './training-task'

const UNIT_ROUNDOFF = 2 ** -24

/** What is wrong with the result of a case `kind,n,n,...`, or undefined when it is right. */
export function wrongResult(kind: string, numbers: readonly number[], result: readonly number[]): string | undefined {
  const check = CHECKS[kind]
  if (result.length === 0 || !result.every(Number.isFinite)) return `expected finite numbers, got [${result}]`
  return check(numbers, result)
}

type Check = (numbers: readonly number[], result: readonly number[]) => string | undefined

const nothing: Check = () => undefined

const CHECKS: Record<string, Check> = {
  product: ([m, k, n], result) => productError([m, k, n, 0, 0], result),
  matmul: productError,
  normal: standardNormal,
  normalCall: standardNormal,
  // Var u^2 = 1/5 - 1/9, Var u^4 = 1/9 - 1/25
  uniform: ([len], result) =>
    deviations(result, [
      [1 / 2, Math.sqrt(1 / 12 / len)],
      [1 / 3, Math.sqrt(4 / 45 / len)],
      [1 / 5, Math.sqrt(16 / 225 / len)],
    ]),
  // elements that differ from max(x, 0)
  relu: (_, [different]) => (different === 0 ? undefined : `${different} elements differ from max(x, 0)`),
  // relative errors of two sums in f64 of len numbers, each at most len u
  moments: ([len], result) =>
    result.every((error) => Math.abs(error) <= len * 2 ** -53) ? undefined : `relative errors ${result}`,
  headline: ([depth, width, batch], result) => keptSignal(depth, width, batch, result),
  experiment: ([depth, width, batch], result) => keptSignal(depth, width, batch, result),
  seeds: ([depth, width, batch], result) => keptSignal(depth, width, batch, result),
  training: sameLosses,
  orthogonal: ([n], result) => orthogonality(n, result),
  memory: ([depth, width, batch], result) => keptSignal(depth, width, batch, result),
  // 128 x 64 weights: mean of (w / sigma)^2
  start: (_, [square]) => deviations([square], [[1, Math.sqrt(2 / 8192)]]),
  size: nothing,
  multiplyAdd: nothing,
  store: nothing,
  read: nothing,
  readWrite: nothing,
}

function standardNormal([len]: readonly number[], result: readonly number[]) {
  return deviations(result, [
    [0, Math.sqrt(1 / len)],
    [1, Math.sqrt(2 / len)],
    [3, Math.sqrt(96 / len)],
  ])
}

/** Products of rows with themselves and with their neighbours: Householder's are within n^1.5 u of 1 and 0 (Higham 2002, section 19.3). */
function orthogonality(n: number, [own, neighbours]: readonly number[]): string | undefined {
  const bound = n ** 1.5 * UNIT_ROUNDOFF
  const right = Math.abs(own - 1) <= bound && Math.abs(neighbours) <= bound
  return right ? undefined : `products of rows ${own} and ${neighbours}, expected 1 and 0 within ${bound}`
}

/** Any order of summation, fused or not, stays within k u / (1 - k u) sum |a||b| (Higham 2002, section 3.1). */
function productError([m, k, n, transposeA, transposeB]: readonly number[], result: readonly number[]) {
  const gamma = (k * UNIT_ROUNDOFF) / (1 - k * UNIT_ROUNDOFF)
  const indices = sampledIndices(m * n)
  for (let s = 0; s < indices.length; s++) {
    const [i, j] = [Math.floor(indices[s] / n), indices[s] % n]
    let [sum, absolute] = [0, 0]
    for (let p = 0; p < k; p++) {
      const a = element(transposeA ? p * m + i : i * k + p)
      const term = a * element(B_FROM + (transposeB ? j * k + p : p * n + j))
      sum += term
      absolute += Math.abs(term)
    }
    if (!(Math.abs(result[s] - sum) <= gamma * absolute))
      return `entry (${i}, ${j}) expected ${sum} +- ${gamma * absolute}, got ${result[s]}`
  }
  return undefined
}

/** Each number within 5 standard errors of its expectation. */
function deviations(result: readonly number[], laws: readonly (readonly [number, number])[]): string | undefined {
  const i = laws.findIndex(([mean, error], at) => !(Math.abs(result[at] - mean) <= 5 * error))
  return i < 0 ? undefined : `expected ${laws[i][0]} +- ${5 * laws[i][1]}, got ${result[i]}`
}

/**
 * Second moments of a He ReLU network relative to its input's: a layer multiplies one sample's by a factor of mean 1 and variance 5/n, so
 * that after l layers ln q has mean -5l/(2n) and variance 5l/n; over a batch its spread is no larger, its mean at most 0.
 */
function keptSignal(depth: number, width: number, _batch: number, result: readonly number[]): string | undefined {
  if (result.length !== depth) return `expected ${depth} second moments, got ${result.length}`
  const layer = result.findIndex((q, i) => {
    const variance = (5 * (i + 1)) / width
    return !(Math.log(q) >= -variance / 2 - 5 * Math.sqrt(variance) && Math.log(q) <= 5 * Math.sqrt(variance))
  })
  return layer < 0 ? undefined : `layer ${layer + 1} expected a second moment near 1, got ${result[layer]}`
}

/** Losses of f32 networks, f32 sums of at most `width` products through `depth` layers and back: off by 2 depth width u at most, far less at random. */
function sameLosses([depth, width, batch, steps]: readonly number[], result: readonly number[]): string | undefined {
  const wanted = referenceLosses(depth, width, batch, steps)
  if (result.length !== steps) return `expected ${steps} losses, got ${result.length}`
  const tolerance = 2 * depth * width * UNIT_ROUNDOFF
  const step = wanted.findIndex((loss, i) => !(Math.abs(result[i] / loss - 1) <= tolerance))
  return step < 0 ? undefined : `loss of step ${step + 1} expected ${wanted[step]} to ${tolerance}, got ${result[step]}`
}
