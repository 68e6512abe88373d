import { expect, test } from 'vitest'
import { activation as resolve } from '../../src/activations/resolve'
import { initialize, normal, propagate } from '../../src/index'
import type { NetworkOptions } from '../../src/network/spec'
import { jacobianTables, spectrumSummary } from '../../src/report/jacobian-table'
import { jacobian, linearJacobianEdge } from '../../src/theory/jacobian'

const exact = (options: NetworkOptions) => propagate({ batch: 1, ...options, jacobian: 'exact' }).jacobian!

test.each([
  ['he-normal', 'relu', 'gaussian', 2, 5],
  ['he-normal', 'relu', 'gaussian', 2, 10],
  [`orthogonal:${Math.SQRT2}`, 'relu', 'orthogonal', 2, 5],
  ['lecun-normal', 'linear', 'gaussian', 1, 5],
] as const)(
  '%s under %s, width 256: m1 and m2 of the whole Jacobian are theory (%s, %i, %i layers)',
  (init, activation, weights, sigmaW2, depth) => {
    const width = 256
    const { m1, m2, probes } = exact({ depth, width, init, activation, seeds: 16, seed: 50 })
    const { spread } = jacobian({ activation, sigmaW2, depth, weights })
    expect(probes).toBe(0)
    // as of the probes: m1 has the mean 1 exactly, m2 is off by order L/n of itself
    expect(Math.abs(m1.value - 1)).toBeLessThan(4 * m1.standardError!)
    expect(Math.abs(m2.value - spread)).toBeLessThan(4 * m2.standardError! + ((5 * depth) / width) * spread)
  },
)

test('a linear network of 10 orthogonal layers of 64 units is an isometry: every singular value is 1 to 4 n sqrt(L) 2^-24', () => {
  const [width, depth] = [64, 10]
  const { singularValues } = exact({ width, depth, init: 'orthogonal', activation: 'linear', seeds: 3 })
  // rounding a row of unit norm, and a product with it, is off by 2^-24 sqrt(n) an entry: a random matrix of norm 2 n 2^-24,
  // twice a layer, and layers add up as their root
  const tolerance = 4 * width * Math.sqrt(depth) * 2 ** -24
  for (const value of singularValues!.flat()) expect(Math.abs(value - 1)).toBeLessThan(tolerance)
  expect(singularValues!.map((values) => values.length)).toEqual([64, 64, 64])
})

test('the greatest of one Gaussian layer of width 256 squares to 4 less 1.2065 (4/n)^(2/3), by Tracy and Widom', () => {
  const [width, seeds] = [256, 32]
  const { singularValues } = exact({ width, depth: 1, init: 'lecun-normal', activation: 'linear', seeds })
  const squares = singularValues!.map(([first]) => first * first)
  // Johnstone 2001, n = p: (2 sqrt(n))^2 + 2 sqrt(n) (2/sqrt(n))^(1/3) TW, TW of mean -1.2065 and standard deviation 1.268, over n
  const scale = (4 / width) ** (2 / 3)
  const mean = squares.reduce((a, b) => a + b) / seeds
  expect(linearJacobianEdge(1)).toBeCloseTo(4, 14)
  // the law's own error is of order n^(-2/3) of its scale, for square matrices n^(-1/3)
  expect(Math.abs(mean - (4 - 1.2065 * scale))).toBeLessThan(
    (4 * 1.268 * scale) / Math.sqrt(seeds) + scale * width ** (-1 / 3),
  )
})

test.each(['relu', 'tanh', 'gelu'])(
  'under %s, widths 6 -> 9 -> 4 -> 7, the values are those of D3 W3 D2 W2 D1 W1 in f64, and no more than 4 are resolved',
  (activation) => {
    const options = { widths: [6, 9, 4, 7], activation, init: 'normal:0.7', bias: 0.4, seed: 3 }
    const data = Float32Array.from({ length: 12 }, (_, i) => Math.fround(Math.sin(i + 1)))
    const found = propagate({ ...options, input: { data, rows: 2, columns: 6 }, jacobian: 'exact' })
    const { singularValues, m1, m2 } = found.jacobian!
    const j = product(options, data.subarray(0, 6))
    const gram = multiply(j, transposed(j))
    const trace = (a: Matrix) => a.reduce((sum, row, i) => sum + row[i], 0)
    // three products of at most 9 terms in f32, and their derivatives, for what is of their own size
    const tolerance = 3 * 9 * 2 ** -23
    expect(singularValues![0]).toHaveLength(6)
    expect(Math.abs(m1.value / (trace(gram) / 7) - 1)).toBeLessThan(2 * tolerance)
    expect(Math.abs(m2.value / (trace(multiply(gram, gram)) / 7) - 1)).toBeLessThan(4 * tolerance)
    // 64 squarings of J J^T, each scaled to trace 1, leave its greatest eigenvector
    let power = gram
    for (let i = 0; i < 64; i++) {
      power = multiply(power, power)
      const by = trace(power)
      power = power.map((row) => row.map((x) => x / by))
    }
    const greatest = Math.sqrt(trace(multiply(gram, power)))
    expect(Math.abs(singularValues![0][0] / greatest - 1)).toBeLessThan(tolerance)
    // the network narrows to 4 units
    expect(spectrumSummary(found)!.ranks[0]).toBeLessThanOrEqual(4)
    expect(spectrumSummary(found)!.conditionNumbers).toEqual([null])
  },
)

test('probes of the same network estimate the m1 and m2 of its whole Jacobian, within 4 of their standard errors', () => {
  const options = { widths: [30, 60, 20, 40], batch: 3, seed: 8, activation: 'gelu' } as const
  const whole = propagate({ ...options, jacobian: 'exact' }).jacobian!
  const probed = propagate({ ...options, jacobian: { probes: 400 } }).jacobian!
  for (const moment of ['m1', 'm2'] as const)
    expect(Math.abs(probed[moment].value - whole[moment].value)).toBeLessThan(4 * probed[moment].standardError!)
})

test('a chain of 400 layers that keeps 2^-800 of it has its scale in doubles, and one layer in between that is all 0 has none', () => {
  const { singularValues } = exact({ width: 16, depth: 400, init: 'orthogonal:0.25', activation: 'linear' })
  expect(Math.abs(singularValues![0][0] * 2 ** 800 - 1)).toBeLessThan(4 * 16 * Math.sqrt(400) * 2 ** -24)
  expect(exact({ width: 4, depth: 2, init: 'zeros' }).singularValues).toEqual([[0, 0, 0, 0]])
})

test('the tables have the moments beside theory, and greatest, quantiles, least, condition number and rank', () => {
  const found = propagate({
    width: 32,
    depth: 2,
    init: 'lecun-normal',
    activation: 'linear',
    seeds: 3,
    jacobian: 'exact',
  })
  const [moments, values] = jacobianTables(found)
  expect(moments.head[1]).toBe('exact')
  expect(values.rows.map(([name]) => name)).toEqual([
    'greatest',
    ...['95', '75', '50', '25', '5'].map((share) => `${share} % are below`),
    'least',
    'condition number',
    'rank',
  ])
  expect(values.rows.at(-1)![1]).toBe('32 of 32')
  const { greatest, least, conditionNumbers } = spectrumSummary(found)!
  const all = found.jacobian!.singularValues!
  expect([greatest, least]).toEqual([Math.max(...all.flat()), Math.min(...all.flat())])
  expect(conditionNumbers).toEqual(all.map((v) => v[0] / v[31]))
  expect(jacobianTables(propagate({ width: 4, depth: 1 }))).toEqual([])
  expect(spectrumSummary(propagate({ width: 4, depth: 1, jacobian: { probes: 2 } }))).toBeNull()
})

test('exact changes nothing else that is measured, and refuses more than 512 x 512 entries', () => {
  const options = { depth: 3, width: 20, batch: 4, seed: 2 }
  const { jacobian: _, ...rest } = propagate({ ...options, jacobian: 'exact' })
  expect(rest).toEqual(propagate(options))
  expect(() => propagate({ widths: [784, 10, 512], jacobian: 'exact' })).toThrow(
    "propagate: features x last units beside jacobian 'exact' expected an integer in [1, 262144], got 401408",
  )
  expect(() => propagate({ ...options, jacobian: 'exactly' as never })).toThrow('propagate: jacobian')
})

type Matrix = number[][]

/** D_L W_L ... D_1 W_1 at the sample, from the weights and biases of those streams. */
function product(
  {
    widths,
    activation,
    init,
    bias,
    seed,
  }: { widths: number[]; activation: string; init: string; bias: number; seed: number },
  sample: Float32Array,
): Matrix {
  const { f, derivative } = resolve(activation)
  let h = Array.from(sample)
  let j: Matrix = h.map((_, i) => h.map((_, k) => Number(i === k)))
  widths.slice(1).forEach((units, l) => {
    const weights = initialize(init, [units, widths[l]], { seed, stream: `layers.${l + 1}.weight` })
    const biases = normal([units], { stddev: bias, seed, stream: `layers.${l + 1}.bias` })
    const rows = Array.from({ length: units }, (_, i) =>
      Array.from(weights.subarray(i * widths[l], (i + 1) * widths[l])),
    )
    const z = rows.map((row, i) => row.reduce((sum, w, k) => sum + w * h[k], biases[i]))
    j = multiply(rows, j).map((row, i) => row.map((x) => x * derivative(z[i])))
    h = z.map(f)
  })
  return j
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)))
}

function transposed(a: Matrix): Matrix {
  return a[0].map((_, j) => a.map((row) => row[j]))
}
