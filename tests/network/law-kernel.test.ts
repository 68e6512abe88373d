import { expect, test } from 'vitest'
import { fillNormal } from '../../src/random/draw'
import { type Arena, inArena } from '../../src/wasm/instance'

type Matrix = number[][]

const STDDEV = 0.7

/** rows x columns, entry by entry from a stream. */
function matrix(rows: number, columns: number, stream: string): Matrix {
  const values = fillNormal(new Float32Array(rows * columns), { seed: 1, stream })
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)])
}

function panels(arena: Arena, x: Matrix, beyond: 'repeat' | 'zero'): number {
  const [n, c] = [x.length, x[0].length]
  const width = Math.ceil(c / 8) * 8
  const ptr = arena.allocate(4 * n * width)
  const data = arena.f32(ptr, n * width)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++)
      data[(j >> 3) * 8 * n + 8 * i + (j & 7)] = j < c ? x[i][j] : beyond === 'repeat' ? x[i][c - 1] : 0
  return ptr
}

function unpacked(arena: Arena, ptr: number, n: number, c: number): Matrix {
  const data = arena.f32(ptr, n * Math.ceil(c / 8) * 8)
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: c }, (_, j) => data[(j >> 3) * 8 * n + 8 * i + (j & 7)]),
  )
}

interface Run {
  /** W h and W^T d. */
  z: Matrix
  back: Matrix
  square: number
  gradSquare: number
}

/** lawForward and lawBackward for `count` draws of W, each with its own keys. */
function runs(h: Matrix, d: Matrix, count: number): Run[] {
  const [n, m, batch] = [h.length, d.length, h[0].length]
  return inArena((arena) => {
    const { kernels } = arena
    const [x, delta] = [panels(arena, h, 'repeat'), panels(arena, d, 'zero')]
    const [z, grad] = [m, n].map((units) => arena.allocate(4 * units * Math.ceil(batch / 8) * 8))
    const squares = arena.allocate(16)
    const work = arena.allocate(kernels.lawWorkBytes(m, n, batch))
    const g = arena.allocate(4 * m * batch)
    const factor = arena.allocate(kernels.lawFactorBytes(n, batch))
    kernels.lawFactor(factor, x, n, batch)
    return Array.from({ length: count }, (_, i) => {
      const [key, fresh] = [BigInt(2 * i), BigInt(2 * i + 1)]
      kernels.lawForward(z, g, factor, m, batch, key, STDDEV)
      kernels.lawBackward(grad, squares, delta, g, factor, m, n, batch, fresh, STDDEV, work)
      const [square, gradSquare] = arena.f64(squares, 2)
      return { z: unpacked(arena, z, m, batch), back: unpacked(arena, grad, n, batch), square, gradSquare }
    })
  })
}

const times = (x: Matrix, y: Matrix): Matrix =>
  x.map((row) => y[0].map((_, j) => row.reduce((sum, v, l) => sum + v * y[l][j], 0)))
const transposed = (x: Matrix): Matrix => x[0].map((_, j) => x.map((row) => row[j]))
const square = (x: Matrix) => x.flat().reduce((sum, v) => sum + v * v, 0)

/** Covariances of all entries of W h, then of W^T d, for W of independent N(0, s^2): both are linear in W. */
function covariances(h: Matrix, d: Matrix): Matrix {
  const [n, m, batch] = [h.length, d.length, h[0].length]
  const entries: Float64Array[] = []
  const linear = (set: (w: Float64Array) => void) => {
    const w = new Float64Array(m * n)
    set(w)
    entries.push(w)
  }
  for (let i = 0; i < m; i++)
    for (let b = 0; b < batch; b++)
      linear((w) =>
        h.forEach((row, l) => {
          w[i * n + l] = STDDEV * row[b]
        }),
      )
  for (let l = 0; l < n; l++)
    for (let b = 0; b < batch; b++)
      linear((w) =>
        d.forEach((row, i) => {
          w[i * n + l] = STDDEV * row[b]
        }),
      )
  return entries.map((x) => entries.map((y) => x.reduce((sum, v, i) => sum + v * y[i], 0)))
}

const equalColumns = matrix(6, 3, 'h').map(([a, b]) => [a, b, a, 0, 2 * b])

test.each<[string, Matrix, Matrix]>([
  ['6 inputs, 5 units, 3 samples', matrix(6, 3, 'h'), matrix(5, 3, 'd')],
  ['4 inputs, 3 units, 6 samples: more samples than either', matrix(4, 6, 'h'), matrix(3, 6, 'd')],
  ['6 inputs, 4 units, 5 samples of which two are equal, one is 0 and one a multiple', equalColumns, matrix(4, 5, 'd')],
  ['7 inputs, 2 units, 9 samples: two panels', matrix(7, 9, 'h'), matrix(2, 9, 'd')],
])(
  '%s: W h and W^T d have together the covariances of a Gaussian W, all within Bonferroni at 0.001 over 4,000 draws',
  (_, h, d) => {
    const count = 4000
    const wanted = covariances(h, d)
    const all = runs(h, d, count).map(({ z, back }) => [...z.flat(), ...back.flat()])
    // two-sided normal quantile of 0.001 over at most 81 * 82 / 2 = 3321 covariances
    const critical = 5.13
    wanted.forEach((row, a) => {
      for (let b = 0; b <= a; b++) {
        const found = all.reduce((sum, values) => sum + values[a] * values[b], 0) / count
        const standardError = Math.sqrt((wanted[a][a] * wanted[b][b] + row[b] ** 2) / count)
        expect(Math.abs(found - row[b])).toBeLessThanOrEqual(critical * standardError)
      }
    })
  },
)

test.each([
  [300, 270, 13],
  [33, 5, 40],
  [17, 300, 1],
])(
  '%i inputs, %i units, %i samples: <d, W h> = <W^T d, h> to 1e-5 of |W h| |d|, and the squares are those of d and d h^T to 1e-12',
  (n, m, batch) => {
    const [h, d] = [matrix(n, batch, 'h'), matrix(m, batch, 'd')]
    const [{ z, back, square: dSquare, gradSquare }] = runs(h, d, 1)
    const inner = (x: Matrix, y: Matrix) => x.flat().reduce((sum, v, i) => sum + v * y.flat()[i], 0)
    // f32 sums of up to 300 terms: an rms relative error of about sqrt(300) 2^-24 = 1e-6 of the norms
    expect(Math.abs(inner(z, d) - inner(back, h))).toBeLessThan(1e-5 * Math.sqrt(square(z) * square(d)))
    expect(Math.abs(dSquare / square(d) - 1)).toBeLessThan(1e-12)
    expect(Math.abs(gradSquare / square(times(d, transposed(h))) - 1)).toBeLessThan(1e-12)
  },
)

test('samples 2^-12 apart part by W times their difference: (W h_2 - W h_1) 2^12 has its covariance, 6 inputs, 3 units, 4,000 draws', () => {
  const h = matrix(6, 2, 'h').map(([a, b]) => [a, Math.fround(a + b * 2 ** -12)])
  const difference = h.map(([a, b]) => (b - a) * 2 ** 12)
  const variance = STDDEV ** 2 * square([difference])
  const count = 4000
  const found = runs(h, matrix(3, 2, 'd'), count).flatMap(({ z }) => z.map(([a, b]) => ((b - a) * 2 ** 12) ** 2))
  // 12,000 squares of normals: a relative standard error of sqrt(2 / 12000); the difference of two f32 costs 2^-12 of them
  const mean = found.reduce((a, b) => a + b) / found.length
  expect(Math.abs(mean / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / found.length) + 2 ** -11)
})

test.each([2 ** -100, 2 ** 100])(
  'W^T d does not change by a bit and W h scales exactly where all samples are %d times what they were, 40 inputs, 30 units, 5 samples',
  (scale) => {
    const [h, d] = [matrix(40, 5, 'h'), matrix(30, 5, 'd')]
    const [plain] = runs(h, d, 1)
    const [scaled] = runs(
      h.map((row) => row.map((x) => x * scale)),
      d,
      1,
    )
    expect(scaled.back).toEqual(plain.back)
    expect(scaled.z).toEqual(plain.z.map((row) => row.map((x) => x * scale)))
  },
)

test('equal samples stay equal to the last bit and a zero sample stays 0', () => {
  const x = matrix(100, 2, 'h')
  const [{ z }] = runs(
    x.map(([a, b]) => [a, b, a, 0, b]),
    matrix(64, 5, 'd'),
    1,
  )
  for (const [a, b, c, d, e] of z) expect([c, d, e]).toEqual([a, 0, b])
})
