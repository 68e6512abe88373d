import { matmul, matmulWorkBytes } from '../../assembly/linalg/matmul'
import { splitmix64 } from '../../assembly/random/splitmix64'

const a: usize = memory.data(65536, 64)
const b: usize = memory.data(262144, 64)
const out: usize = memory.data(65536, 64)
const work: usize = memory.data(524288, 64)

/** len f32 in [-1, 1), 24 bits each. */
function fill(ptr: usize, len: i32, seed: u64): void {
  splitmix64(work, len, seed)
  for (let i = 0; i < len; i++)
    store<f32>(
      ptr + ((<usize>i) << 2),
      <f32>(<i32>(load<u64>(work + ((<usize>i) << 3)) >> 40) - 0x800000) / <f32>0x800000,
    )
}

/** The contract, element by element: blocks of 256 k, one f32 accumulator each, added in ascending order. */
function element(i: i32, j: i32, m: i32, k: i32, n: i32, transposeA: bool, transposeB: bool): f32 {
  let total: f32 = 0
  for (let from = 0; from < k; from += 256) {
    let block: f32 = 0
    for (let p = from; p < min(from + 256, k); p++) {
      const x = load<f32>(a + ((<usize>(transposeA ? p * m + i : i * k + p)) << 2))
      const y = load<f32>(b + ((<usize>(transposeB ? j * k + p : p * n + j)) << 2))
      block = block + x * y
    }
    total = from == 0 ? block : total + block
  }
  return total
}

function mismatches(m: i32, k: i32, n: i32, transposeA: bool, transposeB: bool): i32 {
  assert(matmulWorkBytes(m, k, n, transposeA) <= 524288)
  fill(a, m * k, 1)
  fill(b, k * n, 2)
  matmul(out, a, b, work, m, k, n, transposeA, transposeB)
  let wrong = 0
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      if (
        load<u32>(out + ((<usize>(i * n + j)) << 2)) != reinterpret<u32>(element(i, j, m, k, n, transposeA, transposeB))
      )
        wrong++
  return wrong
}

describe('matmul', () => {
  it('equals the contract element by element, bit for bit, for every tail of the 5 x 8 tile', () => {
    for (let m = 1; m <= 11; m++) for (let n = 1; n <= 17; n++) expect(mismatches(m, 7, n, false, false)).toBe(0)
  })

  it('equals it in all four transpositions, 13 x 300 x 19', () => {
    expect(mismatches(13, 300, 19, false, false)).toBe(0)
    expect(mismatches(13, 300, 19, true, false)).toBe(0)
    expect(mismatches(13, 300, 19, false, true)).toBe(0)
    expect(mismatches(13, 300, 19, true, true)).toBe(0)
  })

  it('equals it at and around the 256-long accumulation block: k = 255, 256, 257, 512, 513', () => {
    expect(mismatches(6, 255, 9, false, false)).toBe(0)
    expect(mismatches(6, 256, 9, false, false)).toBe(0)
    expect(mismatches(6, 257, 9, true, false)).toBe(0)
    expect(mismatches(6, 512, 9, false, true)).toBe(0)
    expect(mismatches(6, 513, 9, false, false)).toBe(0)
  })

  it('equals it for one row against 4 panels at once: 1 x 9 x 31, 32, 33, 64, 71, and 1 x 300 x 40', () => {
    expect(mismatches(1, 9, 31, false, false)).toBe(0)
    expect(mismatches(1, 9, 32, false, false)).toBe(0)
    expect(mismatches(1, 9, 33, false, false)).toBe(0)
    expect(mismatches(1, 9, 64, false, false)).toBe(0)
    expect(mismatches(1, 9, 71, false, false)).toBe(0)
    expect(mismatches(1, 300, 40, false, false)).toBe(0)
  })

  it('equals it where k passes 1024, the columns of one pass: 7 x 1025 x 9 and 1 x 1300 x 33', () => {
    expect(mismatches(7, 1025, 9, false, false)).toBe(0)
    expect(mismatches(1, 1300, 33, false, false)).toBe(0)
  })
})
