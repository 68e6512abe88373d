import { describe, expect, test } from 'vitest'
import { initStd } from '../../src/initializers/names'
import { dirac, identity, sparse } from '../../src/initializers/structured'
import { moments } from '../../src/stats/moments'

describe('identity', () => {
  test('2 x 3 and 3 x 2 have ones where row = column, times gain -2', () => {
    expect([...identity([2, 3])]).toEqual([1, 0, 0, 0, 1, 0])
    expect([...identity([3, 2], { gain: -2 })]).toEqual([-2, 0, 0, -2, 0, 0])
    expect([...identity([3, 2], { layout: 'IO' })]).toEqual([1, 0, 0, 1, 0, 0])
  })
  test('out is cleared first', () => {
    expect([...identity([2, 2], { out: new Float32Array(4).fill(5) })]).toEqual([1, 0, 0, 1])
  })
  test('refused for a convolution, with the remedy', () => {
    expect(() => identity([3, 3, 4, 4], { layout: 'HWIO' })).toThrow(
      "identity: layout expected 'OI' or 'IO' (dirac is the identity of a convolution), got 'HWIO'",
    )
  })
})

/** y = conv(x, w), one example of 'same' size with the centre tap k // 2, straight from the definition. */
function convolve1d(x: number[][], w: Float32Array, out: number, groups: number, k: number): number[][] {
  const inputs = x.length / groups
  return Array.from({ length: out }, (_, o) => {
    const group = Math.floor((o * groups) / out)
    return x[0].map((_, t) => {
      let sum = 0
      for (let i = 0; i < inputs; i++)
        for (let tap = 0; tap < k; tap++)
          sum += w[(o * inputs + i) * k + tap] * (x[group * inputs + i][t + tap - Math.floor(k / 2)] ?? 0)
      return sum
    })
  })
}

describe('dirac', () => {
  const x = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
    [13, 14, 15, 16],
  ]
  test.each([
    { k: 3, groups: 1 },
    { k: 4, groups: 1 },
    { k: 3, groups: 2 },
    { k: 1, groups: 4 },
  ])('4 -> 4 channels passes its input on unchanged: %j', ({ k, groups }) => {
    const w = dirac([4, 4 / groups, k], { layout: 'OIW', groups })
    expect(convolve1d(x, w, 4, groups, k)).toEqual(x)
  })
  test('6 outputs in 2 groups of 2 inputs: each group copies its inputs, the third output of each is 0', () => {
    const w = dirac([6, 2, 3], { layout: 'OIW', groups: 2 })
    const nothing = [0, 0, 0, 0]
    expect(convolve1d(x, w, 6, 2, 3)).toEqual([x[0], x[1], nothing, x[2], x[3], nothing])
  })
  test('torch.nn.init.dirac_ on (3, 2, 3, 4): ones at [0, 0, 1, 2] and [1, 1, 1, 2], and there only', () => {
    const w = dirac([3, 2, 3, 4], { layout: 'OIHW', gain: 0.5 })
    const found = [...w].flatMap((value, position) => (value === 0 ? [] : [[position, value]]))
    expect(found).toEqual([
      [6, 0.5],
      [12 * 3 + 6, 0.5],
    ])
  })
  test('a depthwise kernel of 3 channels, multiplier 2 passes each channel to its first output', () => {
    // HWIM [1, 3, 3, 2]: position (w, i, m)
    const w = dirac([1, 3, 3, 2], { layout: 'HWIM' })
    expect([...w]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
  })
  test('refused for a matrix', () => {
    expect(() => dirac([3, 3])).toThrow(
      "dirac: layout expected that of a convolution, such as 'OIHW' (identity is for a matrix), got 'OI'",
    )
  })
})

describe('sparse', () => {
  const zerosOf = (values: Float32Array, rows: number, columns: number, axis: 'row' | 'column') =>
    Array.from({ length: axis === 'row' ? rows : columns }, (_, line) => {
      let count = 0
      for (let k = 0; k < (axis === 'row' ? columns : rows); k++)
        if (values[axis === 'row' ? line * columns + k : k * columns + line] === 0) count++
      return count
    })

  test.each([
    [10, 0.01, 1],
    [10, 0.9, 9],
    [100, 0.07, 7],
    [7, 0, 0],
    [7, 1, 7],
  ])('every column of %d rows at sparsity %d has %d zeros', (rows, sparsity, zeros) => {
    const values = sparse([rows, 33], { sparsity, seed: 3 })
    expect(new Set(zerosOf(values, rows, 33, 'column'))).toEqual(new Set([zeros]))
  })
  test("axis 'row': 40 % of each row of 50 is 20 zeros, and the layout 'IO' is its transpose", () => {
    const values = sparse([30, 50], { sparsity: 0.4, axis: 'row', seed: 3, stddev: 1 })
    expect(new Set(zerosOf(values, 30, 50, 'row'))).toEqual(new Set([20]))
    const transposed = sparse([50, 30], { sparsity: 0.4, axis: 'row', seed: 3, stddev: 1, layout: 'IO' })
    for (let o = 0; o < 30; o++) for (let i = 0; i < 50; i++) expect(transposed[i * 30 + o]).toBe(values[o * 50 + i])
  })
  test('statistics: each of 20 rows is a zero in 30 % of 4000 columns within 5 standard errors, and neighbours are uncorrelated', () => {
    const [rows, columns, p] = [20, 4000, 0.3]
    const values = sparse([rows, columns], { sparsity: p, seed: 77 })
    const isZero = (o: number, i: number) => (values[o * columns + i] === 0 ? 1 : 0)
    for (let o = 0; o < rows; o++) {
      let count = 0
      let joint = 0
      for (let i = 0; i < columns; i++) {
        count += isZero(o, i)
        joint += isZero(o, i) * isZero((o + 1) % rows, i)
      }
      expect(Math.abs(count / columns - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / columns))
      // 6 of 20 without replacement: both of a pair with probability 6 * 5 / (20 * 19)
      const both = 30 / 380
      expect(Math.abs(joint / columns - both)).toBeLessThanOrEqual(5 * Math.sqrt((both * (1 - both)) / columns))
    }
  })
  test('statistics: what is left is N(0, 0.01^2) within 5 standard errors; initStd knows the zeros', () => {
    const values = sparse([200, 500], { sparsity: 0.25, seed: 5 })
    const kept = values.filter((value) => value !== 0)
    expect(kept.length).toBe(75_000)
    const found = moments(kept)
    expect(Math.abs(found.secondMoment - 1e-4)).toBeLessThanOrEqual(5 * 1e-4 * Math.sqrt(2 / 75_000))
    expect(initStd('sparse:0.25', [200, 500])).toBeCloseTo(0.01 * Math.sqrt(0.75), 15)
  })
  test('the zeros follow the seed as the values do, and no values of the stream itself are used for them', () => {
    const places = (seed: number) => [...sparse([50, 50], { sparsity: 0.5, seed })].map((value) => value === 0)
    expect(places(1)).toEqual(places(1))
    expect(places(1)).not.toEqual(places(2))
  })
  test('refused: sparsity outside [0, 1] or missing, an unknown axis, a convolution', () => {
    const call = (options: object) => () => sparse([4, 4], options as never)
    expect(call({})).toThrow('sparse: sparsity expected a finite number >= 0 and <= 1, got undefined')
    expect(call({ sparsity: 1.5 })).toThrow('sparse: sparsity expected a finite number >= 0 and <= 1, got 1.5')
    expect(call({ sparsity: 0.5, axis: 'columns' })).toThrow(
      "sparse: axis expected one of column, row, got 'columns'; did you mean 'column'?",
    )
    expect(() => sparse([4, 4, 3], { sparsity: 0.5, layout: 'OIW' })).toThrow(
      "sparse: layout expected 'OI' or 'IO' (sparse is for dense layers), got 'OIW'",
    )
  })
})
