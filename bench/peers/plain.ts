import { B_FROM, operand, sampled } from '../operands'
import { type Answer, checkedSample, serve } from '../serve'
import { powerMeans } from '../sums'
import type { Timing } from '../timing'

// what one writes in JavaScript without a library: the baseline
await serve(process.argv.slice(2), {
  product,
  normal: ([len], timing) => filled(len, fillNormals, timing),
  uniform: ([len], timing) => filled(len, fillUniforms, timing),
})

function product([m, k, n]: number[], timing: Timing): Promise<Answer> {
  const a = operand(m * k, 0)
  const b = operand(k * n, B_FROM)
  const out = new Float32Array(m * n)
  return checkedSample(
    () => multiply(out, a, b, m, k, n),
    () => sampled(out),
    timing,
  )
}

/** i-k-j: b and out are walked by rows. */
function multiply(out: Float32Array, a: Float32Array, b: Float32Array, m: number, k: number, n: number): void {
  out.fill(0)
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      const factor = a[i * k + p]
      for (let j = 0; j < n; j++) out[i * n + j] += factor * b[p * n + j]
    }
}

function filled(len: number, fill: (out: Float32Array) => void, timing: Timing): Promise<Answer> {
  const out = new Float32Array(len)
  return checkedSample(
    () => fill(out),
    () => powerMeans(out),
    timing,
  )
}

function fillUniforms(out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.random()
}

/** Marsaglia's polar method. */
function fillNormals(out: Float32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    let [u, v, s] = [0, 0, 0]
    do {
      u = 2 * Math.random() - 1
      v = 2 * Math.random() - 1
      s = u * u + v * v
    } while (s >= 1 || s === 0)
    const factor = Math.sqrt((-2 * Math.log(s)) / s)
    out[i] = u * factor
    out[i + 1] = v * factor
  }
}
