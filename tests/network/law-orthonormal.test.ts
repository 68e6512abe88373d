import { expect, test } from 'vitest'
import { fillNormal } from '../../src/random/draw'
import { inArena } from '../../src/wasm/instance'

/** Columns of n numbers. */
type Columns = readonly Float32Array[]

interface Factors {
  /** c x c. */
  r: number[][]
  /** The c columns of Q. */
  q: Float64Array[]
}

/** Runs columnsFromPanels and orthonormalise. */
function factors(columns: Columns): Factors {
  const [n, c] = [columns[0].length, columns.length]
  return inArena((arena) => {
    const { kernels } = arena
    const panels = Math.ceil(c / 8)
    const h = arena.allocate(32 * panels * n)
    const stride = kernels.columnStride(n)
    const a = arena.allocate(8 * panels * stride)
    const r = arena.allocate(8 * c * c)
    const work = arena.allocate(8 * c)
    const packed = arena.f32(h, 8 * panels * n).fill(7)
    columns.forEach((column, j) => {
      column.forEach((x, i) => {
        packed[(j >> 3) * 8 * n + 8 * i + (j & 7)] = x
      })
    })
    kernels.columnsFromPanels(a, h, n, panels)
    kernels.orthonormalise(r, a, n, c, work)
    return {
      r: Array.from({ length: c }, (_, i) => [...arena.f64(r + 8 * i * c, c)]),
      q: Array.from({ length: c }, (_, j) => arena.f64(a + j * stride, n).slice()),
    }
  })
}

function inner(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}

const random = (n: number, stream: string) => fillNormal(new Float32Array(n), { seed: 3, stream })
const randoms = (n: number, c: number) => Array.from({ length: c }, (_, j) => random(n, `column ${j}`))

/** One direction and c columns that leave it by `angle` at most; at 1e-8, f32 leaves nothing but roundings between them. */
function aligned(n: number, c: number, angle: number): Columns {
  const axis = random(n, 'axis')
  return randoms(n, c).map((x) => x.map((value, i) => axis[i] + angle * value))
}

const zero = (n: number) => new Float32Array(n)
const twice = (n: number) => randoms(n, 3).flatMap((x) => [x, x])

test.each<[string, Columns]>([
  ['100 x 13 at random', randoms(100, 13)],
  ['65 x 64 at random', randoms(65, 64)],
  ['1 x 1', randoms(1, 1)],
  ['5 x 12: more columns than rows', randoms(5, 12)],
  ['8 x 8', randoms(8, 8)],
  ['100 x 16 with cosines 1 - 1e-6', aligned(100, 16, 1e-3)],
  ['101 x 16 with cosines 1 - 1e-14', aligned(101, 16, 1e-7)],
  ['33 x 6: each column twice', twice(33)],
  [
    '33 x 7: the first, the fourth and the last column 0',
    [zero(33), ...randoms(33, 2), zero(33), ...twice(33).slice(0, 2), zero(33)],
  ],
  ['16 x 4, all 0', [zero(16), zero(16), zero(16), zero(16)]],
  ['40 x 3 with norms 1e-38, 1 and 1e38', randoms(40, 3).map((x, j) => x.map((value) => value * [1e-38, 1, 1e37][j]))],
])(
  '%s: the columns of Q that are not 0 are orthonormal to 1e-13, and Q R gives each column to 1e-13 of its norm',
  (_, columns) => {
    const { q, r } = factors(columns)
    // two passes of n f64 terms a column: errors of about sqrt(n c) 2^-53 < 1e-14, with room for constants
    q.forEach((a, i) => {
      q.forEach((b, j) => {
        expect(Math.abs(inner(a, b) - (i === j && r[i][i] !== 0 ? 1 : 0))).toBeLessThan(1e-13)
      })
    })
    columns.forEach((column, j) => {
      const norm = Math.sqrt(inner(column, column))
      column.forEach((x, i) => {
        const product = r.reduce((sum, row, l) => sum + q[l][i] * row[j], 0)
        expect(Math.abs(product - x)).toBeLessThanOrEqual(1e-13 * norm)
      })
      // upper triangular: the engine reads nothing below, the square norms read all
      r.forEach((row, i) => {
        if (i > j) expect(row[j]).toBe(0)
      })
    })
  },
)

test('the rank comes out: 5 of 12 columns of 5 rows, 3 of 6 where each stands twice, 0 of zeros, and 16 of 16 with cosines 1 - 1e-14', () => {
  const rank = (columns: Columns) => factors(columns).r.filter((row, i) => row[i] > 0).length
  expect(rank(randoms(5, 12))).toBe(5)
  expect(rank(twice(33))).toBe(3)
  expect(rank([zero(16), zero(16)])).toBe(0)
  expect(rank(aligned(101, 16, 1e-7))).toBe(16)
})
