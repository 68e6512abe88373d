import { describe, expect, test } from 'vitest'
import { borderDecay, borderMean, borderProfile } from '../../src/theory/convolution'
import { jacobian, linearJacobianEdge } from '../../src/theory/jacobian'
import { residual } from '../../src/theory/residual'
import { initialLoss } from '../../src/theory/softmax-head'
import { tailoredSlope } from '../../src/theory/tailored-slope'
import { truncatedNormalMoments } from '../../src/theory/truncated-normal'
import { meanAndVariance, normalSource } from './normal-source'

/** rows x inner times inner x columns, row-major. */
function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const x = a[i * n + k]
      if (x !== 0) for (let j = 0; j < n; j++) out[i * n + j] += x * b[k * n + j]
    }
  return out
}

describe('jacobian', () => {
  test('ReLU, Gaussian weights, 3 layers of 96: 12 simulated Jacobians have m2/m1^2 = 7 within 4 standard errors and 4 L/n', () => {
    const normal = normalSource(3)
    const n = 96
    const depth = 3
    const spreads = Array.from({ length: 12 }, () => {
      let j = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))
      let h = Float64Array.from({ length: n }, normal)
      for (let l = 0; l < depth; l++) {
        const w = Float64Array.from({ length: n * n }, () => Math.sqrt(2 / n) * normal())
        const z = h.map((_, i) => h.reduce((sum, x, j) => sum + w[i * n + j] * x, 0))
        for (let i = 0; i < n; i++) if (z[i] <= 0) w.fill(0, i * n, (i + 1) * n)
        j = product(w, j, n) as Float64Array<ArrayBuffer>
        h = z.map((x) => Math.max(x, 0))
      }
      const transpose = Float64Array.from({ length: n * n }, (_, i) => j[(i % n) * n + Math.floor(i / n)])
      const square = product(j, transpose, n)
      const trace = j.reduce((sum, x) => sum + x * x, 0)
      return (n * square.reduce((sum, x) => sum + x * x, 0)) / (trace * trace)
    })
    const want = jacobian({ activation: 'relu', depth }).spread
    expect(want).toBeCloseTo(7, 12)
    const { mean, variance } = meanAndVariance(spreads)
    expect(Math.abs(mean / want - 1)).toBeLessThan((4 * Math.sqrt(variance / 12)) / want + (4 * depth) / n)
  })

  test('orthogonal weights cost one half: ReLU 1 + L, linear 1; tanh at unit gain lies between', () => {
    const spread = (name: string) => jacobian({ activation: name, depth: 10, weights: 'orthogonal' }).spread
    expect(spread('relu')).toBeCloseTo(11, 12)
    expect(spread('linear')).toBeCloseTo(1, 12)
    expect(spread('tanh')).toBeGreaterThan(1)
    expect(spread('tanh')).toBeLessThan(11)
  })

  test('m1 is chi^L: tanh at unit gain 1.1778^10', () => {
    const { m1 } = jacobian({ activation: 'tanh', depth: 10 })
    expect(m1).toBeCloseTo(1.177807232304 ** 10, 10)
  })

  test('linearJacobianEdge: 4, 6.75 and e (L + 1/2) + O(1/L) at L = 1000', () => {
    expect(linearJacobianEdge(1)).toBeCloseTo(4, 14)
    expect(linearJacobianEdge(2)).toBeCloseTo(6.75, 14)
    // (L + 1)^(L + 1)/L^L = e (L + 1/2 - 1/(24 L) + ...)
    expect(Math.abs(linearJacobianEdge(1000) - Math.E * 1000.5)).toBeLessThan(1e-3)
  })
})

describe('residual networks', () => {
  const n = 32
  /** 6 blocks x + b W2 relu(W1 norm(x)), He W1, W2 of n Var = g: the last mean square. */
  function simulate(normal: () => number, b: number, g: number, normalise: boolean): number {
    let x = new Float64Array(n).fill(1)
    for (let block = 0; block < 6; block++) {
      const rms = normalise ? Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / n) : 1
      const hidden = x.map(() =>
        Math.max(
          0,
          x.reduce((sum, v) => sum + (Math.sqrt(2 / n) * normal() * v) / rms, 0),
        ),
      )
      x = x.map((v) => v + b * hidden.reduce((sum, h) => sum + Math.sqrt(g / n) * normal() * h, 0))
    }
    return x.reduce((sum, v) => sum + v * v, 0) / n
  }

  test.each([
    [Math.sqrt(0.2), 1, false, residual({ blocks: 6, branchScale: Math.sqrt(0.2) }).secondMoment, 1.2 ** 6],
    [0.3, 2, false, residual({ blocks: 6, branchScale: 0.3, branchGain: 2 }).secondMoment, 1.18 ** 6],
    [1, 2, true, residual({ blocks: 6, branchGain: 2, preNorm: true }).secondMoment, 13],
  ])(
    'b = %d, g = %d, pre-norm %s: 400 simulated networks average %d within 4 standard errors',
    (b, g, normalise, got, want) => {
      expect(got).toBeCloseTo(want, 13)
      const normal = normalSource(8)
      const { mean, variance } = meanAndVariance(Array.from({ length: 400 }, () => simulate(normal, b, g, normalise)))
      expect(Math.abs(mean - want)).toBeLessThan(4 * Math.sqrt(variance / 400))
    },
  )
})

describe('convolution borders', () => {
  test('the product of two axes is what a 3 x 3 sum over a zero-padded 5 x 5 image gives, after 2 layers', () => {
    const size = 5
    let image = new Float64Array(size * size).fill(1)
    for (let layer = 0; layer < 2; layer++)
      image = image.map((_, at) => {
        let sum = 0
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const y = Math.floor(at / size) + dy
            const x = (at % size) + dx
            if (y >= 0 && y < size && x >= 0 && x < size) sum += image[y * size + x] / 9
          }
        return sum
      })
    const axis = borderProfile(size, 3, 2)
    image.forEach((value, at) => {
      expect(value).toBeCloseTo(axis[Math.floor(at / size)] * axis[at % size], 14)
    })
    expect(borderMean(size, 3, 2)).toBeCloseTo(image.reduce((a, b) => a + b) / 25, 14)
  })

  test('borderDecay(6) is the ratio of the means of layers 200 and 199', () => {
    expect(Math.abs(borderMean(6, 3, 200) / borderMean(6, 3, 199) - borderDecay(6))).toBeLessThan(1e-14)
  })

  test('a 1 x 1 kernel has no border, a 5 x 5 kernel on 8 sees 3, 4, 5, 5, 5, 5, 4, 3 fifths', () => {
    expect([...borderProfile(4, 1, 9)]).toEqual([1, 1, 1, 1])
    expect([...borderProfile(8, 5, 1)]).toEqual([0.6, 0.8, 1, 1, 1, 1, 0.8, 0.6])
  })
})

describe('initialLoss', () => {
  test('10 classes, logits N(0, 2): 60,000 simulated heads average it within 4 standard errors', () => {
    const normal = normalSource(21)
    const losses = Array.from({ length: 60_000 }, () => {
      let sum = 0
      for (let c = 0; c < 10; c++) sum += Math.exp(Math.SQRT2 * normal())
      return Math.log(sum)
    })
    const { mean, variance } = meanAndVariance(losses)
    expect(Math.abs(mean - initialLoss({ classes: 10, q: 2 }))).toBeLessThan(4 * Math.sqrt(variance / losses.length))
  })

  test('ln C at q = 0, ln C + (q/2)(1 - 1/C) to second order in q at q = 0.01', () => {
    expect(initialLoss({ classes: 1000, q: 0 })).toBe(Math.log(1000))
    expect(Math.abs(initialLoss({ classes: 10, q: 0.01 }) - Math.log(10) - 0.0045)).toBeLessThan(0.01 ** 2)
  })

  test('one class costs nothing', () => {
    expect(Math.abs(initialLoss({ classes: 1, q: 2 }))).toBeLessThan(1e-11)
  })
})

describe('tailoredSlope', () => {
  test('30 layers of the slope it gives take orthogonal inputs to 0.9 within 1e-13', () => {
    const slope = tailoredSlope({ depth: 30, eta: 0.9 })!
    const kappa = (c: number) => (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI
    let c = 0
    for (let l = 0; l < 30; l++) c = ((1 - slope) ** 2 * kappa(c) + 2 * slope * c) / (1 + slope * slope)
    expect(Math.abs(c - 0.9)).toBeLessThan(1e-13)
  })

  test('10 layers of ReLU reach only 0.8715: 0.9 is out of reach, 0.87 is not', () => {
    expect(tailoredSlope({ depth: 10, eta: 0.9 })).toBeNull()
    expect(tailoredSlope({ depth: 10, eta: 0.87 })).toBeGreaterThan(0)
  })
})

describe('truncatedNormalMoments', () => {
  test('±2 sigma: standard deviation 0.87962566103423978, acceptance 0.9545', () => {
    const { mean, std, acceptance } = truncatedNormalMoments(-2, 2)
    expect([mean, acceptance.toFixed(4)]).toEqual([0, '0.9545'])
    expect(Math.abs(std / 0.8796256610342398 - 1)).toBeLessThan(4 * Number.EPSILON)
  })

  test('the upper half: mean sqrt(2/pi), variance 1 - 2/pi', () => {
    const { mean, std, acceptance } = truncatedNormalMoments(0, Number.POSITIVE_INFINITY)
    expect(mean).toBeCloseTo(Math.sqrt(2 / Math.PI), 15)
    expect(std ** 2).toBeCloseTo(1 - 2 / Math.PI, 15)
    expect(acceptance).toBe(0.5)
  })

  test('far in the tail, [10, 11], the mean is 10 + 1/10 - 2/1000 to 1e-4 and mirrors', () => {
    // phi(10)/Q(10) = 10 + 1/10 - 2/10^3 + 10/10^5 - ..., less e^(-10.5) of the far end
    const { mean } = truncatedNormalMoments(10, 11)
    expect(Math.abs(mean - 10.098)).toBeLessThan(2e-4)
    expect(truncatedNormalMoments(-11, -10).mean).toBeCloseTo(-mean, 12)
  })
})
