import { describe, expect, test } from 'vitest'
import { readSafetensors } from '../../src/io/safetensors'
import type { LayerDocument, LayeredNetwork, NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { exportNetwork } from '../../src/networks/export'
import { denseDocument } from '../../src/networks/short-form'
import { propagate } from '../../src/report/propagate'

const f = (name: string): LayerDocument => ({ kind: 'activation', name })
const dense = (units: number, init = 'he-normal'): LayerDocument => ({ kind: 'dense', units, init })

describe.each([
  [{ depth: 5, width: 24 }, {}],
  [{ widths: [20, 33, 7], activation: 'gelu', bias: 0.2 }, { init: 'xavier-uniform' }],
  [{ depth: 6, width: 16, activation: 'leaky-relu:0.2' }, { init: 'orthogonal' }],
])('the short form %j', (size, how) => {
  const options = { ...how, batch: 3, seeds: 2, seed: 5, backward: true, learningRate: 0.01 }
  const both = (jacobian: 'exact' | { probes: number }) =>
    [
      propagate({ ...size, ...options, jacobian }),
      propagateNetwork(size as NetworkDocument, { ...options, jacobian }),
    ] as const

  test.each([{ probes: 11 }, 'exact' as const])('has with %j the very Jacobian of the plain network', (jacobian) => {
    const [plain, document] = both(jacobian)
    const { theory, ...measured } = document.jacobian!
    const { theory: expected, ...wanted } = plain.jacobian!
    expect(measured).toEqual(wanted)
    if (expected === null) return
    expect(theory!.m1).toBeCloseTo(expected.m1, 9)
    expect(theory!.spread).toBeCloseTo(expected.spread!, 9)
  })
})

test('gradient : weight and update : weight are those of the plain network, layer by layer', () => {
  const size = { depth: 4, width: 24, bias: 0.1, activation: 'tanh' }
  const options = { batch: 3, seeds: 2, backward: true, learningRate: 0.03 }
  const plain = propagate({ ...size, ...options })
  const { layers, config } = propagateNetwork(denseDocument('test', size), options)
  expect(config.learningRate).toBe(0.03)
  plain.layers.forEach(({ ratios }, l) => {
    expect(layers[2 * l].ratios!.gradient).toBeCloseTo(ratios!.gradient!, 9)
    expect(layers[2 * l].ratios!.update! / layers[2 * l].ratios!.gradient!).toBeCloseTo(0.03, 12)
    if (layers[2 * l + 1]) expect(layers[2 * l + 1].ratios).toBeNull()
  })
  expect(propagateNetwork(size, { batch: 3 }).layers[0].ratios).toBeNull()
})

const NETWORKS: [string, LayeredNetwork][] = [
  [
    'residual blocks',
    { input: [12], layers: [{ kind: 'residual', scale: 0.5, layers: [dense(12), f('relu'), dense(12)] }, f('tanh')] },
  ],
  [
    'norms',
    { input: [12], layers: [dense(20), { kind: 'layerNorm' }, f('gelu'), dense(9), { kind: 'rmsNorm' }, dense(8)] },
  ],
  [
    'convolutions',
    {
      input: [2, 5, 5],
      layers: [
        { kind: 'conv', channels: 4, kernel: 3, stride: 2, bias: 0.3 },
        f('relu'),
        { kind: 'residual', layers: [{ kind: 'conv', channels: 4, kernel: 3, groups: 2 }] },
        dense(6),
      ],
    },
  ],
]

describe.each(NETWORKS)('%s', (_, network) => {
  const options = { batch: 2, seed: 3 }
  const exact = propagateNetwork(network, { ...options, jacobian: 'exact' }).jacobian!

  test('the singular values are those of J by central differences', () => {
    const wanted = differences(network, options)
    const [values] = exact.singularValues!
    // |J|_F^2 and the largest, by power iteration; f32 outputs over steps of 2^-6: 2^-24 2^6 of a size of 1, and the curvature
    const frobenius = wanted.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0)
    expect(values.reduce((sum, value) => sum + value * value, 0) / frobenius).toBeCloseTo(1, 2)
    expect(values[0] / largest(wanted)).toBeCloseTo(1, 2)
    expect([exact.inputs, exact.outputs]).toEqual([wanted[0].length, wanted.length])
  })

  test('800 probes find m1 and m2 within 4 standard errors', () => {
    const probed = propagateNetwork(network, { ...options, jacobian: { probes: 800 } }).jacobian!
    for (const moment of ['m1', 'm2'] as const)
      expect(Math.abs(probed[moment].value - exact[moment].value)).toBeLessThan(4 * probed[moment].standardError!)
  })
})

/** J at the batch's first sample, by sending x + h e_i and x - h e_i through. */
function differences(network: LayeredNetwork, { seed }: { seed: number }): number[][] {
  const tensors = (options: object) => readSafetensors(exportNetwork(network, { seed, ...options })).tensors
  const { data, shape } = tensors({ batch: 2 }).get('batch')!
  const size = shape.slice(1).reduce((a, b) => a * b, 1)
  const step = 2 ** -6
  const rows = new Float32Array(2 * size * size)
  for (let i = 0; i < 2 * size; i++)
    for (let j = 0; j < size; j++) rows[i * size + j] = Number(data[j]) + (j === i >> 1 ? (i % 2 ? -step : step) : 0)
  const all = tensors({ input: { data: rows, rows: 2 * size, columns: size } })
  const { layers } = network
  const out = all.get(`layers.${layers.length - 1}.output`)!.data
  const outputs = out.length / (2 * size)
  return Array.from({ length: outputs }, (_, o) =>
    Array.from(
      { length: size },
      (_, i) => (Number(out[2 * i * outputs + o]) - Number(out[(2 * i + 1) * outputs + o])) / (2 * step),
    ),
  )
}

/** The largest singular value, by power iteration. */
function largest(rows: readonly number[][]): number {
  let u = rows[0].map((_, i) => Math.cos(i))
  let size = 0
  for (let k = 0; k < 500; k++) {
    const v = rows.map((row) => row.reduce((sum, x, i) => sum + x * u[i], 0))
    u = u.map((_, i) => rows.reduce((sum, row, o) => sum + row[i] * v[o], 0))
    size = Math.hypot(...u)
    u = u.map((x) => x / size)
  }
  return Math.sqrt(size)
}

test('m1 of a residual network by theory: (1 + b^2 g)^L, beside no m2', () => {
  const layers: LayerDocument[] = [
    {
      kind: 'repeat',
      times: 5,
      layers: [{ kind: 'residual', scale: 0.5, layers: [dense(30), f('relu'), dense(30, 'lecun-normal')] }],
    },
  ]
  const { theory, m1 } = propagateNetwork({ input: [30], layers }, { batch: 1, seeds: 60, jacobian: { probes: 8 } })
    .jacobian!
  expect(theory!.m1).toBeCloseTo(1.25 ** 5, 9)
  expect(theory!.spread).toBeNull()
  expect(Math.abs(m1.value - theory!.m1)).toBeLessThan(4 * m1.standardError!)
})

test('a batch norm, more than 512 x 512 entries and a learning rate without a gradient are refused with what is wrong', () => {
  const norm: LayerDocument[] = [dense(4), { kind: 'residual', layers: [{ kind: 'batchNorm' }, dense(4)] }]
  expect(() => propagateNetwork({ input: [4], layers: norm }, { jacobian: { probes: 2 } })).toThrow(
    'propagateNetwork: jacobian expected none beside the batchNorm at network.layers[1].layers[0]',
  )
  expect(() => propagateNetwork({ depth: 2, width: 513 }, { jacobian: 'exact' })).toThrow('263169')
  expect(() => propagateNetwork({ depth: 2, width: 5 }, { learningRate: 1 })).toThrow('learningRate expected backward')
  expect(() => propagateNetwork({ depth: 2, width: 5 }, { jacobian: { probes: 0 } })).toThrow('jacobian.probes')
})
