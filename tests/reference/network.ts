/** A dense network in plain f64: forward, backward and what is measured of both, one sample at a time. */

export interface ReferenceLayer {
  forwardSecondMoment: number
  backwardSecondMoment: number
  weightGradNorm: number
  zeroFraction: number
  deadFraction: number
  cosine: number
}

type Matrix = Float32Array | Float64Array

interface Nonlinearity {
  f: (z: number) => number
  derivative: (z: number) => number
}

/** x: batch x widths[0], probe: batch x widths[L], weights[l]: widths[l + 1] x widths[l], all row-major. */
export function referenceNetwork(
  widths: readonly number[],
  weights: readonly Matrix[],
  x: Matrix,
  probe: Matrix,
  { f, derivative }: Nonlinearity,
): ReferenceLayer[] {
  const batch = x.length / widths[0]
  // z[l] and h[l] = f(z[l]) of layer l; the input is h[0]
  const z: Float64Array[] = [new Float64Array(0)]
  const h: Float64Array[] = [Float64Array.from(x)]
  weights.forEach((w, l) => {
    z.push(times(h[l], w, batch, widths[l], widths[l + 1]))
    h.push(z[l + 1].map(f))
  })
  const layers: ReferenceLayer[] = []
  let delta = Float64Array.from(probe)
  for (let l = weights.length; l >= 1; l--) {
    const [fanIn, fanOut] = [widths[l - 1], widths[l]]
    layers.unshift({
      forwardSecondMoment: meanSquare(h[l]),
      backwardSecondMoment: meanSquare(delta),
      weightGradNorm: gradNorm(delta, h[l - 1], batch, fanOut, fanIn),
      zeroFraction: h[l].filter((v) => v === 0).length / h[l].length,
      deadFraction: deadUnits(h[l], batch, fanOut) / fanOut,
      cosine: meanCosine(h[l], batch, fanOut),
    })
    if (l === 1) break
    const wt = transpose(weights[l - 1], fanOut, fanIn)
    delta = times(delta, wt, batch, fanOut, fanIn).map((g, i) => g * derivative(z[l - 1][i]))
  }
  return layers
}

/** rows x: batch x n, w: m x n -> batch x m. */
function times(x: Matrix, w: Matrix, batch: number, n: number, m: number): Float64Array {
  const out = new Float64Array(batch * m)
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[b * m + i] += w[i * n + j] * x[b * n + j]
  return out
}

function transpose(w: Matrix, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, i) => w[(i % m) * n + Math.floor(i / m)])
}

function meanSquare(x: Matrix): number {
  let sum = 0
  for (const v of x) sum += v * v
  return sum / x.length
}

function gradNorm(delta: Matrix, h: Matrix, batch: number, m: number, n: number): number {
  let squares = 0
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let b = 0; b < batch; b++) sum += delta[b * m + i] * h[b * n + j]
      squares += sum * sum
    }
  return Math.sqrt(squares)
}

function deadUnits(h: Matrix, batch: number, n: number): number {
  let dead = 0
  for (let i = 0; i < n; i++) {
    let alive = false
    for (let b = 0; b < batch; b++) alive ||= h[b * n + i] !== 0
    if (!alive) dead++
  }
  return dead
}

function meanCosine(h: Float64Array, batch: number, n: number): number {
  const row = (b: number) => h.subarray(b * n, (b + 1) * n)
  const inner = (a: number, b: number) => row(a).reduce((sum, v, i) => sum + v * row(b)[i], 0)
  let sum = 0
  for (let a = 0; a < batch; a++) for (let b = 0; b < a; b++) sum += inner(a, b) / Math.sqrt(inner(a, a) * inner(b, b))
  return sum / ((batch * (batch - 1)) / 2)
}
