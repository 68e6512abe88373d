import { describe, expect, test } from 'vitest'
import { initialize, initStd } from '../../src/initializers/names'
import { deltaOrthogonal, orthogonal } from '../../src/initializers/structured'
import { fillNormal } from '../../src/random/draw'
import { propagate } from '../../src/report/propagate'
import { moments } from '../../src/stats/moments'
import { inArena } from '../../src/wasm/instance'

/**
 * A bound for errors of Q's elements and of Q^T Q - I, n = the longer side. The partial sums of a product of K terms are a random walk
 * whose roundings add up to sqrt(K / 6) 2^-24 of the product's norm; the three products of a block (K <= 256 at a time) leave a unit column
 * at most 16 2^-24 off, c blocks sqrt(c) times that. An element of Q sees a share 1/sqrt(n) of it, one of Q^T Q two such. Six standard errors.
 */
const bound = (rows: number, cols: number) =>
  6 * 2 * 16 * 2 ** -24 * Math.sqrt(Math.ceil(Math.min(rows, cols) / 64) / Math.max(rows, cols))

/** Largest |entry| of W W^T - I, or of W^T W - I when there are more rows than columns; every `step`-th line of the shorter side. */
function distanceFromOrthogonal(w: Float32Array, rows: number, cols: number, step = 1): number {
  const lines = Math.min(rows, cols)
  const at =
    rows >= cols ? (line: number, i: number) => w[i * cols + line] : (line: number, i: number) => w[line * cols + i]
  let worst = 0
  for (let a = 0; a < lines; a += step)
    for (let b = 0; b <= a; b += step) {
      let sum = 0
      for (let i = 0; i < Math.max(rows, cols); i++) sum += at(a, i) * at(b, i)
      worst = Math.max(worst, Math.abs(sum - (a === b ? 1 : 0)))
    }
  return worst
}

/** H_0 ... H_(k-1) D in f64, one reflector after the other, straight from the definition: n x k, row-major. */
function plainHaar(n: number, k: number, seed: number, stream: string): Float64Array {
  const normals = fillNormal(new Float32Array(n * k), { seed, stream })
  const q = new Float64Array(n * k)
  for (let j = k - 1; j >= 0; j--) {
    const x = Float64Array.from(normals.subarray(j * n, (j + 1) * n)).fill(0, 0, j)
    const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
    const sign = x[j] < 0 ? -1 : 1
    q[j * k + j] = -sign
    x[j] += sign * norm
    const half = norm * Math.abs(x[j])
    for (let c = j; c < k; c++) {
      let sum = 0
      for (let i = j; i < n; i++) sum += x[i] * q[i * k + c]
      for (let i = j; i < n; i++) q[i * k + c] -= (x[i] * sum) / half
    }
  }
  return q
}

/** The transpose of w: rows x cols. */
const transposed = (w: ArrayLike<number>, rows: number, cols: number) =>
  Float32Array.from({ length: rows * cols }, (_, i) => w[(i % rows) * cols + Math.floor(i / rows)])

describe('oracle: the blocked product is the plain one', () => {
  test.each([
    [1, 1],
    [9, 1],
    [2, 2],
    [7, 3],
    [63, 63],
    [64, 64],
    [65, 65],
    [200, 72],
    [72, 65],
    [131, 129],
  ])(
    'n = %d, k = %d: every element is that of Householder products in f64, and the shape k x n has the transposed bits',
    (n, k) => {
      const w = orthogonal([n, k], { seed: 9, stream: 'w' })
      const wanted = plainHaar(n, k, 9, 'w')
      const worst = w.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0)
      expect(worst).toBeLessThanOrEqual(bound(n, k))
      if (n !== k) expect(orthogonal([k, n], { seed: 9, stream: 'w' })).toEqual(transposed(w, n, k))
    },
  )

  test('sign fix: the first column of 300 x 20 is the first 300 normals of the stream over their norm, as R with a positive diagonal has it', () => {
    const w = orthogonal([300, 20], { seed: 4, stream: 's' })
    const x = fillNormal(new Float32Array(300), { seed: 4, stream: 's' })
    const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
    const worst = x.reduce((most, value, i) => Math.max(most, Math.abs(value / norm - w[i * 20])), 0)
    expect(worst).toBeLessThanOrEqual(bound(300, 20))
  })
})

describe('property: orthonormal', () => {
  test.each([
    [1, 1, 1],
    [1, 50, 1],
    [50, 1, 1],
    [3, 7, 1],
    [300, 300, 7],
    [1000, 130, 3],
    [65, 4099, 1],
    [1024, 1024, 31],
  ])('%d x %d: the shorter side’s lines are orthonormal within the derived bound', (rows, cols, step) => {
    const w = orthogonal([rows, cols], { seed: 12 })
    expect(distanceFromOrthogonal(w, rows, cols, step)).toBeLessThanOrEqual(bound(rows, cols))
  })

  test('a linear network of 30 orthogonal layers of 48 keeps the second moment of every seed at 1 within rounding', () => {
    const network = { depth: 30, width: 48, batch: 3, init: 'orthogonal', activation: 'linear', seeds: 3 }
    const { seeds } = propagate(network)
    for (const { forwardSecondMoment } of seeds)
      expect(Math.abs(forwardSecondMoment[29] / forwardSecondMoment[0] - 1)).toBeLessThan(30 * 2 * bound(48, 48))
  })

  test('propagate takes a gain after the name: orthogonal:1.5 multiplies the second moment of a linear layer by 2.25', () => {
    const network = { depth: 2, width: 40, batch: 2, init: 'orthogonal:1.5', activation: 'linear' }
    const [{ forwardSecondMoment }] = propagate(network).seeds
    expect(forwardSecondMoment[1] / forwardSecondMoment[0]).toBeCloseTo(2.25, 5)
  })

  test('a gain multiplies: 2 doubles the bits, -1 changes every sign, 0 gives zeros without a sign', () => {
    const w = orthogonal([20, 30], { seed: 2 })
    expect(orthogonal([20, 30], { seed: 2, gain: 2 })).toEqual(w.map((value) => 2 * value))
    expect(orthogonal([20, 30], { seed: 2, gain: -1 })).toEqual(w.map((value) => -value))
    expect([...orthogonal([3, 3], { seed: 2, gain: 0 })].every((value) => Object.is(value, 0))).toBe(true)
  })

  test('bits do not depend on what is in memory, on how much of it there is, or on a destination of one’s own', () => {
    const draw = (out?: Float32Array) => orthogonal([150, 90], { seed: 8, ...(out && { out }) })
    const w = draw()
    const dirty = (bytes: number) =>
      inArena((arena) => {
        const ptr = arena.allocate(bytes)
        arena.f32(ptr, bytes / 4).fill(Number.NaN)
        return draw()
      })
    inArena((arena) => arena.f32(arena.allocate(1 << 22), 1 << 20).fill(Number.NaN))
    expect(draw()).toEqual(w)
    expect(dirty(1 << 25)).toEqual(w)
    const out = new Float32Array(150 * 90).fill(Number.NaN)
    expect(draw(out)).toBe(out)
    expect(out).toEqual(w)
  })
})

describe('property: layouts, groups and copies', () => {
  const at = (w: Float32Array, shape: readonly number[], index: readonly number[]) =>
    w[index.reduce((position, i, axis) => position * shape[axis] + i, 0)]

  test("'IO' and 'HWIO' hold the values of 'OI' and 'OIHW' at the same coordinates", () => {
    expect(orthogonal([5, 9], { seed: 3, layout: 'IO' })).toEqual(transposed(orthogonal([9, 5], { seed: 3 }), 9, 5))
    const torch = orthogonal([4, 3, 2, 2], { seed: 3, layout: 'OIHW' })
    const keras = orthogonal([2, 2, 3, 4], { seed: 3, layout: 'HWIO' })
    for (let o = 0; o < 4; o++)
      for (let i = 0; i < 3; i++)
        for (let h = 0; h < 2; h++)
          for (let x = 0; x < 2; x++)
            expect(at(keras, [2, 2, 3, 4], [h, x, i, o])).toBe(at(torch, [4, 3, 2, 2], [o, i, h, x]))
  })

  test('a convolution [8, 3, 3, 3] is the matrix 8 x 27 of the same stream', () => {
    expect(orthogonal([8, 3, 3, 3], { seed: 3, layout: 'OIHW' })).toEqual(orthogonal([8, 27], { seed: 3 }))
  })

  test('3 groups of a convolution [12, 2, 5] are 3 different matrices 4 x 10, each orthonormal', () => {
    const w = orthogonal([12, 2, 5], { seed: 3, layout: 'OIW', groups: 3 })
    const groups = [0, 1, 2].map((group) => w.subarray(40 * group, 40 * (group + 1)))
    for (const group of groups) expect(distanceFromOrthogonal(group, 4, 10)).toBeLessThanOrEqual(bound(4, 10))
    expect(groups[0]).not.toEqual(groups[1])
    expect(groups[1]).not.toEqual(groups[2])
  })

  test('a depthwise kernel of 4 channels, multiplier 2, field 9: each channel has its own 2 x 9; so have 4 experts [4, 2, 9]', () => {
    const shape = [3, 3, 4, 2]
    const w = orthogonal(shape, { seed: 3, layout: 'HWIM' })
    const experts = orthogonal([4, 2, 9], { seed: 3, layout: 'EOI' })
    for (let channel = 0; channel < 4; channel++) {
      const matrix = Float32Array.from({ length: 18 }, (_, p) =>
        at(w, shape, [Math.floor((p % 9) / 3), p % 3, channel, Math.floor(p / 9)]),
      )
      expect(distanceFromOrthogonal(matrix, 2, 9)).toBeLessThanOrEqual(bound(2, 9))
      expect(matrix).toEqual(experts.subarray(18 * channel, 18 * (channel + 1)))
    }
  })
})

/** y = conv(x, w) around a circle, the tap k // 2 in the middle; x: channels of equal length. */
function convolve(x: readonly Float64Array[], w: Float32Array, outputs: number, k: number): Float64Array[] {
  const length = x[0].length
  return Array.from({ length: outputs }, (_, o) =>
    Float64Array.from({ length }, (_, t) =>
      x.reduce((sum, channel, i) => {
        for (let tap = 0; tap < k; tap++)
          sum += w[(o * x.length + i) * k + tap] * channel[(t + tap - Math.floor(k / 2) + length) % length]
        return sum
      }, 0),
    ),
  )
}

describe('deltaOrthogonal', () => {
  const energy = (x: readonly Float64Array[]) =>
    x.flatMap((row) => [...row]).reduce((sum, value) => sum + value * value, 0)
  const signal = (channels: number) =>
    Array.from({ length: channels }, (_, i) =>
      Float64Array.from(fillNormal(new Float32Array(11), { seed: 1, stream: `${i}` })),
    )

  test.each([
    [3, 3, 3],
    [3, 8, 5],
    [4, 4, 4],
  ])('%d -> %d channels, kernel %d: the energy of a signal is kept', (inputs, outputs, k) => {
    const w = deltaOrthogonal([outputs, inputs, k], { layout: 'OIW', seed: 5 })
    const x = signal(inputs)
    expect(Math.abs(energy(convolve(x, w, outputs, k)) / energy(x) - 1)).toBeLessThan(inputs * bound(inputs, inputs))
  })

  test('the centre tap [2][2] of a 4 x 4 kernel is the matrix of `orthogonal`, every other tap is 0', () => {
    const w = deltaOrthogonal([5, 3, 4, 4], { layout: 'OIHW', seed: 5, gain: 1.5 })
    const matrix = orthogonal([5, 3], { seed: 5, gain: 1.5 })
    expect(w).toEqual(Float32Array.from(w, (_, i) => (i % 16 === 10 ? matrix[Math.floor(i / 16)] : 0)))
  })

  test('more inputs than outputs: the rows of the centre tap are orthonormal; groups have their own', () => {
    const w = deltaOrthogonal([6, 5, 3], { layout: 'OIW', seed: 5, groups: 3 })
    const centre = w.filter((_, i) => i % 3 === 1)
    for (const group of [0, 1, 2])
      expect(distanceFromOrthogonal(centre.subarray(10 * group, 10 * (group + 1)), 2, 5)).toBeLessThanOrEqual(
        bound(2, 5),
      )
  })

  test('refused for a matrix', () => {
    expect(() => deltaOrthogonal([3, 3])).toThrow(
      "deltaOrthogonal: layout expected that of a convolution, such as 'OIHW' (orthogonal is for a matrix), got 'OI'",
    )
  })
})

describe('refusal', () => {
  test.each([
    [() => orthogonal([5]), 'orthogonal: shape expected at least 2 axes'],
    [() => orthogonal([4, 0]), 'orthogonal: shape[1] expected an integer >= 1, got 0'],
    [() => orthogonal([4, 4, 3]), 'orthogonal: layout expected to be declared: [4, 4, 3] reads as'],
    [() => orthogonal([4, 4], { gain: Number.NaN }), 'orthogonal: gain expected a finite number, got NaN'],
    [() => orthogonal([4, 4], { gain: 3.4028e38 }), 'orthogonal: gain expected values within f32'],
    [
      () => orthogonal([4, 4, 3], { layout: 'OIW', groups: 3 }),
      'orthogonal: groups expected a divisor of the 4 channels',
    ],
    [() => orthogonal([4, 4], { scale: 1 } as object), "got 'scale'"],
    [() => orthogonal([4, 4], { seed: -1 }), 'orthogonal: seed expected an integer in [0, 2^64 - 1]'],
    [() => initialize('orthogonal:x', [4, 4]), "initialize: name expected 'orthogonal:GAIN' with a number for GAIN"],
    [() => initialize('orthogonal:2', [4, 4], { gain: 2 }), "got 'gain'"],
    [() => initialize('orthogonl', [4, 4]), "did you mean 'orthogonal'?"],
  ])('%s is refused with %s', (call, message) => {
    expect(call).toThrow(message)
  })
})

describe('statistics: the law is Haar’s', () => {
  const SEEDS = 4000

  /** Mean of `statistic` over draws of n x n, in standard errors from `wanted`, its variance given. */
  function away(n: number, seeds: number, wanted: number, variance: number, statistic: (w: Float32Array) => number) {
    let sum = 0
    for (let seed = 0; seed < seeds; seed++) sum += statistic(orthogonal([n, n], { seed, stream: 'haar' }))
    return Math.abs(sum / seeds - wanted) / Math.sqrt(variance / seeds)
  }
  /** E q^(2 p) of one element: 1 3 .. (2p - 1) / (n (n + 2) .. (n + 2p - 2)). */
  const moment = (n: number, p: number) =>
    Array.from({ length: p }, (_, i) => (2 * i + 1) / (n + 2 * i)).reduce((a, b) => a * b, 1)

  test.each([
    [4, 0, 0],
    [4, 3, 3],
    [4, 1, 2],
    [5, 4, 0],
  ])('n = %d, element (%d, %d): E q = 0, E q^2 = 1/n and E q^4 = 3/(n (n + 2)) within 5 standard errors', (n, i, j) => {
    const [m2, m4, m8] = [1, 2, 4].map((p) => moment(n, p))
    expect(away(n, SEEDS, 0, m2, (w) => w[i * n + j])).toBeLessThan(5)
    expect(away(n, SEEDS, m2, m4 - m2 ** 2, (w) => w[i * n + j] ** 2)).toBeLessThan(5)
    expect(away(n, SEEDS, m4, m8 - m4 ** 2, (w) => w[i * n + j] ** 4)).toBeLessThan(5)
  })

  const trace = (n: number) => (w: Float32Array) =>
    Array.from({ length: n }, (_, i) => w[i * n + i]).reduce((a, b) => a + b, 0)

  test.each([
    [4, SEEDS],
    [70, 500],
  ])(
    'n = %d: the trace has mean 0 and variance 1 (as N(0, 1) up to its fourth moment) within 5 standard errors',
    (n, seeds) => {
      expect(away(n, seeds, 0, 1, trace(n))).toBeLessThan(5)
      expect(away(n, seeds, 1, 2, (w) => trace(n)(w) ** 2)).toBeLessThan(5)
    },
  )

  test('n = 2: rotations and reflections come alike often, and the angle of the first column is uniform: E cos 4a = 0', () => {
    const determinant = (w: Float32Array) => Math.sign(w[0] * w[3] - w[1] * w[2])
    expect(away(2, SEEDS, 0, 1, determinant)).toBeLessThan(5)
    expect(away(2, SEEDS, 0, 0.5, (w) => Math.cos(4 * Math.atan2(w[2], w[0])))).toBeLessThan(5)
  })

  test('n = 3: columns are uncorrelated with each other’s places: E q00 q11 = 0, E q00^2 q11^2 = 2/15', () => {
    // Collins & Sniady 2006: E q00^2 q11^2 = (n + 1) / (n (n - 1) (n + 2)); the variance is at most E q00^4 = 1/5
    expect(away(3, SEEDS, 0, 2 / 15, (w) => w[0] * w[4])).toBeLessThan(5)
    expect(away(3, SEEDS, 2 / 15, 1 / 5, (w) => (w[0] * w[4]) ** 2)).toBeLessThan(5)
  })
})

describe('the standard deviation that is told', () => {
  test.each([
    ['orthogonal', [64, 128], {}, 1 / Math.sqrt(128)],
    ['orthogonal:-2', [128, 64], {}, 2 / Math.sqrt(128)],
    ['orthogonal', [12, 2, 5], { layout: 'OIW', groups: 3 }, 1 / Math.sqrt(10)],
    ['delta-orthogonal', [32, 16, 3, 3], { layout: 'OIHW', gain: 3 }, 3 / Math.sqrt(32 * 9)],
  ] as const)('%s %j %j: %f, and its square is the mean square of the values', (name, shape, options, std) => {
    expect(initStd(name, shape, options)).toBeCloseTo(std, 14)
    const { secondMoment } = moments(initialize(name, shape, { ...options, seed: 6 }))
    expect(Math.abs(secondMoment / std ** 2 - 1)).toBeLessThan(1e-5)
  })

  test('identity with a negative gain: not negative', () => {
    expect(initStd('identity', [4, 4], { gain: -2 })).toBeCloseTo(2 * Math.sqrt(3 / 16), 15)
  })
})
