import { matmul, matmulWorkBytes } from '../../assembly/linalg/matmul'
import { useUnrolledTiles, useWideTiles } from '../../assembly/linalg/multiply-panels'
import { multiplyVector } from '../../assembly/linalg/multiply-vector'
import { splitmix64 } from '../../assembly/random/splitmix64'

const a: usize = memory.data(1572864, 64)
const b: usize = memory.data(262144, 64)
const out: usize = memory.data(65536, 64)
const work: usize = memory.data(3145728, 64)

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
  assert(matmulWorkBytes(m, k, n, transposeA) <= 3145728)
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
  it('equals the contract element by element, bit for bit, for every tail of the 4 x 8 tile and of its four steps a turn', () => {
    for (let m = 1; m <= 9; m++) for (let n = 1; n <= 17; n++) expect(mismatches(m, 7, n, false, false)).toBe(0)
    for (let k = 1; k <= 9; k++) expect(mismatches(5, k, 9, false, false)).toBe(0)
  })

  it('equals it with four steps a block, for every tail and across its blocks', () => {
    useUnrolledTiles(true)
    for (let m = 1; m <= 9; m++) for (let n = 1; n <= 17; n++) expect(mismatches(m, 7, n, false, false)).toBe(0)
    for (let k = 1; k <= 17; k++) expect(mismatches(5, k, 9, false, false)).toBe(0)
    expect(mismatches(6, 515, 11, false, true)).toBe(0)
    useUnrolledTiles(false)
  })

  it('equals it where the rows are more than the 256 of a pass, in short passes of columns, in long ones and in wide tiles', () => {
    expect(mismatches(258, 1030, 9, false, false)).toBe(0)
    expect(mismatches(261, 300, 35, false, false)).toBe(0)
    useWideTiles(true)
    expect(mismatches(261, 300, 35, false, false)).toBe(0)
    useWideTiles(false)
  })

  it('equals it with tiles of 4 x 16, for every tail of theirs and across their blocks', () => {
    useWideTiles(true)
    for (let m = 1; m <= 9; m++) for (let n = 1; n <= 41; n += 5) expect(mismatches(m, 7, n, false, false)).toBe(0)
    for (let k = 1; k <= 9; k++) expect(mismatches(5, k, 24, false, false)).toBe(0)
    expect(mismatches(6, 513, 35, false, false)).toBe(0)
    expect(mismatches(7, 1025, 17, true, true)).toBe(0)
    useWideTiles(false)
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

  it('equals it where k passes 1024 and n passes 128, the columns of one pass: 7 x 1025 x 9, 1 x 1300 x 33, 5 x 40 x 301', () => {
    expect(mismatches(7, 1025, 9, false, false)).toBe(0)
    expect(mismatches(1, 1300, 33, false, false)).toBe(0)
    expect(mismatches(5, 40, 301, false, false)).toBe(0)
  })
})

/** Elements of the panel a x that are not the contract's in every column, x: k x 1, a: m x k. */
function vectorMismatches(m: i32, k: i32): i32 {
  fill(a, m * k, 3)
  fill(b, k, 4)
  for (let p = 0; p < k; p++)
    for (let j = 0; j < 8; j++) store<f32>(work + ((<usize>(8 * p + j)) << 2), load<f32>(b + ((<usize>p) << 2)))
  multiplyVector(out, a, (<usize>k) << 2, work, m, k)
  let wrong = 0
  for (let i = 0; i < m; i++)
    for (let j = 0; j < 8; j++)
      if (load<u32>(out + ((<usize>(8 * i + j)) << 2)) != reinterpret<u32>(element(i, 0, m, k, 1, false, false)))
        wrong++
  return wrong
}

describe('multiplyVector', () => {
  it('equals the contract bit for bit for m = 1 .. 17 and k = 1 .. 21', () => {
    for (let m = 1; m <= 17; m++) for (let k = 1; k <= 21; k++) expect(vectorMismatches(m, k)).toBe(0)
  })

  it('equals it at and around the accumulation blocks: 19 x 252, 256, 260, 512, 516 and 8 x 2044', () => {
    expect(vectorMismatches(19, 252)).toBe(0)
    expect(vectorMismatches(19, 256)).toBe(0)
    expect(vectorMismatches(19, 260)).toBe(0)
    expect(vectorMismatches(19, 512)).toBe(0)
    expect(vectorMismatches(19, 516)).toBe(0)
    expect(vectorMismatches(8, 2044)).toBe(0)
  })
})
