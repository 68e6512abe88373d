import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as evenkeel from '../../src/index'
import * as theories from '../../src/theory'
import * as training from '../../src/training'
import { kernels } from '../../src/wasm/instance'
import { hostile, nans } from './hostile'

type Call = (...args: unknown[]) => unknown

/** Work of minutes when their arguments are right; their own rooms refuse bad ones. */
const LONG = ['verify']

/** Work of minutes without arguments: only what is in their options is spoiled. */
const LONG_BY_DEFAULT = ['race', 'coordCheck']

const functions = (Object.entries({ ...theories, ...training, ...evenkeel }) as [string, Call][]).filter(
  ([name, value]) => typeof value === 'function' && name !== 'OutOfMemoryError' && !LONG.includes(name),
)

const SHAPED = [[8, 6], { seed: 1, stream: 's', layout: 'IO' }]
const FANNED = [[8, 6], { seed: 1, mode: 'fanOut', gain: 2, stride: undefined }]
const CONV = [[4, 3, 3, 3], { layout: 'OIHW', gain: 2 }]
const NETWORK = {
  depth: 3,
  width: 5,
  batch: 4,
  init: 'he-normal',
  activation: 'relu',
  bias: 0.1,
  seed: 1,
  seeds: 2,
  backward: true,
}
const RACE = {
  depth: 4,
  width: 5,
  steps: 3,
  batch: 4,
  inits: ['he-normal', 'lsuv'],
  rates: [0.1],
  activation: 'tanh',
  optimizer: 'sgd',
  momentum: 0.5,
  seed: 1,
  seeds: 2,
  threshold: 0.5,
  targetLoss: 0.1,
  data: { kind: 'spirals', classes: 2, samples: 5, noise: 0.1, seed: 1 },
}
const COORD = {
  widths: [4, 8],
  parametrization: 'mup',
  baseWidth: 4,
  hiddenLayers: 2,
  activation: 'relu',
  init: 'he-normal',
  rate: 0.1,
  steps: 2,
  batch: 4,
  seed: 1,
  seeds: 2,
}
const LSUV = {
  widths: [2, 4, 3],
  input: { data: new Float32Array([1, 2, 3, 4]), rows: 2, columns: 2 },
  activation: 'gelu',
  init: 'he-normal',
  seed: 1,
  at: 'post-activation',
  target: 1,
  tolerance: 0.1,
  maxIterations: 3,
}
const EXPERIMENT = evenkeel.propagate({ depth: 2, width: 3, batch: 2, seeds: 2, backward: true })
const PLAN = { version: 1, seed: 1, tensors: [{ name: 'a', shape: [3, 4], init: 'he-normal' }] }

/** Arguments near right ones, for functions that would refuse a stranger's first argument before they look further. */
const near: Record<string, unknown[][]> = {
  propagate: [[NETWORK], [{ widths: [3, 4, 5], input: { data: new Float32Array(6).fill(1), rows: 2, columns: 3 } }]],
  theory: [['gelu'], [{ activation: 'relu', q: 1, sigmaW2: 2, sigmaB2: 0.1 }]],
  gain: [['tanh'], ['tanh', { compat: 'pytorch' }]],
  moments: [[new Float32Array([1, 2, 3])]],
  fans: [[[4, 3, 3, 3], { layout: 'OIHW', groups: 3, transposed: true, stride: 2 }]],
  initialize: [
    ['he-normal', ...SHAPED],
    ['truncated-normal:0.5', [9], { mean: 1, lower: -1, upper: 2 }],
  ],
  initStd: [['he-normal', ...SHAPED]],
  normal: [[[7], { mean: 1, stddev: 2 }]],
  uniform: [[[7], { low: -1, high: 2 }]],
  truncatedNormal: [[[7], { mean: 1, stddev: 2, lower: -1, upper: 3 }]],
  constant: [[[7], { value: 3 }]],
  sparse: [[[8, 6], { sparsity: 0.5, stddev: 1, axis: 'row' }]],
  dirac: [[[4, 3, 3, 3], { layout: 'OIHW', gain: 2, groups: 1 }]],
  deltaOrthogonal: [CONV],
  orthogonal: [SHAPED],
  identity: [[[8, 6], { gain: 2 }]],
  zeros: [[[3], {}]],
  ones: [[[3], {}]],
  cast: [[new Float32Array([1, 2]), 'f16']],
  drawPlan: [[PLAN]],
  drawTensor: [[PLAN, 'a']],
  planned: [[PLAN]],
  pairedRatios: [[EXPERIMENT, EXPERIMENT]],
  seedsFor: [[EXPERIMENT, 0.1]],
  fixedPoint: [[{ activation: 'gelu', sigmaW2: 2, sigmaB2: 0.1, from: 1 }]],
  layerMap: [[{ activation: 'tanh', sigmaW2: 2, sigmaB2: 0.1, q: 1, cosine: 0.5 }]],
  criticalLine: [[{ activation: 'tanh', sigmaB2: [0, 0.1] }], [{ activation: 'gelu', q: [1, 10] }]],
  finiteWidth: [[{ activation: 'tanh', sigmaW2: 2, sigmaB2: 0.1, widths: [3, 4, 5], precision: 0.1 }]],
  depthBudget: [[{ activation: 'relu', sigmaW2: 2, sigmaB2: 0, widths: [3, 4, 5] }]],
  jacobian: [[{ activation: 'relu', sigmaW2: 2, depth: 3, q: 1, weights: 'orthogonal' }]],
  normalized: [[{ activation: 'relu', norm: 'batch', depth: 3 }]],
  residual: [[{ blocks: 3, branchScale: 1, branchGain: 2, preNorm: true, q0: 1 }]],
  convolutionBorder: [[{ size: 8, kernel: 3, layers: 2 }]],
  initialLoss: [[{ classes: 10, q: 1 }]],
  tailoredSlope: [[{ depth: 20, eta: 0.8 }]],
  predictDense: [
    [
      {
        widths: [3, 4],
        weightVariances: [0.5],
        biasVariance: 0.1,
        activation: 'tanh',
        inputSecondMoment: 1,
        inputCosine: 0.5,
        batch: 2,
      },
    ],
  ],
  race: [[RACE]],
  coordCheck: [[COORD]],
  lsuv: [[LSUV]],
}

/** What settles nowhere has no scales: documented as NaN. */
const settlesNowhere = (name: string, result: unknown) =>
  ['fixedPoint', 'depthBudget'].includes(name) && (result as { q: number }).q === Number.POSITIVE_INFINITY

/** The arguments with one value, on the surface or one level down, replaced by a hostile one. */
function spoiled(args: unknown[], surface: boolean): fc.Arbitrary<unknown[]> {
  const places = args.flatMap((arg, i) => [
    ...(surface ? [[i]] : []),
    ...(typeof arg === 'object' && arg !== null && !ArrayBuffer.isView(arg)
      ? Object.keys(arg).map((key) => [i, key])
      : []),
  ])
  return fc.tuple(fc.constantFrom(...places), hostile).map(([[i, key], value]) =>
    args.map((arg, at) => {
      if (at !== i) return arg
      if (key === undefined) return value
      const copy = (Array.isArray(arg) ? [...arg] : { ...(arg as object) }) as Record<string, unknown>
      copy[key] = value
      return copy
    }),
  )
}

/** A right answer without NaN, or an error of the grammar that names where it arose. */
function holds(name: string, call: Call, args: unknown[]): void {
  let result: unknown
  try {
    result = call(...args)
  } catch (error) {
    const typed =
      error instanceof TypeError || error instanceof RangeError || error instanceof evenkeel.OutOfMemoryError
    if (!typed || !/^[\w.-]+: /.test((error as Error).message)) throw error
    return
  }
  const found = settlesNowhere(name, result) ? [] : nans(result)
  if (found.length > 0) throw new Error(`${name} gave NaN at ${found.slice(0, 3).join(', ')}`)
}

/** As many calls as half a second holds: theory integrates for tens of milliseconds a call. */
const RUNS = { seed: 20261123, numRuns: 150, interruptAfterTimeLimit: 500 }

test.each(functions)(
  '%s: hostile arguments give a TypeError or RangeError in the grammar, or an answer without NaN',
  (name, call) => {
    const k = kernels()
    const short = !LONG_BY_DEFAULT.includes(name)
    const strangers = fc.property(fc.array(hostile, { maxLength: 3 }), (args) => holds(name, call, args))
    if (short) fc.assert(strangers, RUNS)
    for (const args of near[name] ?? [FANNED, CONV])
      fc.assert(
        fc.property(spoiled(args, short), (spoilt) => holds(name, call, spoilt)),
        RUNS,
      )
    // no trap: the instance is still the one it was
    expect(kernels()).toBe(k)
  },
)

test('the arguments that are spoiled are right ones: every function takes them', () => {
  const refused = functions.flatMap(([name, call]) =>
    (near[name] ?? [FANNED, CONV]).flatMap((args) => {
      try {
        call(...args)
        return []
      } catch (error) {
        return `${name}: ${error}`
      }
    }),
  )
  expect(refused).toEqual([])
})
