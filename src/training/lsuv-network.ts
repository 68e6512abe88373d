import type { ActivationSpec } from '../activations/activation'
import { finite, integer, oneOf, options, withDefault, wrongKind, wrongValue } from '../check'
import { recipe } from '../initializers/names'
import { activationKernel } from '../network/activation-kernel'
import { packRows } from '../network/panels'
import type { Batch } from '../network/spec'
import { type Seed, seedWord } from '../random/stream'
import { type Arena, inArena } from '../wasm/instance'
import { checkedTable } from './dataset'
import { LSUV_AT, type LsuvAt, type LsuvLayer, scaleLayers } from './lsuv'
import { drawsOf, initialParameters, type ParameterPlan, parameterPlan } from './parameters'

/** A chain of dense layers to be scaled on a batch. */
export interface LsuvOptions {
  /** [features, units of layer 1, ..., units of layer L], L >= 1. */
  widths: readonly number[]
  /** The batch, rows = samples, features = widths[0]. */
  input: Batch
  /** Of every layer but the last; default 'relu'. */
  activation?: ActivationSpec
  /** What the weights are before they are scaled; default 'orthogonal'. */
  init?: string
  /** Weights of one's own in place of `init`: of each layer fanOut x fanIn, row-major; they are not written to. */
  weights?: readonly Float32Array[]
  /** Default 0. */
  seed?: Seed
  /** Where the second moment is set; default 'pre-activation'. The last layer has no activation. */
  at?: LsuvAt
  /** The second moment wanted, > 0; default 1. */
  target?: number
  /** The largest |second moment / target - 1| that is let pass, > 0; default 0.01. */
  tolerance?: number
  /** Rescalings of a layer at most; default 10. */
  maxIterations?: number
}

/** The scaled weights, the caller's own, and what was done to each layer. */
export interface Lsuv {
  weights: Float32Array[]
  layers: LsuvLayer[]
}

const KEYS = [
  'widths',
  'input',
  'activation',
  'init',
  'weights',
  'seed',
  'at',
  'target',
  'tolerance',
  'maxIterations',
] as const satisfies readonly (keyof LsuvOptions)[]

/**
 * Layer-sequential scaling on data: each layer's weights in turn times sqrt(target / second moment) until the mean over batch and units
 * of z^2 (or h^2) is the target, biases 0. Mishkin & Matas 2016, arXiv:1511.06422, with the second moment in place of the variance:
 * what He's argument keeps is E h^2, and a ReLU's outputs have a mean. Weights are drawn as `layers.L.weight` of the seed. A layer that
 * gives 0 or no finite number, or whose target is out of reach, is reported as such and not scaled without bound. The same options give
 * the same bits on every engine.
 * @throws TypeError or RangeError naming the option, OutOfMemoryError
 */
export function lsuv(given: LsuvOptions): Lsuv {
  const o = options<LsuvOptions>('lsuv', given, KEYS)
  const input = checkedTable('lsuv', 'input', o.input)
  const widths = checkedWidths(o.widths, input.columns)
  const activation = activationKernel('lsuv', withDefault(o.activation, 'relu'))
  const settings = {
    at: oneOf('lsuv', 'at', withDefault(o.at, 'pre-activation'), LSUV_AT),
    target: finite('lsuv', 'target', withDefault(o.target, 1), 1e-30, 1e30),
    tolerance: finite('lsuv', 'tolerance', withDefault(o.tolerance, 0.01), 1e-7),
    maxIterations: integer('lsuv', 'maxIterations', withDefault(o.maxIterations, 10), 0, 10_000),
  }
  const plan = parameterPlan(widths)
  return inArena((arena) => {
    const parameters = startingWeights(arena, plan, o)
    const rows = arena.allocate(4 * input.data.length)
    arena.f32(rows, input.data.length).set(input.data)
    const x = packRows(arena, rows, input.columns, input.rows, 'zero')
    const layers = arena.scratch(() => scaleLayers(arena, plan, parameters, activation, x, settings))
    const weights = plan.layers.map(({ fanIn, fanOut, weight }) =>
      arena.f32(parameters + 4 * weight, fanIn * fanOut).slice(),
    )
    return { weights, layers }
  })
}

function checkedWidths(widths: unknown, features: number): number[] {
  if (!Array.isArray(widths)) return wrongKind('lsuv', 'widths', 'an array of integers >= 1', widths)
  if (widths.length < 2) wrongValue('lsuv', 'widths.length', 'an integer >= 2', widths.length)
  const known = widths.map((width, i) => integer('lsuv', `widths[${i}]`, width, 1, 1 << 16))
  if (known[0] !== features) wrongValue('lsuv', 'widths[0]', `${features}, the columns of input`, known[0])
  return known
}

/** Drawn, or the caller's own. */
function startingWeights(arena: Arena, plan: ParameterPlan, { init, weights, seed }: LsuvOptions): number {
  if (weights === undefined) {
    const draws = drawsOf(plan, recipe(withDefault(init, 'orthogonal'), {}, 'lsuv', 'init'))
    return initialParameters(arena, plan, draws, seedWord('lsuv', seed))
  }
  for (const [other, value] of [
    ['init', init],
    ['seed', seed],
  ] as const)
    if (value !== undefined) wrongValue('lsuv', other, 'none beside weights', value)
  if (!Array.isArray(weights) || weights.length !== plan.layers.length)
    wrongValue('lsuv', 'weights', `${plan.layers.length} Float32Arrays, one a layer`, weights)
  const zeros = plan.layers.map(() => ({ distribution: 'constant', value: 0 }) as const)
  const ptr = initialParameters(arena, plan, zeros, 0n)
  for (const [i, { fanIn, fanOut, weight }] of plan.layers.entries()) {
    const own: unknown = weights[i]
    if (!(own instanceof Float32Array)) wrongKind('lsuv', `weights[${i}]`, 'a Float32Array', own)
    if (own.length !== fanIn * fanOut)
      wrongValue('lsuv', `weights[${i}].length`, `${fanOut} x ${fanIn} = ${fanIn * fanOut}`, own.length)
    arena.f32(ptr + 4 * weight, own.length).set(own)
  }
  return ptr
}
