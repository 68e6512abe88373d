import { describe, expect, test } from 'vitest'
import { initialize } from '../../src/index'
import { allocatePanels, type Panels, panelsLen } from '../../src/network/panels'
import { checkedDocument } from '../../src/networks/check-document'
import { convolution, convolve, convolveBack, weightGradientSquare } from '../../src/networks/convolution'
import { type Layer, unitsOf } from '../../src/networks/document'
import { fillNormal } from '../../src/random/draw'
import { type Arena, inArena } from '../../src/wasm/instance'
import { plainConvolution } from './reference'

type Conv = Extract<Layer, { kind: 'conv' }>
const BATCH = 11
const U = 2 ** -24

/** units x BATCH normals in panels; what lies beyond the batch repeats the last sample, or is 0. */
function drawn(
  arena: Arena,
  units: number,
  stream: string,
  beyond: 'repeat' | 'zero',
): { panels: Panels; samples: Float64Array[] } {
  const panels = allocatePanels(arena, units, BATCH)
  const values = fillNormal(new Float32Array(units * BATCH), { seed: 9, stream })
  const data = arena.f32(panels.ptr, panelsLen(panels)).fill(0)
  for (let b = 0; b < 8 * panels.panels; b++) {
    const sample = Math.min(b, BATCH - 1)
    if (b < BATCH || beyond === 'repeat')
      for (let i = 0; i < units; i++) data[((b >> 3) * units + i) * 8 + (b & 7)] = values[sample * units + i]
  }
  const samples = Array.from({ length: BATCH }, (_, b) =>
    Float64Array.from(values.subarray(b * units, (b + 1) * units)),
  )
  return { panels, samples }
}

function sample(arena: Arena, p: Panels, b: number): Float64Array {
  const data = arena.f32(p.ptr, panelsLen(p))
  return Float64Array.from({ length: p.units }, (_, i) => data[((b >> 3) * p.units + i) * 8 + (b & 7)])
}

const farthest = (a: Float64Array, b: Float64Array) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0)
const size = (v: ArrayLike<number>) => Math.sqrt(Array.from(v).reduce((s, x) => s + x * x, 0))

describe.each([
  ['1-D, zero padding', [6, 13], { channels: 4, kernel: 3 }],
  ['1-D, even kernel, stride 2, circular', [4, 9], { channels: 6, kernel: 4, stride: 2, padding: 'circular' }],
  ['2-D, zero padding', [5, 6, 7], { channels: 9, kernel: 3 }],
  ['2-D, reflect, 5 x 3, stride 2 x 1', [3, 8, 5], { channels: 8, kernel: [5, 3], stride: [2, 1], padding: 'reflect' }],
  ['2-D, no padding, 4 groups', [8, 6, 6], { channels: 12, kernel: 3, padding: 'none', groups: 4 }],
  ['2-D, depthwise, circular', [10, 5, 4], { channels: 20, kernel: 3, padding: 'circular', groups: 10 }],
  ['2-D, 1 x 1', [33, 4, 4], { channels: 17, kernel: 1 }],
  ['2-D, many positions, several chunks', [40, 20, 20], { channels: 8, kernel: 5 }],
] as const)('%s', (_, input, options) => {
  const document = { input, layers: [{ kind: 'conv', stream: 's', ...options }] }
  const layer = checkedDocument('test', document, 'he-normal').layers[0] as Conv
  const { groups, window } = layer
  const k = (input[0] / groups) * unitsOf(window.kernel)
  const shape = [layer.to[0], input[0] / groups, ...window.kernel]
  const weights = initialize('he-normal', shape, {
    seed: 3n,
    stream: 's.weight',
    layout: input.length === 2 ? 'OIW' : 'OIHW',
    groups,
  })
  const plain = plainConvolution(weights, input[0], layer.to[0], groups, window)

  test('forward equals the definition in f64 to k roundings', () => {
    inArena((arena) => {
      const x = drawn(arena, unitsOf(input), 'x', 'repeat')
      const z = allocatePanels(arena, unitsOf(layer.to), BATCH)
      convolve(arena, convolution(arena, layer, 3n), z, x.panels)
      for (let b = 0; b < BATCH; b++) {
        const [got, want] = [sample(arena, z, b), plain.forward(x.samples[b])]
        // |w| |x| bounds the terms of each sum: k products and k sums, rounded
        const bound = 2 * k * U * size(weights) * size(x.samples[b])
        expect(farthest(got, want)).toBeLessThan(bound)
      }
    })
  })

  test('the way back equals the transposed sums, and <d, W x> = <W^T d, x>', () => {
    inArena((arena) => {
      const d = drawn(arena, unitsOf(layer.to), 'd', 'zero')
      const x = drawn(arena, unitsOf(input), 'x', 'repeat')
      const grad = allocatePanels(arena, unitsOf(input), BATCH)
      convolveBack(arena, convolution(arena, layer, 3n), grad, d.panels)
      for (let b = 0; b < BATCH; b++) {
        const [got, want] = [sample(arena, grad, b), plain.back(d.samples[b])]
        const terms = (layer.to[0] / groups) * unitsOf(window.kernel)
        const bound = 2 * terms * U * size(weights) * size(d.samples[b])
        expect(farthest(got, want)).toBeLessThan(bound)
        const dot = (p: Float64Array, q: Float64Array) => p.reduce((s, v, i) => s + v * q[i], 0)
        const forward = dot(d.samples[b], plain.forward(x.samples[b]))
        expect(Math.abs(dot(got, x.samples[b]) - forward)).toBeLessThan(
          bound * size(x.samples[b]) * Math.sqrt(got.length),
        )
      }
    })
  })

  test('|dL/dW|^2 equals that of the definition, summed over the batch', () => {
    inArena((arena) => {
      const x = drawn(arena, unitsOf(input), 'x', 'repeat')
      const d = drawn(arena, unitsOf(layer.to), 'd', 'zero')
      const got = weightGradientSquare(arena, convolution(arena, layer, 3n), x.panels, d.panels)
      const sum = new Float64Array(weights.length)
      let terms = 0
      for (let b = 0; b < BATCH; b++) {
        plain.weightGradient(x.samples[b], d.samples[b]).forEach((g, i) => {
          sum[i] += g
        })
        terms += size(x.samples[b]) * size(d.samples[b])
      }
      const want = size(sum) ** 2
      // each entry errs by its count of terms, times the rounding of the terms' sizes; the square by twice that
      const count = BATCH * unitsOf(window.to)
      expect(Math.abs(got - want)).toBeLessThan(2 * Math.sqrt(want) * 2 * count * U * terms)
    })
  })
})
