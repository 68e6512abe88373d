import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { orthogonal } from '../../src/index'
import { fillNormal } from '../../src/random/draw'
import { type LsuvOptions, lsuv } from '../../src/training/lsuv-network'
import { race } from '../../src/training/race'
import { fingerprint } from '../golden/fingerprint'

const [ROWS, FEATURES] = [50, 12]
const normals = fillNormal(new Float32Array(ROWS * FEATURES), { seed: 1, stream: 'x', mean: 0.5, stddev: 3 })
const INPUT = { data: normals, rows: ROWS, columns: FEATURES }
const WIDTHS = [FEATURES, 20, 33, 33, 4]

/** Second moments of z and of h in each layer, in plain f64; the last layer has no activation. */
function moments(weights: readonly Float32Array[], f: (z: number) => number) {
  let rows = Array.from({ length: ROWS }, (_, b) => Array.from(normals.subarray(b * FEATURES, (b + 1) * FEATURES)))
  return weights.map((w, l) => {
    const fanIn = rows[0].length
    const z = rows.map((h) =>
      Array.from({ length: w.length / fanIn }, (_, i) => h.reduce((sum, v, j) => sum + v * w[i * fanIn + j], 0)),
    )
    rows = l === weights.length - 1 ? z : z.map((row) => row.map(f))
    const moment = (table: number[][]) => table.flat().reduce((sum, v) => sum + v * v, 0) / table.flat().length
    return { z: moment(z), h: moment(rows) }
  })
}

test.each([
  ['relu', 'pre-activation', 1],
  ['relu', 'post-activation', 2],
  ['tanh', 'pre-activation', 1],
  ['gelu', 'post-activation', 0.5],
] as const)(
  '%s, %s: every layer has a second moment within 1 %% of %d in plain f64, as the report says',
  (name, at, target) => {
    const { weights, layers } = lsuv({ widths: WIDTHS, input: INPUT, activation: name, at, target })
    const found = moments(weights, activation(name).f)
    layers.forEach((layer, i) => {
      const moment = at === 'pre-activation' ? found[i].z : found[i].h
      expect(layer.status).toBe('reached')
      expect(Math.abs(moment / target - 1)).toBeLessThan(0.01)
      // f32 sums of at most 33 products over 4 layers
      expect(Math.abs(layer.after! / moment - 1)).toBeLessThan(4 * 33 * 2 ** -23)
    })
  },
)

test('what comes out is the orthogonal start times one number a layer, and a homogeneous layer needs one step', () => {
  const { weights, layers } = lsuv({ widths: WIDTHS, input: INPUT, seed: 7 })
  weights.forEach((w, l) => {
    const start = orthogonal([WIDTHS[l + 1], WIDTHS[l]], { seed: 7, stream: `layers.${l + 1}.weight` })
    const { scale, iterations } = layers[l]
    expect(w).toEqual(start.map((v) => v * scale))
    expect(iterations).toBe(1)
  })
})

test("weights of one's own are scaled in a copy", () => {
  const own = WIDTHS.slice(1).map((fanOut, l) =>
    fillNormal(new Float32Array(fanOut * WIDTHS[l]), { seed: 2, stream: `w${l}`, stddev: 0.01 }),
  )
  const kept = own.map((w) => w.slice())
  const { weights, layers } = lsuv({ widths: WIDTHS, input: INPUT, weights: own })
  expect(own).toEqual(kept)
  expect(weights[0]).toEqual(own[0].map((v) => v * layers[0].scale))
  expect(layers.map(({ status }) => status)).toEqual(['reached', 'reached', 'reached', 'reached'])
})

test('zeros give nothing to scale, 1e30 overflows, and a tanh never reaches 1.5: each is said, and nothing grows without bound', () => {
  const zero = lsuv({ widths: WIDTHS, input: INPUT, init: 'zeros' })
  expect(zero.layers.map(({ status, scale }) => [status, scale])).toEqual(new Array(4).fill(['zero', 1]))
  const huge = lsuv({ widths: WIDTHS, input: INPUT, init: 'constant:1e38' })
  expect(huge.layers[0]).toMatchObject({ status: 'diverged', scale: 1, before: null, after: null })
  const widths = [FEATURES, 20, 3]
  const tanh = lsuv({ widths, input: INPUT, activation: 'tanh', at: 'post-activation', target: 1.5 })
  expect(tanh.layers[0]).toMatchObject({ status: 'not-reached', iterations: 10 })
  expect(tanh.layers[0].after).toBeLessThan(1)
  expect(tanh.layers[1].status).toBe('reached')
})

test('the same seed gives the same weights to the last bit', () => {
  const { weights } = lsuv({ widths: WIDTHS, input: INPUT, activation: 'gelu', at: 'post-activation', seed: 3 })
  expect(fingerprint(Float32Array.from(weights.flatMap((w) => [...w])))).toBe('fe215e70ddf50397')
})

test('a race of lsuv:xavier-simple starts every one of 30 layers at a second moment of z of 1, where xavier-simple ends near 2^-29', () => {
  const { runs } = race({ depth: 30, width: 32, steps: 1, rates: [1e-3], inits: ['lsuv:xavier-simple', 'lsuv-post'] })
  for (const { lsuv: report } of runs) {
    expect(report).toHaveLength(30)
    for (const { status, after } of report!) {
      expect(status).toBe('reached')
      expect(Math.abs(after! - 1)).toBeLessThan(0.01)
    }
  }
  // post-activation: h itself, on 256 of the 600 samples; spirals' samples differ in size, so that 256 of 600 tell the mean to 10 %
  for (const moment of runs[1].signalBefore) expect(Math.abs(moment! - 1)).toBeLessThan(0.3)
})

test.each([
  [{ widths: [5, 4] }, 'lsuv: widths[0] expected 12, the columns of input, got 5'],
  [{ at: 'pre' }, 'lsuv: at expected one of pre-activation, post-activation'],
  [{ target: 0 }, 'lsuv: target expected a finite number >= 1e-30'],
  [{ init: 'he-nomal' }, "did you mean 'he-normal'?"],
  [{ weights: [] }, 'lsuv: weights expected 4 Float32Arrays, one a layer'],
  [{ weights: [1, 2, 3, 4] }, 'lsuv: weights[0] expected a Float32Array, got 1'],
  [{ tol: 1 }, "got 'tol'"],
])('%j is refused: %s', (more, message) => {
  expect(() => lsuv({ widths: WIDTHS, input: INPUT, ...more } as LsuvOptions)).toThrow(message)
})
