import { columnStride } from '../../assembly/law/columns'
import { lawFactor, lawFactorBytes, lawForward } from '../../assembly/law/dense'
import { orthonormalise } from '../../assembly/law/orthonormal'

const a: usize = memory.data(4096, 16)
const r: usize = memory.data(1024, 16)
const scratch: usize = memory.data(128, 16)
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

describe('orthonormalise', () => {
  it('makes the first of equal columns of norm 1 and the others 0, with equal columns of R', () => {
    columns(6, 3, 2, 0)
    orthonormalise(r, a, 6, 3, scratch)
    // |x|^2 = 4 + 1 + 4 + 9 + 16 + 25
    expect(load<f64>(r)).toBe(Math.sqrt(59))
    for (let j = 1; j < 3; j++) {
      expect(Math.abs(load<f64>(r + ((<usize>j) << 3)) - Math.sqrt(59))).toBeLessThan(1e-14)
      for (let i = 0; i < 6; i++) expect(load<f64>(a + <usize>j * columnStride(6) + ((<usize>i) << 3))).toBe(0)
    }
  })

  it('leaves columns of zeros alone', () => {
    memory.fill(a, 0, 4096)
    orthonormalise(r, a, 5, 2, scratch)
    for (let i: usize = 0; i < 4; i++) expect(load<f64>(r + (i << 3))).toBe(0)
    for (let i: usize = 0; i < 5; i++) expect(load<f64>(a + (i << 3))).toBe(0)
  })
})

describe('lawForward', () => {
  it('repeats the last sample in the columns beyond the batch: 5 inputs, 7 units, batch 3', () => {
    for (let i = 0; i < 40; i++) store<f32>(h + ((<usize>i) << 2), <f32>(min(i & 7, 2) + 1 + (i >> 3)))
    expect(lawFactorBytes(5, 3)).toBeLessThan(65536)
    lawFactor(factor, h, 5, 3)
    lawForward(z, g, factor, 7, 3, 1, 1)
    for (let i = 0; i < 56; i++) {
      const last = (i & ~7) + min(i & 7, 2)
      expect(load<f32>(z + ((<usize>i) << 2))).toBe(load<f32>(z + ((<usize>last) << 2)))
    }
    expect(load<f32>(z)).not.toBe(0)
  })
})
