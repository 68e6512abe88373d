import { describe, expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { type DensePrediction, predictDense } from '../../src/theory/predict-dense'
import { meanAndVariance, normalSource } from './normal-source'

interface Setting {
  name: string
  sigmaW2: number
  sigmaB2: number
  batch: number
  cosine: number
}

const WIDTH = 32
const DEPTH = 5
const SEEDS = 400

/** `batch` inputs of second moment 1 and pairwise cosine `cosine`, in coordinates where they are simplest: x_b = sqrt(n)(s e_0 + r e_(b+1)). */
function inputs(batch: number, cosine: number): Float64Array[] {
  return Array.from({ length: batch }, (_, b) => {
    const x = new Float64Array(WIDTH)
    x[0] = Math.sqrt(WIDTH * cosine)
    x[b + 1] = Math.sqrt(WIDTH * (1 - cosine))
    return x
  })
}

/** One seed in plain f64: batch-averaged E h^2 and E delta^2 per layer. */
function simulate({ name, sigmaW2, sigmaB2, batch, cosine }: Setting, normal: () => number) {
  const { f, derivative } = activation(name)
  const scale = Math.sqrt(sigmaW2 / WIDTH)
  const weights = Array.from({ length: DEPTH }, () =>
    Float64Array.from({ length: WIDTH * WIDTH }, () => scale * normal()),
  )
  const biases = Array.from({ length: DEPTH }, () =>
    Float64Array.from({ length: WIDTH }, () => Math.sqrt(sigmaB2) * normal()),
  )
  const forward = new Array<number>(DEPTH).fill(0)
  const backward = new Array<number>(DEPTH).fill(0)
  for (const input of inputs(batch, cosine)) {
    const zs: Float64Array[] = []
    let h = input
    for (let l = 0; l < DEPTH; l++) {
      const z = biases[l].map((b, i) => {
        let sum = b
        for (let j = 0; j < WIDTH; j++) sum += weights[l][i * WIDTH + j] * h[j]
        return sum
      })
      zs.push(z)
      h = z.map(f)
      forward[l] += h.reduce((sum, x) => sum + x * x, 0) / WIDTH / batch
    }
    let delta = Float64Array.from({ length: WIDTH }, normal)
    for (let l = DEPTH - 1; l >= 0; l--) {
      backward[l] += delta.reduce((sum, x) => sum + x * x, 0) / WIDTH / batch
      if (l === 0) break
      const above = delta
      delta = zs[l - 1].map((z, j) => {
        let sum = 0
        for (let i = 0; i < WIDTH; i++) sum += weights[l][i * WIDTH + j] * above[i]
        return derivative(z) * sum
      })
    }
  }
  return { forward, backward }
}

function predict({ name, sigmaW2, sigmaB2, batch, cosine }: Setting): DensePrediction {
  return predictDense({
    widths: Array(DEPTH + 1).fill(WIDTH),
    weightVariances: Array(DEPTH).fill(sigmaW2 / WIDTH),
    biasVariance: sigmaB2,
    activation: name,
    inputSecondMoment: 1,
    inputCosine: batch === 1 ? null : cosine,
    batch,
  })
}

const SETTINGS: (Setting & { exact: boolean })[] = [
  { name: 'relu', sigmaW2: 2, sigmaB2: 0, batch: 1, cosine: 0, exact: true },
  { name: 'leaky-relu:0.2', sigmaW2: 1.5, sigmaB2: 0, batch: 1, cosine: 0, exact: true },
  { name: 'relu', sigmaW2: 2, sigmaB2: 0, batch: 4, cosine: 0.2, exact: false },
  { name: 'linear', sigmaW2: 1, sigmaB2: 0, batch: 8, cosine: 0, exact: false },
  { name: 'tanh', sigmaW2: 2.5, sigmaB2: 0, batch: 4, cosine: 0.2, exact: false },
  { name: 'gelu', sigmaW2: 2.35, sigmaB2: 0, batch: 4, cosine: 0.2, exact: false },
  { name: 'elu', sigmaW2: 1.5, sigmaB2: 0.1, batch: 2, cosine: 0.5, exact: false },
]

// One sample of a homogeneous network obeys the law exactly: 4 standard errors. Otherwise it is the first order in 1/n, and the second is allowed:
// a share DEPTH/WIDTH of the variance.
const NEXT_ORDER = DEPTH / WIDTH

describe.each(SETTINGS)(
  '$name, sigmaW2 $sigmaW2, sigmaB2 $sigmaB2, batch $batch, cosine $cosine: 400 seeds of 5 layers x 32',
  (setting) => {
    const normal = normalSource(2024)
    const seeds = Array.from({ length: SEEDS }, () => simulate(setting, normal))
    const prediction = predict(setting)
    const slack = setting.exact ? 0 : NEXT_ORDER

    test.each(['forward', 'backward'] as const)('%s: log mean and log variance of every layer', (direction) => {
      prediction[direction].forEach(({ band }, l) => {
        const logs = seeds.map((seed) => Math.log(seed[direction][l]))
        const { mean, variance } = meanAndVariance(logs)
        const [low, high] = band.map(Math.log)
        const want = { mean: (low + high) / 2, variance: ((high - low) / 2 / 1.959963984540054) ** 2 }
        const fourth = logs.reduce((sum, x) => sum + (x - mean) ** 4, 0) / SEEDS
        const layer = `layer ${l + 1}`
        expect(Math.abs(mean - want.mean), `mean, ${layer}`).toBeLessThan(
          4 * Math.sqrt(variance / SEEDS) + slack * variance,
        )
        expect(Math.abs(variance - want.variance), `variance, ${layer}`).toBeLessThan(
          4 * Math.sqrt((fourth - variance ** 2) / SEEDS) + slack * variance,
        )
      })
    })

    test('the band of the last layer, and of the first gradient, holds 95 % of the seeds within 4 standard errors', () => {
      const inside = (values: number[], [low, high]: readonly number[]) =>
        values.filter((x) => x >= low && x <= high).length / SEEDS
      const error = 4 * Math.sqrt((0.95 * 0.05) / SEEDS)
      const shares = [
        inside(
          seeds.map((seed) => seed.forward[DEPTH - 1]),
          prediction.forward[DEPTH - 1].band,
        ),
        inside(
          seeds.map((seed) => seed.backward[0]),
          prediction.backward[0].band,
        ),
      ]
      // a log that is skew at this width: the density at the ends, 0.06 per standard deviation, times the allowed error of the width
      for (const share of shares) expect(Math.abs(share - 0.95)).toBeLessThan(error + 0.23 * NEXT_ORDER)
    })
  },
)
