import { describe, expect, test } from 'vitest'
import { initialize } from '../../src/initializers/names'
import { cast, type Dtype } from '../../src/initializers/precision'
import { pValue } from '../../src/inspect/fit'
import { inspect } from '../../src/inspect/inspect'
import { type Law, likeliest, logLikelihood, MOMENTS, type Sample, TRUNCATED, within } from '../../src/inspect/law'
import { accumulator } from '../../src/inspect/statistics'
import type { Values } from '../../src/inspect/tensor'
import { widenBfloat16, widenFloat16 } from '../../src/io/float16'

/** Outputs that a sample is laid out in. */
const ROWS = 10

function sampleOf(values: Values, dtype: Dtype = 'f32'): Sample {
  const inputs = values.length / ROWS
  const sums = accumulator(values.length, { outputs: ROWS, stride: inputs })
  sums.push(values)
  const { count: n, sum, sum2, sum4, min, max, counts, rows } = sums.finish()
  const moments = { mean: sum / n, second: sum2 / n, fourth: sum4 / n }
  return {
    n,
    ...moments,
    reach: Math.max(max, -min),
    counts,
    dtype,
    inputs,
    rows: rows.map((square) => square / inputs),
  }
}

function rounded(values: Float32Array, dtype: Dtype): Values {
  const stored = cast(values, dtype)
  const bits = () => new Uint16Array(stored.buffer, stored.byteOffset, stored.length)
  if (dtype === 'f16') return widenFloat16(bits())
  return dtype === 'bf16' ? widenBfloat16(bits()) : (stored as Values)
}

const LAWS: [init: string, law: Law][] = [
  ['normal:0.05', { kind: 'normal', std: 0.05 }],
  ['uniform:0.05', { kind: 'uniform', std: 0.05 / Math.sqrt(3) }],
  ['truncated-normal:0.05', { kind: 'truncatedNormal', std: 0.05 }],
]
const RUNS = 200

describe('p-values', () => {
  for (const dtype of ['f32', 'f16', 'bf16', 'f64'] as const)
    test.each(LAWS)(`of the true law are below 0.05 no more often than that, in ${dtype}: %s`, (init, law) => {
      for (const n of [20, 3000]) {
        const below = Array.from({ length: RUNS }, (_, seed) => {
          const values = rounded(initialize(init, [n], { seed, stream: `p${n}` }), dtype)
          return pValue(law, sampleOf(values, dtype)) < 0.05 ? 1 : 0
        }).reduce((a: number, b) => a + b, 0)
        // a binomial of 200 at 0.05, and 4 of its standard deviations
        expect(below).toBeLessThanOrEqual(RUNS * 0.05 + 4 * Math.sqrt(RUNS * 0.05 * 0.95))
      }
    })

  test.each(LAWS)('of a law that is 5 % too wide or too narrow are below 1e-6 at 100,000 values: %s', (init, law) => {
    const sample = sampleOf(initialize(init, [100_000], { seed: 3 }))
    for (const factor of [0.95, 1.05]) expect(pValue({ ...law, std: law.std * factor }, sample)).toBeLessThan(1e-6)
  })

  test('of another shape with the right variance are below 1e-6 at 20,000 values', () => {
    for (const [init, law] of LAWS) {
      const sample = sampleOf(initialize(init, [20_000], { seed: 4 }))
      for (const [, other] of LAWS)
        if (other.kind !== law.kind) expect(pValue({ ...other, std: law.std }, sample)).toBeLessThan(1e-6)
    }
  })
})

describe('laws', () => {
  test('the variance and kurtosis of a normal cut at 2 sigma are 0.77374 and 2.36554', () => {
    expect(TRUNCATED.std ** 2).toBeCloseTo(0.7737413, 6)
    expect(MOMENTS.truncatedNormal[2]).toBeCloseTo(2.36554, 4)
  })

  test.each(LAWS)('%s has half of its values within the |x| that the law says', (init, law) => {
    const values = initialize(init, [40_000], { seed: 6 }).map(Math.abs).sort()
    // the median's standard error in probability: 1/(2 sqrt n)
    expect(Math.abs(within(law, values[20_000]) - 0.5)).toBeLessThan(4 / (2 * Math.sqrt(40_000)))
  })

  test.each(LAWS)('the likeliest scale of each kind beats scales 1 % off: %s', (init, law) => {
    const sample = sampleOf(initialize(init, [5000], { seed: 7 }))
    const best = likeliest(law.kind, sample)
    for (const factor of [0.99, 1.01])
      expect(logLikelihood(best, sample)).toBeGreaterThan(logLikelihood({ ...best, std: best.std * factor }, sample))
  })
})

describe('weights of no recipe', () => {
  const trained = (seed: number) => {
    // a He layer and an update of rank 1 that is as large
    const [o, i] = [64, 128]
    const w = initialize('he-normal', [o, i], { seed })
    const [u, v] = ['u', 'v'].map((stream) => initialize('normal:1', [stream === 'u' ? o : i], { seed, stream }))
    return w.map((x, k) => x + 0.1 * u[Math.floor(k / i)] * v[k % i])
  }

  test('are said to be of none in 100 of 100 seeds, and not accused', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { tensors, verdict } = inspect([{ name: 'fc.weight', shape: [64, 128], data: trained(seed) }])
      expect([tensors[0].recipe, tensors[0].faults, verdict.code]).toEqual([null, [], 'no-recipe'])
    }
  })
})

test.each([
  ['orthogonal', [64, 32], 'OI', 'orthogonal'],
  ['orthogonal:1.5', [32, 64], 'OI', 'orthogonal'],
  ['orthogonal', [16, 8, 3, 3], 'OIHW', 'orthogonal'],
  ['delta-orthogonal', [16, 8, 3, 3], 'OIHW', 'deltaOrthogonal'],
  ['identity', [16, 16], 'OI', 'identity'],
  ['dirac', [16, 8, 3, 3], 'OIHW', 'identity'],
  ['sparse:0.5', [64, 64], 'OI', 'sparse'],
  ['constant:0.5', [8, 8], 'OI', 'constant'],
])('%s of shape %j is told to be so', (init, shape, layout, distribution) => {
  const data = initialize(init, shape, { layout, seed: 2 })
  expect(inspect([{ name: 'w', shape, layout, data }]).tensors[0].distribution).toBe(distribution)
})

test('names and shapes give roles: PyTorch habit, TensorFlow habit, embeddings, recurrent and transposed kernels', () => {
  const read = (name: string, shape: number[], convention: 'out-in' | 'in-out' = 'out-in') => {
    const data = initialize('normal:1', shape)
    const { role, layout, groups, transposed } = inspect([{ name, shape, data }], { convention }).tensors[0]
    return [role, layout, groups, transposed]
  }
  expect(read('fc.weight', [4, 3])).toEqual(['dense', 'OI', 1, false])
  expect(read('dense/kernel', [4, 3], 'in-out')).toEqual(['dense', 'IO', 1, false])
  expect(read('conv.weight', [4, 3, 3, 3])).toEqual(['conv', 'OIHW', 1, false])
  expect(read('c/depthwise_kernel', [3, 3, 4, 2], 'in-out')).toEqual(['conv', 'HWIM', 4, false])
  expect(read('block.dwconv.weight', [8, 1, 3, 3])).toEqual(['conv', 'OIHW', 8, false])
  expect(read('up.conv_transpose.weight', [8, 4, 2, 2])).toEqual(['conv', 'IOHW', 1, true])
  expect(read('wte.weight', [50, 8])).toEqual(['embedding', 'EO', 1, false])
  expect(read('gru.weight_hh_l0', [24, 8])).toEqual(['recurrent', 'OI', 1, false])
  expect(read('norm.weight', [8])).toEqual(['vector', null, 1, false])
})

test.each([
  [{ name: 1, shape: [2], data: new Float32Array(2) }, 'inspect: tensors[0]: name expected a string, got 1'],
  [{ name: 'w', shape: [3], data: new Float32Array(2) }, 'data.length expected 3, as the shape says, got 2'],
  [{ name: 'w', shape: [3], data: [1, 2, 3] }, 'data expected a Float32Array or a Float64Array'],
  [{ name: 'w', shape: [3], chunks: [new Float32Array(4)] }, 'chunks expected 3 values, as the shape says, got 4'],
  [{ name: 'w', shape: [3] }, 'tensor expected one of data and chunks'],
  [{ name: 'w', shape: [2, 2], data: new Float32Array(4), rolle: 'dense' }, "did you mean 'role'"],
  [{ name: 'w', shape: [2, 2], data: new Float32Array(4), layout: 'XY' }, 'layout expected distinct letters'],
])('a tensor that is none, %j, is refused', (tensor, message) => {
  expect(() => inspect([tensor as never])).toThrow(message)
})
