import { reflect, reflectors } from '../../assembly/linalg/householder'
import { splitmix64 } from '../../assembly/random/splitmix64'

const MAX: i32 = 80
const q: usize = memory.data(25600, 64)
const vt: usize = memory.data(25600, 64)
const v: usize = memory.data(25600, 64)
const t: usize = memory.data(16384, 64)
const w: usize = memory.data(65536, 64)
const words: usize = memory.data(65536, 64)
const x: usize = memory.data(640, 64)
const reference: usize = memory.data(51200, 64)

/** Rows of vt: count vectors of n values in [-1, 1), NaN where reflectors() must not read, 0 beyond n. */
function fill(n: i32, first: i32, count: i32): void {
  const padded = (n + 7) & ~7
  splitmix64(words, count * n, 5)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < padded; j++) {
      const word = <i32>(load<u64>(words + ((<usize>(i * n + j)) << 3)) >> 40) - 0x800000
      const value: f32 = j >= n ? 0 : j >= first && j < first + i ? NaN : <f32>word / <f32>0x800000
      store<f32>(vt + ((<usize>(i * padded + j)) << 2), value)
    }
}

/** Address of element (i, j) of q. */
function at(i: i32, j: i32, n: i32): usize {
  return q + ((<usize>(j >> 3) * <usize>n + <usize>i) << 5) + ((<usize>(j & 7)) << 2)
}

/** reference: n x n in f64, the product H_first ... H_(first + count - 1) D straight from the definition, from the vectors in vt. */
function product(n: i32, first: i32, count: i32): void {
  const padded = (n + 7) & ~7
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) store<f64>(reference + ((<usize>(i * n + j)) << 3), i == j ? 1 : 0)
  for (let r = count - 1; r >= 0; r--) {
    const row = vt + ((<usize>(r * padded)) << 2)
    let norm: f64 = 0
    for (let i = first + r; i < n; i++) norm += <f64>load<f32>(row + ((<usize>i) << 2)) ** 2
    const head = <f64>load<f32>(row + ((<usize>(first + r)) << 2))
    const sign: f64 = head < 0 ? -1 : 1
    norm = sqrt(norm)
    for (let i = first + r; i < n; i++)
      store<f64>(x + ((<usize>i) << 3), <f64>load<f32>(row + ((<usize>i) << 2)) + (i == first + r ? sign * norm : 0))
    const half = norm * (norm + abs(head))
    store<f64>(reference + ((<usize>((first + r) * n + first + r)) << 3), -sign)
    for (let j = first; j < n; j++) {
      let sum: f64 = 0
      for (let i = first + r; i < n; i++)
        sum += load<f64>(x + ((<usize>i) << 3)) * load<f64>(reference + ((<usize>(i * n + j)) << 3))
      for (let i = first + r; i < n; i++) {
        const to = reference + ((<usize>(i * n + j)) << 3)
        store<f64>(to, load<f64>(to) - (load<f64>(x + ((<usize>i) << 3)) * sum) / half)
      }
    }
  }
}

/** Largest difference between the blocked product and the plain one. */
function worst(n: i32, first: i32, count: i32): f64 {
  assert(n <= MAX)
  fill(n, first, count)
  product(n, first, count)
  const panels = (n + 7) >> 3
  memory.fill(q, 0, (<usize>(panels * n)) << 5)
  for (let i = 0; i < n; i++) store<f32>(at(i, i, n), 1)
  reflectors(q, vt, v, t, n, first, count)
  reflect(q, panels, vt, v, t, w, n, first, count)
  let most: f64 = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      most = max(most, abs(<f64>load<f32>(at(i, j, n)) - load<f64>(reference + ((<usize>(i * n + j)) << 3))))
  return most
}

// An element, at most 1, goes through three products of at most 80 terms, each term rounded twice: 480 roundings of up to 2^-24,
// which add up as a random walk; 5 sqrt(480) 2^-24.
const BOUND: f64 = 6.53e-6

describe('householder', () => {
  it('a block of 64 reflectors of 80, 65 and 64 dimensions is their product in f64 within 6.5e-6', () => {
    expect(worst(80, 0, 64)).toBeLessThan(BOUND)
    expect(worst(65, 0, 64)).toBeLessThan(BOUND)
    expect(worst(64, 0, 64)).toBeLessThan(BOUND)
  })

  it('so are blocks that begin at 8, 64 and 72, of 1 to 9 reflectors, in dimensions that are no multiple of 8', () => {
    for (let count = 1; count <= 9; count++) {
      expect(worst(37, 8, count)).toBeLessThan(BOUND)
      expect(worst(75, 64, count)).toBeLessThan(BOUND)
      if (count <= 8) expect(worst(72 + count, 72, count)).toBeLessThan(BOUND)
    }
  })

  it('a vector of zeros counts as e: H e = -e and D = -1, so that the product has 1 there', () => {
    memory.fill(vt, 0, 32)
    memory.fill(q, 0, 96)
    reflectors(q, vt, v, t, 3, 0, 1)
    expect(load<f32>(at(0, 0, 3))).toBe(-1)
    reflect(q, 1, vt, v, t, w, 3, 0, 1)
    expect(abs(load<f32>(at(0, 0, 3)) - 1)).toBeLessThan(1e-6)
  })
})
