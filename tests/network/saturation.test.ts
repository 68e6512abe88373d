import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { saturation } from '../../src/activations/saturation'
import { activationNames, propagate } from '../../src/index'
import { propagateNetwork } from '../../src/networks'
import { networkCsv } from '../../src/networks/csv'
import { documentComparison, documentTable } from '../../src/networks/table'
import { experimentCsv } from '../../src/report/experiment-csv'
import { comparisonTables, experimentTables } from '../../src/report/table'

const SMOOTH = ['tanh', 'sigmoid', 'erf', 'softsign']
const STRAIGHT = ['hardtanh', 'hardsigmoid', 'relu6']

test('tanh, sigmoid, erf, softsign, hardtanh, hardsigmoid and relu6 saturate, and no other name does', () => {
  expect(activationNames.filter((name) => saturation(activation(name))).sort()).toEqual([...SMOOTH, ...STRAIGHT].sort())
})

test.each(SMOOTH)('at the ends of %s the slope is 1 - 0.97^2 of that at 0, and h there is f(z), to 4 ulps', (name) => {
  const { f, derivative } = activation(name)
  const { z, h } = saturation(activation(name))!
  for (const i of [0, 1]) {
    // a slope is as exact as z: an ulp of z is 4 ulps of the slope at most
    expect(derivative(z[i]) / derivative(0) / (1 - 0.97 ** 2)).toBeCloseTo(1, 14)
    expect(Math.abs(f(z[i]) - h[i])).toBeLessThanOrEqual(4 * 2 ** -53)
  }
})

test.each(STRAIGHT)('the ends of %s are its kinks and its bounds', (name) => {
  const { f, kinks } = activation(name)
  expect(saturation(activation(name))).toEqual({ z: kinks, h: kinks.map(f) })
})

const DEPTH = 4
const WIDTH = 512
const SEEDS = 64

/** Share in saturation of each layer and seed. */
function shares(options: object): { measured: number[][]; theory: number[] } {
  const runs = Array.from({ length: SEEDS }, (_, seed) =>
    propagate({ depth: DEPTH, width: WIDTH, batch: 1, seed, ...options }),
  )
  const layers = Array.from({ length: DEPTH }, (_, i) => i)
  return {
    measured: layers.map((i) => runs.map((run) => run.layers[i].forward.saturatedFraction!)),
    theory: layers.map((i) => runs[0].layers[i].theory.forward.saturatedFraction!),
  }
}

test.each(
  [...SMOOTH, ...STRAIGHT].flatMap((name) => (['weights', 'law'] as const).map((engine) => [name, engine] as const)),
)(
  'the share of %s in saturation, engine %s, is theory within 4 standard errors over 64 seeds of 512 units',
  (activation, engine) => {
    const { measured, theory } = shares({ activation, engine, init: `normal:${3 / Math.sqrt(WIDTH)}`, bias: 1 })
    for (const [i, values] of measured.entries()) {
      // units are independent given the layer below: the first layer's share is binomial, exactly
      const binomial = Math.sqrt((theory[i] * (1 - theory[i])) / (WIDTH * SEEDS))
      // ln q of a deeper one scatters over seeds, by less than ReLU's 5/n a layer, and |dP/d ln q| <= 0.242, |d2P/d(ln q)2| <= 0.14
      const variance = (5 * i) / WIDTH
      const slack = (0.242 / 2 + 0.14 / 2) * variance
      const error = Math.hypot(binomial, 0.242 * Math.sqrt(variance / SEEDS))
      const mean = values.reduce((a, b) => a + b) / SEEDS
      expect(theory[i]).toBeGreaterThan(0.02)
      expect(Math.abs(mean - theory[i]), `layer ${i + 1}: ${mean}, theory ${theory[i]}`).toBeLessThan(4 * error + slack)
    }
  },
)

test('of hardtanh the saturated are those of binary exponent 0, counted in the histogram; samples beyond the batch of 11 are in neither', () => {
  const { layers } = propagate({ widths: [20, 33, 7, 65], batch: 11, activation: 'hardtanh', init: 'normal:0.5' })
  for (const { fanOut, forward } of layers) {
    const { low, counts } = forward.histogram
    expect(forward.saturatedFraction! * fanOut * 11).toBeCloseTo(counts[0 - low], 10)
    expect(forward.saturatedFraction).toBeGreaterThan(0.1)
  }
})

test('where the input is all 0, hardtanh saturates nowhere and relu6 everywhere, measured and by theory', () => {
  const input = { data: new Float32Array(6), rows: 2, columns: 3 }
  const found = (activation: string) => propagate({ widths: [3, 4], input, activation }).layers[0]
  for (const [name, share] of [
    ['hardtanh', 0],
    ['relu6', 1],
  ] as const) {
    expect(found(name).forward.saturatedFraction).toBe(share)
    expect(found(name).theory.forward.saturatedFraction).toBe(share)
  }
})

test('ReLU, GELU and a function of one’s own have null, no columns and no table', () => {
  for (const activation of ['relu', 'gelu', Math.tanh]) {
    const found = propagate({ depth: 2, width: 5, activation })
    expect(found.layers[1].forward.saturatedFraction).toBeNull()
    expect(found.layers[1].theory.forward.saturatedFraction).toBeNull()
    expect(experimentCsv([found])).not.toContain('saturated')
    expect(experimentTables(found)).toHaveLength(1)
    expect(comparisonTables([found])).toHaveLength(2)
  }
})

test('tanh has a table of measured beside theory, and the last columns of the CSV', () => {
  const found = propagate({ depth: 2, width: 50, activation: 'tanh', init: 'normal:1' })
  const { forward, theory } = found.layers[1]
  const [measured, expected] = [forward.saturatedFraction!, theory.forward.saturatedFraction!]
  expect(experimentTables(found)[1].rows[1]).toEqual(['2', measured.toFixed(3), expected.toFixed(3)])
  expect(comparisonTables([found])[2].rows[1][1]).toBe(`${measured.toFixed(3)} (${expected.toFixed(3)})`)
  const csv = experimentCsv([found]).split('\n')
  expect(csv[0]).toMatch(/,saturated_fraction,saturated_theory$/)
  expect(csv[2].split(',').slice(-2).map(Number)).toEqual([measured, expected])
})

test('of a network document an activation layer has the share that propagate finds, a column, and a cell with theory beside it; the layers around it have none', () => {
  const options = { init: 'normal:0.3', batch: 11, seed: 2, seeds: 3 }
  const found = propagateNetwork({ widths: [20, 40, 40], activation: 'tanh' }, options)
  const dense = propagate({ widths: [20, 40, 40], activation: 'tanh', ...options })
  const share = found.layers.map(({ forward }) => forward.saturatedFraction)
  const [first, second] = dense.layers.map(({ forward }) => forward.saturatedFraction!)
  expect(first).toBeGreaterThan(0.1)
  expect(share).toEqual([null, first, null, second])
  const theory = dense.layers.map((layer) => layer.theory.forward.saturatedFraction!)
  const beside = [first, second].map((value, i) => `${value.toFixed(3)} (${theory[i].toFixed(3)})`)
  const { head, rows } = documentTable(found)
  expect(rows.map((row) => row[head.indexOf('saturated')])).toEqual(['-', first.toFixed(3), '-', second.toFixed(3)])
  expect(documentComparison([found])[1].rows.map((row) => row[2])).toEqual(['-', beside[0], '-', beside[1]])
  const [names, ...cells] = networkCsv([found])
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  expect(cells.map((row) => row[names.indexOf('saturated_fraction')])).toEqual(['', `${first}`, '', `${second}`])
  expect(documentTable(propagateNetwork({ widths: [20, 40] }, options)).head).not.toContain('saturated')
})
