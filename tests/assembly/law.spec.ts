import { columnStride } from '../../assembly/law/columns'
import { lawFactor, lawFactorBytes, lawForward } from '../../assembly/law/dense'
import { qr } from '../../assembly/law/qr'

const a: usize = memory.data(4096, 16)
const r: usize = memory.data(1024, 16)
const scales: usize = memory.data(128, 16)
const h: usize = memory.data(4096, 16)
const z: usize = memory.data(4096, 16)
const factor: usize = memory.data(65536, 64)
const g: usize = memory.data(128, 16)

/** a: n x c; column j is `first` + j `step` in element 0 and 1, 2, 3, ... in the others. */
function columns(n: i32, c: i32, first: f64, step: f64): void {
  for (let j = 0; j < c; j++)
    for (let i = 0; i < n; i++)
      store<f64>(a + <usize>j * columnStride(n) + ((<usize>i) << 3), i == 0 ? first + <f64>j * step : <f64>i)
}

/** |s_i v_i|^2 of reflector i. */
function lengthSquare(n: i32, i: i32): f64 {
  const s = load<f64>(scales + ((<usize>i) << 3))
  let sum: f64 = 0
  for (let l = 0; l < n; l++) {
    const v = s * load<f64>(a + <usize>i * columnStride(n) + ((<usize>l) << 3))
    sum += v * v
  }
  return sum
}

describe('qr', () => {
  it('gives equal columns equal columns of R, and every reflector is of square length 2 or 0', () => {
    columns(6, 3, 2, 0)
    qr(r, scales, a, 6, 3)
    // |x|^2 = 4 + 1 + 4 + 9 + 16 + 25
    expect(load<f64>(r)).toBe(-Math.sqrt(59))
    for (let j = 1; j < 3; j++) expect(Math.abs(load<f64>(r + ((<usize>j) << 3)) + Math.sqrt(59))).toBeLessThan(1e-14)
    for (let i = 0; i < 3; i++) {
      const square = lengthSquare(6, i)
      expect(square == 0 || Math.abs(square - 2) < 1e-14).toBe(true)
    }
  })

  it('leaves columns of zeros alone: R = 0 and no reflection', () => {
    memory.fill(a, 0, 4096)
    qr(r, scales, a, 5, 2)
    for (let i: usize = 0; i < 4; i++) expect(load<f64>(r + (i << 3))).toBe(0)
    expect(load<f64>(scales) + load<f64>(scales + 8)).toBe(0)
  })
})

describe('lawForward', () => {
  it('repeats the last sample in the columns beyond the batch: 5 inputs, 7 units, batch 3', () => {
    for (let i = 0; i < 40; i++) store<f32>(h + ((<usize>i) << 2), <f32>(min(i & 7, 2) + 1 + (i >> 3)))
    expect(lawFactorBytes(5, 3)).toBeLessThan(65536)
    lawFactor(factor, h, 5, 3)
    lawForward(z, g, factor, 7, 5, 3, 1, 1)
    for (let i = 0; i < 56; i++) {
      const last = (i & ~7) + min(i & 7, 2)
      expect(load<f32>(z + ((<usize>i) << 2))).toBe(load<f32>(z + ((<usize>last) << 2)))
    }
    expect(load<f32>(z)).not.toBe(0)
  })
})
