import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { batchOrder } from '../../src/training/batch-order'
import { race } from '../../src/training/race'
import { type RaceOptions, type RaceProgress, raceSpec } from '../../src/training/spec'
import { summaryTable } from '../../src/training/tables'
import { fingerprint } from '../golden/fingerprint'
import { kernelSteps, randomData } from './kernels'
import { crossEntropy, type Layer, lossAndGradient } from './reference'

const SMALL: RaceOptions = {
  depth: 3,
  width: 16,
  steps: 60,
  batch: 20,
  rates: [0.01, 0.1],
  data: { kind: 'spirals', samples: 40 },
}

/** Two steps of an optimizer on one parameter after the other, in plain f64. */
const RULES = {
  sgd: (w: number, grads: readonly number[], rate: number) => {
    let v = 0
    for (const g of grads) {
      v = 0.9 * v + g
      w -= rate * v
    }
    return w
  },
  adam: (w: number, grads: readonly number[], rate: number) => {
    let [m, v] = [0, 0]
    grads.forEach((g, i) => {
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      w -= (rate * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8)
    })
    return w
  },
}

test.each([
  ['sgd', 0.05],
  ['adam', 0.01],
] as const)(
  'three steps of %s at rate %d move every parameter as plain f64 does, to 1e-4 of the step',
  (name, rate) => {
    const widths = [5, 9, 7, 3]
    const data = randomData('softmax-cross-entropy', 10, 5, 3)
    const network = { widths, activation: 'tanh', bias: 0.1 }
    const { layers, after } = kernelSteps(
      network,
      'softmax-cross-entropy',
      data,
      10,
      { name, momentum: name === 'sgd' ? 0.9 : 0 },
      rate,
      3,
    )
    const labels = data.targets.kind === 'labels' ? data.targets.labels : []
    let current: Layer[] = layers
    const history: Layer[][] = []
    for (let step = 0; step < 3; step++) {
      history.push(lossAndGradient(current, activation('tanh'), data.features, 10, crossEntropy(labels)).gradients)
      const next = (w: number, grads: number[]) => RULES[name](w, grads, rate)
      current = layers.map((layer, l) => ({
        ...layer,
        weight: layer.weight.map((w, i) =>
          next(
            w,
            history.map((h) => h[l].weight[i]),
          ),
        ),
        bias: layer.bias.map((b, i) =>
          next(
            b,
            history.map((h) => h[l].bias[i]),
          ),
        ),
      }))
    }
    // f32 gradients are right to about 1e-6 of the largest; Adam divides each by its own size: those below 1e-3 of the largest are off most
    const moves = current.flatMap((layer, l) => [...layer.weight].map((w, i) => Math.abs(w - layers[l].weight[i])))
    const largest = Math.max(...moves)
    current.forEach((layer, l) => {
      layer.weight.forEach((w, i) => {
        expect(Math.abs(after[l].weight[i] - w)).toBeLessThan(1e-4 * largest + 2 ** -23 * Math.abs(w))
      })
      layer.bias.forEach((b, i) => {
        expect(Math.abs(after[l].bias[i] - b)).toBeLessThan(1e-4 * largest + 2 ** -23 * Math.abs(b))
      })
    })
  },
)

test.each([
  ['sgd and cross-entropy', {}, '055495317211797f'],
  [
    'adam, gelu, mean square on a teacher',
    { optimizer: 'adam', activation: 'gelu', data: { kind: 'teacher-student', samples: 50 } },
    'b8e046e933e252a6',
  ],
] as const)('the same seed gives the same losses and signals to the last bit: %s', (_, more, hash) => {
  const { runs } = race({ ...SMALL, seeds: 2, ...more })
  const numbers = runs.flatMap(({ signalBefore, rates }) => [
    ...signalBefore,
    ...rates.flatMap(({ accuracy, losses, signalAfter }) => [accuracy, ...losses.map(Number), ...(signalAfter ?? [])]),
  ])
  expect(fingerprint(Float64Array.from(numbers))).toBe(hash)
})

test('on data that a line separates every initialization reaches accuracy 1 and a loss below 0.1 within 100 steps', () => {
  const rows = 40
  const features = Float32Array.from({ length: 2 * rows }, (_, i) =>
    i % 2 === 0 ? (i % 4 === 0 ? 1 : -1) : Math.floor(i / 2) / rows,
  )
  const labels = Float32Array.from({ length: rows }, (_, i) => i % 2)
  const data = {
    kind: 'own' as const,
    features: { data: features, rows, columns: 2 },
    targets: { data: labels, rows, columns: 1 },
  }
  const { runs, verdict } = race({
    ...SMALL,
    data,
    steps: 100,
    rates: [0.1],
    inits: ['he-normal', 'xavier-normal', 'lecun-normal'],
  })
  for (const { bestAccuracy, stepsToLoss, rates } of runs) {
    expect(bestAccuracy).toBe(1)
    expect(rates[0].losses[99]!).toBeLessThan(0.1)
    expect(stepsToLoss).toBeLessThan(100)
    expect(rates[0].losses[0]!).toBeGreaterThan(0.4)
  }
  expect(verdict.code).toBe('all-train')
})

test('a student explains more than 0.9 of a teacher of 4 inputs and 2 hidden units within 300 steps of Adam', () => {
  const data = { kind: 'teacher-student' as const, features: 4, hidden: 2, samples: 200 }
  const { runs, config } = race({
    depth: 3,
    width: 32,
    batch: 50,
    steps: 300,
    rates: [0.01],
    optimizer: 'adam',
    inits: ['he-normal'],
    data,
  })
  expect(config.loss).toBe('mean-square')
  expect(runs[0].bestAccuracy).toBeGreaterThan(0.9)
})

test('30 layers of width 64, 150 steps at 3e-3: He learns the spirals better than 0.6, simple Xavier stays within 0.02 of a loss of ln 3', () => {
  const { runs } = race({ depth: 30, width: 64, steps: 150, rates: [3e-3] })
  const [he, xavier] = runs
  expect(he.bestAccuracy).toBeGreaterThan(0.6)
  expect(Math.abs(xavier.rates[0].losses[149]! - Math.log(3))).toBeLessThan(0.02)
  // the same normals, scaled by sqrt(2) in each of 30 layers: the ratio is 2^30 to 30 x 4 roundings of 2^-23
  expect(Math.abs(he.signalBefore[29]! / xavier.signalBefore[29]! / 2 ** 30 - 1)).toBeLessThan(120 * 2 ** -23)
})

test('weights of 1e38 overflow: signals and gradients that are not finite are null, and nothing trains', () => {
  const { runs, verdict } = race({ ...SMALL, steps: 2, inits: ['constant:1e38'] })
  expect(runs[0].signalBefore.slice(1)).toEqual([null, null])
  expect(runs[0].gradientBefore).toEqual([null, null, null])
  expect(verdict.code).toBe('none-trains')
})

test('a rate of 1e6 diverges: accuracy 0, losses null from there on, no signal after, and the window is that of the other rate', () => {
  const { runs } = race({ ...SMALL, steps: 200, rates: [1e6, 0.1], inits: ['he-normal'], threshold: 0.5 })
  const [good, bad] = runs[0].rates
  expect([bad.diverged, bad.accuracy, bad.signalAfter, bad.losses.at(-1)]).toEqual([1, 0, null, null])
  expect(good.accuracy).toBeGreaterThan(0.5)
  expect(runs[0].window).toEqual({ lowest: 0.1, highest: 0.1, decades: 0 })
})

test('where every rate diverges the verdict says so, and not that the accuracy is 0', () => {
  const options = { ...SMALL, steps: 200, inits: ['he-normal'] }
  expect(race({ ...options, rates: [1e6] }).verdict.text).toBe('he-normal diverges at 1000000.')
  const { verdict, ...rest } = race({ ...options, rates: [1e6, 1e7] })
  expect(verdict).toEqual({ code: 'none-trains', text: 'he-normal diverges at all 2 rates.' })
  expect(summaryTable({ verdict, ...rest }).rows[0][3]).toBe('diverged')
})

test('a race of two seeds averages the races of each alone, and the initializations see equal batches', () => {
  const options = { ...SMALL, rates: [0.05], inits: ['he-normal'] }
  const both = race({ ...options, seed: 5, seeds: 2 }).runs[0].rates[0]
  const [a, b] = [5, 6].map((seed) => race({ ...options, seed }).runs[0].rates[0])
  expect(both.accuracies).toEqual([a.accuracy, b.accuracy])
  both.losses.forEach((loss, i) => {
    expect(loss).toBe((a.losses[i]! + b.losses[i]!) / 2)
  })
})

test('two names of one law race to the same losses: the same samples in the same order, and the same streams', () => {
  const { runs } = race({ ...SMALL, inits: ['he-normal', 'kaiming-normal'] })
  expect(runs[1].rates).toEqual(runs[0].rates)
})

test('progress names the network, its step and the loss of that step, and its share rises to 1 at the last', () => {
  const reports: RaceProgress[] = []
  const { runs } = race({ ...SMALL, onProgress: (progress) => reports.push(progress) })
  // 2 inits x 2 rates x 60 steps, one report in ten
  expect(reports).toHaveLength(24)
  for (const { init, rate, step, loss } of reports) {
    const { losses } = runs.find((run) => run.init === init)!.rates.find(({ lr }) => lr === rate)!
    expect(loss).toBe(losses[step - 1])
  }
  const shares = reports.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(shares[23]).toBe(1)
})

test('batches of 7 over 10 rows: every epoch of 10 is a permutation, and another seed gives another order', () => {
  const [next, other] = [batchOrder(10, 7, 1n), batchOrder(10, 7, 2n)]
  const drawn = Array.from({ length: 10 }, () => [...next()]).flat()
  for (let epoch = 0; epoch < 7; epoch++)
    expect(drawn.slice(10 * epoch, 10 * (epoch + 1)).sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([...other(), ...other()].slice(0, 10)).not.toEqual(drawn.slice(0, 10))
})

test('spirals have mean square 1 within 2 %, 3 classes of 200, and the preset is 30 layers, 7 rates, 2 seeds', () => {
  const { data, widths, rates, seeds } = raceSpec('test', { preset: 'he2015-30', depth: undefined, seeds: undefined })
  const square = data.features.reduce((sum, x) => sum + x * x, 0) / data.features.length
  // the mean of r^2 over i/(n - 1) is (2n - 1)/(6(n - 1)) = 1/3 + 0.25 %
  expect(Math.abs(square - 1)).toBeLessThan(0.02)
  expect(data.rows).toBe(600)
  expect([widths.length, widths[0], widths[1], widths[30]]).toEqual([31, 2, 128, 3])
  expect([rates.length, seeds.length]).toEqual([7, 2])
})

const table = (values: number[], columns: number) => ({
  data: Float64Array.from(values),
  rows: values.length / columns,
  columns,
})

test.each([
  [{ depth: 1 }, 'race: depth expected an integer in [2, 10000], got 1'],
  [{ preset: 'he2015-31' }, "did you mean 'he2015-30'?"],
  [{ preset: 'he2015-30', steps: 10 }, "race: steps expected none beside preset 'he2015-30', which settles it, got 10"],
  [{ inits: ['he-normal', 'he-normal'] }, 'race: inits expected at least one name, none twice'],
  [{ inits: ['he-nomal'] }, "did you mean 'he-normal'?"],
  [{ rates: [] }, 'race: rates expected at least one number, none twice, got []'],
  [{ rates: [0] }, 'race: rates[0] expected a finite number'],
  [{ optimizer: 'adam', momentum: 0.9 }, "race: momentum expected none beside optimizer 'adam', got 0.9"],
  [{ momentum: 1 }, 'race: momentum expected a number in [0, 1), got 1'],
  [
    { loss: 'mean-square' },
    "race: loss expected 'softmax-cross-entropy' for data of kind 'spirals', got 'mean-square'",
  ],
  [{ data: { kind: 'spiral' } }, "did you mean 'spirals'?"],
  [
    { data: { kind: 'spirals', arms: 3 } },
    "race: data: options expected only kind, classes, samples, noise, seed, got 'arms'",
  ],
  [
    { data: { kind: 'own', features: table([1, 2], 1), targets: table([0, 0.5], 1) } },
    'race: data.targets row 2 expected an integer in [0, 65535], got 0.5',
  ],
  [
    { data: { kind: 'own', features: table([1, 2], 1), targets: table([0], 1) } },
    'race: data.targets.rows expected 2, one for each row of features, got 1',
  ],
  [
    { data: { kind: 'own', features: table([1, Number.NaN], 1), targets: table([0, 1], 1) } },
    'race: data.features row 2, column 1 expected a finite number within f32, got NaN',
  ],
  [{ stepz: 3 }, "did you mean 'steps'?"],
])('%j is refused: %s', (options, message) => {
  expect(() => race(options as RaceOptions)).toThrow(message)
})

test('of one rate the verdict says whether it trains there, and does not count rates', () => {
  const one: RaceOptions = { ...SMALL, inits: ['he-normal'], rates: [0.1] }
  expect(race({ ...one, threshold: 0.1 }).verdict.text).toMatch(/^he-normal trains at 0\.1, accuracy [01]\.\d{3}\.$/)
  expect(race({ ...one, steps: 1, threshold: 1 }).verdict.text).toMatch(
    /^he-normal does not train at 0\.1: its accuracy is 0\.\d{3}, below 1\.$/,
  )
})
