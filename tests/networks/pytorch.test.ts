import { describe, expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { readSafetensors } from '../../src/io/safetensors'
import { propagateNetwork } from '../../src/networks/experiment'
import { exportNetwork } from '../../src/networks/export'
import { denseDocument } from '../../src/networks/short-form'
import { DOCUMENTS, exported } from './reference-documents'
import recorded from './vectors.json?raw'

// Activations and gradients against PyTorch 1.13 in float64, as scripts/network-vectors.js recorded them from our weights and batches.

const VECTORS: Record<string, Record<string, { size: number; values: number[] }>> = JSON.parse(recorded)
const tensorsOf = (bytes: Uint8Array) => readSafetensors(bytes).tensors

test.each(Object.keys(DOCUMENTS))(
  "%s: every layer's output and its gradients by weights, biases and input are PyTorch's to 1e-5 of the largest",
  (name) => {
    const tensors = tensorsOf(exported(name))
    const vectors = Object.entries(VECTORS[name])
    const compared = [...tensors.keys()].filter((key) => /(\.output|_gradient)$/.test(key))
    expect(vectors.map(([key]) => key).sort()).toEqual(compared.sort())
    for (const [key, { size, values }] of vectors) {
      const { data } = tensors.get(key)!
      expect(data.length).toBe(values.length)
      const farthest = values.reduce((most, v, i) => Math.max(most, Math.abs(Number(data[i]) - v)), 0)
      expect(farthest / size, key).toBeLessThan(1e-5)
    }
  },
)

describe('a plain dense network', () => {
  const sizes = [
    { depth: 6, width: 40 },
    { widths: [33, 300, 64, 270, 5] },
    // more rows than one block of the order of summation
    { widths: [1100, 900, 3] },
  ]
  const options = { seed: 5, seeds: 2, batch: 11, init: 'xavier-normal' }
  const ways = [
    ['relu', 0],
    ['gelu', 0.1],
  ] as const

  test.each(sizes.flatMap((size) => ways.map(([activation, bias]) => ({ ...size, activation, bias }))))(
    'as a document has the moments of propagate bit for bit, forward, and back from z of the last layer: %j',
    (network) => {
      const plain = propagate({ ...network, ...options, backward: true })
      const document = propagateNetwork(network, options)
      const odd = <T>(values: readonly T[]) => values.filter((_, i) => i % 2 === 1)
      const even = <T>(values: readonly T[]) => values.filter((_, i) => i % 2 === 0)
      const back = propagateNetwork(denseDocument('test', network), { ...options, backward: true })
      plain.seeds.forEach(({ forwardSecondMoment, backwardSecondMoment }, i) => {
        expect(odd(document.seeds[i].forwardSecondMoment)).toEqual(forwardSecondMoment)
        expect(even(back.seeds[i].backwardSecondMoment)).toEqual(backwardSecondMoment)
      })
      expect(odd(document.layers).map(({ forward: { profile: _, ...forward } }) => forward)).toEqual(
        plain.layers.map(({ forward }) => forward),
      )
      expect(even(back.layers).map(({ backward }) => backward)).toEqual(plain.layers.map(({ backward }) => backward))
    },
  )

  test('exported, its outputs have exactly the second moments that propagate measures', () => {
    const network = { widths: [33, 300, 64, 5], bias: 0.2 }
    const tensors = tensorsOf(exportNetwork(denseDocument('test', network), { batch: 9, seed: 3 }))
    const { layers } = propagate({ ...network, batch: 9, seed: 3 })
    for (const l of [0, 1]) {
      const { data } = tensors.get(`layers.${2 * l + 1}.output`)!
      const square = Array.from(data, Number).reduce((sum, v) => sum + v * v, 0) / data.length
      // the same doubles in another order of summation
      expect(square / layers[l].forward.secondMoment).toBeCloseTo(1, 12)
    }
    expect(tensors.get('layers.4.output')!.shape).toEqual([9, 5])
  })
})

test('the activation of an exported network must have a name', () => {
  const layers = [{ kind: 'activation' as const, name: (z: number) => z / 2 }]
  expect(() => exportNetwork({ input: [4], layers })).toThrow(
    /^exportNetwork: network\.layers\[0\]\.name expected the name of an activation, to be written, got/,
  )
})

test('an exported network says what it was: layers, document, init and seed', () => {
  const { metadata } = readSafetensors(exported('conv-1d'))
  expect(metadata.get('seed')).toBe('11')
  expect(metadata.get('init')).toBe('he-normal')
  expect(JSON.parse(metadata.get('network')!)).toEqual(DOCUMENTS['conv-1d'])
  expect(JSON.parse(metadata.get('layers')!)[0]).toEqual({
    ...{ name: 'layers.0', kind: 'conv', stride: [1], padding: 'circular', groups: 3 },
  })
})
