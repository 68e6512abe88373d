import { expect, test } from 'vitest'
import { allocatePanels, copyPanels, type Panels, panelsLen } from '../../src/network/panels'
import { normalize, overBatch, overUnits } from '../../src/networks/normalization'
import { fillNormal } from '../../src/random/draw'
import { type Arena, inArena } from '../../src/wasm/instance'

const [UNITS, BATCH, CHANNELS] = [24, 10, 6]
const EPSILON = 1e-5

function filled(arena: Arena, stream: string, mean: number, beyond: number): Panels {
  const p = allocatePanels(arena, UNITS, BATCH)
  const values = fillNormal(new Float32Array(UNITS * BATCH), { seed: 2, stream, mean })
  const data = arena.f32(p.ptr, panelsLen(p))
  for (let b = 0; b < 8 * p.panels; b++)
    for (let i = 0; i < UNITS; i++) {
      const inside = b < BATCH
      data[((b >> 3) * UNITS + i) * 8 + (b & 7)] = inside
        ? values[b * UNITS + i]
        : beyond * values[(BATCH - 1) * UNITS + i]
    }
  return p
}

const matrix = (arena: Arena, p: Panels) => {
  const data = arena.f32(p.ptr, panelsLen(p))
  return Array.from({ length: BATCH }, (_, b) =>
    Array.from({ length: UNITS }, (_, i) => data[((b >> 3) * UNITS + i) * 8 + (b & 7)]),
  )
}

/** The sets that are normalized together, as [sample, unit] pairs. */
const SETS = {
  units: Array.from({ length: BATCH }, (_, b) => Array.from({ length: UNITS }, (_, i) => [b, i] as const)),
  batch: Array.from({ length: CHANNELS }, (_, c) =>
    Array.from({ length: BATCH }, (_, b) =>
      Array.from({ length: UNITS / CHANNELS }, (_, p) => [b, c * (UNITS / CHANNELS) + p] as const),
    ).flat(),
  ),
}

function plain(x: number[][], sets: readonly (readonly (readonly [number, number])[])[], centred: boolean): number[][] {
  const out = x.map((row) => [...row])
  for (const set of sets) {
    const mean = centred ? set.reduce((s, [b, i]) => s + x[b][i], 0) / set.length : 0
    const variance = set.reduce((s, [b, i]) => s + (x[b][i] - mean) ** 2, 0) / set.length
    for (const [b, i] of set) out[b][i] = (x[b][i] - mean) / Math.sqrt(variance + EPSILON)
  }
  return out
}

test.each([
  ['layerNorm', 'units', true],
  ['rmsNorm', 'units', false],
  ['batchNorm, 6 channels of 4 positions', 'batch', true],
] as const)(
  '%s: forward equals its definition to 3 ulps, the way back its slope along the gradient to 1e-5',
  (_, sets, centred) => {
    inArena((arena) => {
      const x = filled(arena, 'x', 0.7, 1)
      const delta = filled(arena, 'd', 0, 0)
      const out = copyPanels(arena, x)
      const back = normalize(arena, out, sets === 'batch' ? overBatch(x, CHANNELS) : overUnits(x), centred)
      const [values, d] = [matrix(arena, x), matrix(arena, delta)]
      const want = plain(values, SETS[sets], centred)
      // one rounding to f32 of a number below 4
      const errors = matrix(arena, out).flatMap((row, b) => row.map((v, i) => Math.abs(v - want[b][i])))
      expect(Math.max(...errors)).toBeLessThan(3 * 4 * 2 ** -24)

      const grad = matrix(arena, back(delta))
      // <d, f(x + h v)> has the slope <grad, v> at h = 0: central difference, error h^2 times a third derivative of order 1
      const v = matrix(arena, filled(arena, 'v', 0, 0))
      const along = (h: number) =>
        plain(
          values.map((row, b) => row.map((value, i) => value + h * v[b][i])),
          SETS[sets],
          centred,
        )
          .flatMap((row, b) => row.map((value, i) => value * d[b][i]))
          .reduce((s, value) => s + value, 0)
      const slope = (along(1e-4) - along(-1e-4)) / 2e-4
      const got = grad.flatMap((row, b) => row.map((g, i) => g * v[b][i])).reduce((s, value) => s + value, 0)
      // |grad| |v| times what f32 keeps of h and grad, and 1e-8 of the difference itself
      const scale = Math.sqrt(grad.flat().reduce((s, g) => s + g * g, 0) * v.flat().reduce((s, g) => s + g * g, 0))
      expect(Math.abs(got - slope)).toBeLessThan(1e-5 * scale)
    })
  },
)

test('a sample of equal values becomes zeros, not NaN', () => {
  inArena((arena) => {
    const x = filled(arena, 'x', 0, 1)
    arena.f32(x.ptr, panelsLen(x)).fill(3)
    normalize(arena, x, overUnits(x), true)
    expect(
      matrix(arena, x)
        .flat()
        .every((value) => value === 0),
    ).toBe(true)
  })
})
