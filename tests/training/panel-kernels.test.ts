import { expect, test } from 'vitest'
import { inArena } from '../../src/wasm/instance'

const values = (len: number) => Float32Array.from({ length: len }, (_, i) => ((i * 7919) % 257) / 16 - 8)

test.each([
  [1, 1],
  [7, 9],
  [8, 8],
  [9, 7],
  [16, 24],
  [21, 13],
])(
  'panels of %i x %i: transposePanels gives the panels of the transpose, and unpackPanels the rows, to the bit',
  (k, n) => {
    inArena((arena) => {
      const { kernels } = arena
      const [rowsPanels, columnPanels] = [Math.ceil(n / 8) * 8 * k, Math.ceil(k / 8) * 8 * n]
      const [rows, panels, found, wanted, back] = [k * n, rowsPanels, columnPanels, columnPanels, k * n].map((len) =>
        arena.allocate(4 * len),
      )
      const b = values(k * n)
      arena.f32(rows, k * n).set(b)
      kernels.packPanels(panels, rows, k, n, 4 * n)
      // what a kernel leaves unwritten must show
      arena.f32(found, columnPanels).fill(Number.NaN)
      kernels.transposePanels(found, panels, k, n)
      kernels.packPanelsTransposed(wanted, rows, n, k, 4 * n)
      expect(arena.f32(found, columnPanels)).toEqual(arena.f32(wanted, columnPanels))
      kernels.unpackPanels(back, panels, k, n, 4 * n)
      expect(arena.f32(back, k * n)).toEqual(b)
    })
  },
)

test.each([0, 4, 8, 20])('addScaled of %i elements rounds the product and the sum once each', (len) => {
  inArena((arena) => {
    const [y, x] = [arena.allocate(4 * len + 16), arena.allocate(4 * len + 16)]
    arena.f32(y, len + 4).set(values(len + 4))
    arena.f32(x, len + 4).set(values(2 * len + 8).subarray(len + 4))
    const by = Math.fround(0.1)
    const wanted = [...arena.f32(y, len)].map((v, i) => Math.fround(v + Math.fround(by * arena.f32(x, len)[i])))
    const beyond = arena.f32(y, len + 4).slice(len)
    arena.kernels.addScaled(y, x, len, by)
    expect([...arena.f32(y, len)]).toEqual(wanted)
    expect(arena.f32(y, len + 4).slice(len)).toEqual(beyond)
  })
})
