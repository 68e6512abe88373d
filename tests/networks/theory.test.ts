import { describe, expect, test } from 'vitest'
import type { LayerDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { denseDocument } from '../../src/networks/short-form'
import { propagate } from '../../src/report/propagate'
import { bandLog } from '../../src/report/seed-statistics'

describe.each([
  ['relu', { widths: [40, 64, 32, 96, 48] }, { batch: 1 }],
  ['relu', { widths: [40, 64, 32, 96, 48], bias: 0.3 }, { batch: 9 }],
  ['tanh', { depth: 8, width: 32, bias: 0.1 }, { batch: 5 }],
  ['leaky-relu:0.2', { depth: 6, width: 24 }, { batch: 7, init: 'lecun-normal' }],
  ['gelu', { depth: 6, width: 48 }, { batch: 4, init: 'normal:0.2' }],
  ['linear', { depth: 5, width: 16 }, { batch: 3, init: 'lecun-normal' }],
])('a document that spells out %s layers of %j, with %j', (activation, size, how) => {
  const options = { ...how, seeds: 5, seed: 8, backward: true }
  const plain = propagate({ ...size, activation, ...options })
  const run = propagateNetwork(denseDocument('test', { ...size, activation } as never), options)

  test('has the theory, band, cosine, saturation and z of the plain network: to 9 digits, z to 6 decimals', () => {
    const close = (a: number | null, b: number | null) => {
      expect(a === null).toBe(b === null)
      if (a !== null && b !== null) expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.abs(b))
    }
    plain.layers.forEach(({ theory, statistics }, l) => {
      const z = run.layers[2 * l]
      close(z.theory.backward, theory.backward.secondMoment)
      for (const i of [0, 1]) close(z.theory.backwardBand![i], theory.backward.band[i])
      expect(z.statistics.backward!.z! - statistics.backward!.z!).toBeCloseTo(0, 6)
      const h = run.layers[2 * l + 1]
      // the document ends at z of the last layer, where the plain network's probe is
      if (h === undefined) return
      close(h.theory.forward, theory.forward.secondMoment)
      close(h.theory.cosine, theory.forward.cosine)
      close(h.theory.saturatedFraction, theory.forward.saturatedFraction)
      for (const i of [0, 1]) close(h.theory.forwardBand![i], theory.forward.band[i])
      expect(h.statistics.forward.z! - statistics.forward.z!).toBeCloseTo(0, 6)
    })
  })
})

const f = (name: string): LayerDocument => ({ kind: 'activation', name })
const dense = (units: number, init = 'he-normal'): LayerDocument => ({ kind: 'dense', units, init })
const conv = (channels: number, more: object = {}): LayerDocument => ({ kind: 'conv', channels, kernel: 3, ...more })
const times = (count: number, layers: LayerDocument[]): LayerDocument => ({ kind: 'repeat', times: count, layers })
const residual = (scale: number, layers: LayerDocument[]): LayerDocument => ({ kind: 'residual', scale, layers })

const N = 48
const LECUN = 'lecun-normal'

/** Name, input, layers, batch, and weight layers one after the other over their channels: what the second order in 1/width may add to a variance. */
const NETWORKS: [string, number[], LayerDocument[], number, number][] = [
  ['ReLU branches x + F(x)/2', [N], [times(5, [residual(0.5, [dense(N), f('relu'), dense(N, LECUN)])])], 3, 10 / N],
  [
    'tanh branches, one linear layer before the activation and one after',
    [N],
    [times(5, [residual(0.7, [dense(N, LECUN), f('tanh'), dense(N, LECUN)])])],
    3,
    10 / N,
  ],
  [
    'branches that begin with the activation',
    [N],
    [times(4, [residual(0.6, [f('tanh'), dense(N), f('relu'), dense(N)])])],
    2,
    8 / N,
  ],
  [
    'branches that begin with rmsNorm',
    [N],
    [times(5, [residual(1, [{ kind: 'rmsNorm' }, dense(N), f('relu'), dense(N, LECUN)])])],
    1,
    10 / N,
  ],
  [
    'branches that begin with layerNorm, GELU',
    [N],
    [times(4, [residual(1, [{ kind: 'layerNorm' }, dense(N), f('gelu'), dense(N, LECUN)])])],
    1,
    8 / N,
  ],
  ['rmsNorm between weights and ReLU', [N], [times(4, [dense(N), { kind: 'rmsNorm' }, f('relu')])], 1, 4 / N],
  ['layerNorm between weights and ReLU', [N], [times(4, [dense(N), { kind: 'layerNorm' }, f('relu')])], 1, 4 / N],
  ['layerNorm between weights and tanh', [N], [times(4, [dense(N), { kind: 'layerNorm' }, f('tanh')])], 1, 4 / N],
  [
    'activations of several kinds, two linear layers in a row, biases',
    [N],
    [
      ...[dense(N), f('relu'), dense(N, LECUN), f('tanh'), dense(N), dense(N, LECUN), f('gelu')],
      ...[{ kind: 'dense', units: N, init: LECUN, bias: 0.4 } as const, f('relu'), dense(N)],
    ],
    3,
    6 / N,
  ],
  [
    'circular convolutions in one dimension',
    [8, 6],
    [times(4, [conv(24, { padding: 'circular' }), f('relu')])],
    2,
    4 / 24,
  ],
  [
    'zero-padded convolutions of an image with far more positions than an output reads, a stride, a dense layer',
    [3, 9, 9],
    [times(2, [conv(24), f('relu')]), conv(24, { stride: 2 }), f('relu'), dense(24, LECUN)],
    2,
    4 / 24,
  ],
  [
    'branches of convolutions, one of them in groups',
    [24, 4, 4],
    [times(3, [residual(0.5, [conv(24), f('relu'), conv(24, { init: LECUN, groups: 2 })])]), dense(24, LECUN)],
    2,
    7 / 12,
  ],
]

describe.each(NETWORKS)('%s: 1200 seeds', (_, input, layers, batch, order) => {
  const seeds = 1200
  const run = propagateNetwork({ input, layers }, { batch, seeds, seed: 1, backward: true })

  test.each(['forward', 'backward'] as const)(
    '%s, the mean and the variance of ln are those of the band at every layer, within 4 standard errors and the next order in 1/width',
    (way) => {
      run.layers.forEach(({ path, theory }, i) => {
        const logs = run.seeds.map((seed) => Math.log(seed[`${way}SecondMoment`][i]))
        const band = theory[`${way}Band`]!
        const expected = bandLog(band)
        expect(expected, path).not.toBeNull()
        const { centre, spread } = expected!
        const mean = logs.reduce((a, b) => a + b, 0) / seeds
        const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (seeds - 1)
        const fourth = logs.reduce((sum, log) => sum + (log - mean) ** 4, 0) / seeds
        // a norm leaves 1e-5 undivided, and no scatter beside what that makes
        expect(Math.abs(mean - centre), `mean, ${path}`).toBeLessThan(
          4 * Math.sqrt(variance / seeds) + order * spread ** 2 + 1e-4,
        )
        expect(Math.abs(variance - spread ** 2), `variance, ${path}`).toBeLessThan(
          4 * Math.sqrt((fourth - variance ** 2) / seeds) + order * spread ** 2 + 1e-8,
        )
      })
    },
  )
})

describe('where there is no formula the band is null, and z with it', () => {
  const bands = (input: number[], layers: LayerDocument[], more: object = {}) =>
    propagateNetwork({ input, layers }, { batch: 4, seeds: 3, backward: true, ...more }).layers.map(
      ({ theory, statistics }) => {
        expect(statistics.forward.z === null).toBe(
          theory.forwardBand === null || theory.forwardBand[0] === theory.forwardBand[1],
        )
        return [theory.forwardBand, theory.backwardBand].map((band) => band !== null)
      },
    )

  test('after a batch norm up to the next other norm, and below it on the way back', () => {
    const layers: LayerDocument[] = [
      dense(9),
      { kind: 'batchNorm' },
      f('relu'),
      dense(9),
      { kind: 'rmsNorm' },
      dense(9),
    ]
    expect(bands([9], layers)).toEqual([
      ...[
        [true, false],
        [false, false],
        [false, false],
        [false, false],
      ],
      ...[
        [true, true],
        [true, true],
      ],
    ])
  })

  test('below a layer norm of values whose mean is not 0', () => {
    expect(bands([9], [dense(9), f('relu'), { kind: 'layerNorm' }, dense(9)])).toEqual([
      [true, false],
      [true, false],
      [true, true],
      [true, true],
    ])
  })

  test('for convolutions over a given batch, and over more than 1024 positions', () => {
    const data = Float32Array.from({ length: 4 * 12 }, (_, i) => Math.sin(i))
    const input = { data, rows: 4, columns: 12 }
    expect(bands([2, 6], [conv(4), dense(3)], { batch: undefined, input })[0]).toEqual([false, false])
    expect(bands([1, 33, 33], [conv(2), f('relu')])).toEqual([
      [false, false],
      [false, false],
    ])
  })
})
