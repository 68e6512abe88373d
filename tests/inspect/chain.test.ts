import { describe, expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { initialize } from '../../src/initializers/names'
import { inspect } from '../../src/inspect/inspect'
import { judgedChain } from '../../src/inspect/inspection'
import { measureChain } from '../../src/inspect/measure-chain'
import { modelValues, summarise } from '../../src/inspect/read'
import { analyticScales } from '../../src/inspect/rescale'
import { plainSteps } from '../../src/inspect/steps'
import type { InspectTensor, Values } from '../../src/inspect/tensor'
import type { Batch } from '../../src/network/spec'
import { predictDense } from '../../src/theory/predict-dense'

/** Dense layers of these widths, 'i.weight' and, with a bias, 'i.bias'. */
function network(init: string, widths: readonly number[], bias = 0, seed = 1): InspectTensor[] {
  return widths.slice(1).flatMap((outputs, i) => {
    const draw = (name: string, stream: string, shape: number[]) => initialize(name, shape, { seed, stream })
    const weight = { name: `${i}.weight`, shape: [outputs, widths[i]] }
    const weights = [{ ...weight, data: draw(init, `${i}.weight`, weight.shape) }]
    if (bias === 0) return weights
    return [...weights, { name: `${i}.bias`, shape: [outputs], data: draw(`normal:${bias}`, `${i}.bias`, [outputs]) }]
  })
}

function meanSquare(values: Values): number {
  return Array.from(values, (w) => w * w).reduce((sum, square) => sum + square, 0) / values.length
}

function batchOf(rows: number, columns: number): Batch {
  return { data: initialize('normal:1', [rows, columns], { seed: 5, stream: 'batch' }), rows, columns }
}

/** z, h of the chain and the gradients of the same probe, in f64, by the plain sums. */
function reference(tensors: readonly InspectTensor[], batch: Batch, f: (z: number) => number) {
  let h = Array.from({ length: batch.rows }, (_, b) => [
    ...batch.data.subarray(b * batch.columns, (b + 1) * batch.columns),
  ])
  return tensors
    .filter(({ shape }) => shape.length === 2)
    .map(({ name, shape: [outputs, inputs], data }) => {
      const bias = tensors.find((tensor) => tensor.name === name.replace('weight', 'bias'))?.data
      const z = h.map((x) =>
        Array.from({ length: outputs }, (_, o) =>
          x.reduce((sum, v, i) => sum + v * data![o * inputs + i], bias?.[o] ?? 0),
        ),
      )
      h = z.map((row) => row.map(f))
      const mean = (rows: number[][]) => rows.flat().reduce((sum, v) => sum + v * v, 0) / (outputs * batch.rows)
      return { pre: mean(z), post: mean(h) }
    })
}

describe('prediction', () => {
  test.each(['relu', 'tanh', 'gelu'])(
    'of a chain of dense layers is predictDense of the variances found: %s',
    (name) => {
      const widths = [40, 60, 50, 30]
      const tensors = network('he-normal', widths)
      const { chain } = inspect(tensors, { activation: name })
      const weightVariances = tensors.map(({ data }) => meanSquare(data!))
      const rest = { biasVariance: 0, activation: name, inputSecondMoment: 1, inputCosine: 0, batch: 2 }
      const { forward, backward } = predictDense({ widths, weightVariances, ...rest })
      chain.layers.forEach(({ predicted }, l) => {
        // the same formulas, sums of f64 in another order
        expect(predicted!.secondMoment / forward[l].secondMoment).toBeCloseTo(1, 12)
        expect(predicted!.cosine).toBeCloseTo(forward[l].cosine!, 10)
        expect(predicted!.gradient / backward[l].secondMoment).toBeCloseTo(1, 12)
      })
    },
  )

  test('of convolutions takes fanIn and fanOut of each kernel, and a dense layer after them their channels at every position', () => {
    const kernel = (name: string, shape: number[], layout: string) => ({
      name,
      shape,
      layout,
      data: initialize('he-normal', shape, { layout, stream: name }),
    })
    const { chain } = inspect([
      kernel('a', [16, 3, 3, 3], 'OIHW'),
      kernel('b', [24, 16, 3, 3], 'OIHW'),
      kernel('c', [10, 24 * 49], 'OI'),
    ])
    expect(chain.layers.map(({ fanIn, fanOut }) => [fanIn, fanOut])).toEqual([
      [27, 144],
      [144, 216],
      [1176, 10],
    ])
    // He keeps E h^2: within 4 standard errors of three sums of 432, 3456 and 11760 squares
    expect(Math.abs(Math.log(chain.layers[2].predicted!.secondMoment))).toBeLessThan(
      4 * Math.sqrt(2 / 432 + 2 / 3456 + 2 / 11760),
    )
  })
})

describe('measurement', () => {
  test.each([
    ['relu', 0, (z: number) => Math.max(0, z)],
    ['tanh', 0.3, Math.tanh],
  ] as const)('of a chain with its biases is what plain sums in f64 give: %s, bias %d', (name, bias, f) => {
    const tensors = network('he-normal', [20, 33, 17], bias)
    const batch = batchOf(13, 20)
    const { chain } = inspect(tensors, { activation: name, batch })
    reference(tensors, batch, f).forEach(({ post }, l) => {
      // f32 products over 20 and 33 terms: relative errors of 2^-24 each, and their squares
      expect(chain.layers[l].measured!.secondMoment / post).toBeCloseTo(1, 5)
    })
  })

  test('weights stored in-out are the same network', () => {
    const tensors = network('he-normal', [12, 9, 7])
    const turned = tensors.map(({ name, shape: [o, i], data }) => ({
      ...{ name, shape: [i, o], layout: 'IO' },
      data: Float32Array.from({ length: o * i }, (_, k) => data![(k % o) * i + Math.floor(k / o)]),
    }))
    const batch = batchOf(5, 12)
    const signals = (list: InspectTensor[]) => inspect(list, { batch }).chain.layers.map(({ measured }) => measured)
    expect(signals(turned)).toEqual(signals(tensors))
  })

  test('the gradient of a ReLU chain follows theory within 4 sigma of the width', () => {
    const widths = [200, 200, 200, 200]
    const { chain } = inspect(network('he-normal', widths), { batch: batchOf(64, 200) })
    for (const { measured, predicted } of chain.layers)
      expect(Math.abs(Math.log(measured!.gradient / predicted!.gradient))).toBeLessThan(4 * Math.sqrt((3 * 5) / 200))
  })

  test('a batch of another width is refused', () => {
    expect(() => inspect(network('he-normal', [4, 4]), { batch: batchOf(2, 5) })).toThrow(
      "inspect: batch.columns expected 4, the inputs of '0.weight', got 5",
    )
  })
})

describe('rescaling', () => {
  const relu = activation('relu')
  const chainOf = (tensors: InspectTensor[]) => judgedChain(summarise(tensors, 'out-in'), {}, relu).chain.layers
  const scaled = (tensors: InspectTensor[], scales: readonly number[]) =>
    tensors.map((tensor) => {
      const factor = tensor.shape.length === 2 ? scales[Number.parseInt(tensor.name, 10)] : 1
      return { ...tensor, data: tensor.data!.map((w) => w * factor) }
    })

  test('analytic: every weight has mean square 2/fanIn afterwards, whatever it had', () => {
    const tensors = network('normal:0.01', [50, 80, 30])
    const scales = analyticScales(chainOf(tensors), relu)
    for (const { weightScale } of inspect(scaled(tensors, scales)).chain.layers) expect(weightScale).toBeCloseTo(2, 5)
  })

  test.each([0, 0.4])(
    'lsuv: pre-activations have second moment 1 over the batch at every layer, with biases of %d',
    (bias) => {
      const tensors = network('normal:0.01', [50, 80, 30, 20], bias)
      const batch = batchOf(32, 50)
      const values = modelValues((name) => tensors.find((tensor) => tensor.name === name)!.data!)
      const { scales } = measureChain(plainSteps(chainOf(tensors), relu), values, batch, {}, true)
      for (const { pre } of reference(scaled(tensors, scales), batch, (z) => Math.max(0, z)))
        expect(pre).toBeCloseTo(1, 5)
    },
  )

  test('weights that are all 0 cannot be rescaled, and the tensor is named', () => {
    expect(() => analyticScales(chainOf(network('zeros', [3, 3])), relu)).toThrow(
      "inspect: '0.weight' expected weights that are finite and not all 0, to rescale them, got 0",
    )
  })
})

describe('order', () => {
  test('layers are taken in the order of the numbers in their names when the order of the file makes no chain', () => {
    const tensors = network(
      'he-normal',
      Array.from({ length: 13 }, (_, i) => 10 + i),
    )
    const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(inspect(sorted).chain.layers.map(({ name }) => name)).toEqual(tensors.map(({ name }) => name))
  })

  test('layers that do not fit are no chain, and the two are named', () => {
    const other = { ...network('he-normal', [7, 3])[0], name: '1.weight' }
    expect(inspect([...network('he-normal', [5, 4]), other]).chain).toMatchObject({
      layers: [],
      broken: "'1.weight' takes 7 values and '0.weight' gives 4",
    })
  })
})

test('stretches of any length give the same bits as the whole', () => {
  const [{ name, shape, data }] = network('he-normal', [100, 97])
  const whole = inspect([{ name, shape, data }])
  for (const step of [1, 97, 4096, 5000]) {
    const chunks = function* () {
      for (let at = 0; at < data!.length; at += step) yield data!.subarray(at, at + step)
    }
    expect(inspect([{ name, shape, chunks: chunks() }])).toEqual(whole)
  }
})
