import type { Recipe } from '../initializers/names'
import { logScaled, secondMomentOf } from '../network/layer-statistics'
import { type Panels, packRows } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { batchOrder } from './batch-order'
import { gatherRows, gatherTargets, lossAndDelta } from './loss'
import { optimizer } from './optimizer'
import { initialParameters, type ParameterPlan, parameterPlan, zeroStretch } from './parameters'
import { passBackward, passForward } from './passes'
import type { RaceSpec } from './spec'

/** What training one network gave. Plain data. */
export interface Trained {
  /** One a step, of its batch before the step; it ends with the first that is not finite. */
  losses: number[]
  diverged: boolean
  /** As in RaceRate. */
  accuracy: number
  /** ln of the second moment of each layer over all samples. */
  before: number[]
  after: number[]
}

/** What all samples together say of the parameters as they are. */
interface Evaluation {
  accuracy: number
  logSecondMoments: number[]
}

type Training = Pick<RaceSpec, 'widths' | 'activation' | 'loss' | 'optimizer' | 'batch' | 'steps' | 'data'>

const EVALUATED_AT_ONCE = 256

/** Trains one network. A loss that is not finite ends the run: nothing comes back from there. @throws OutOfMemoryError */
export function train(
  spec: Training,
  init: Recipe,
  rate: number,
  seed: bigint,
  onStep: (step: number, loss: number) => void = () => {},
): Trained {
  return inArena((arena) => {
    const plan = parameterPlan(spec.widths)
    const parameters = initialParameters(arena, plan, init, seed)
    const gradients = zeroStretch(arena, plan)
    const advance = optimizer(arena, plan, spec.optimizer, rate)
    const before = evaluate(arena, spec, plan, parameters)
    const nextBatch = batchOrder(spec.data.rows, spec.batch, seed)
    const losses: number[] = []
    let diverged = false
    while (losses.length < spec.steps && !diverged) {
      const indices = nextBatch()
      const loss = arena.scratch(() => lossAndGradients(arena, spec, plan, parameters, gradients, indices))
      losses.push(loss)
      diverged = !Number.isFinite(loss)
      if (!diverged) advance(parameters, gradients)
      onStep(losses.length, loss)
    }
    const after = evaluate(arena, spec, plan, parameters)
    return {
      losses,
      diverged,
      accuracy: diverged ? 0 : after.accuracy,
      before: before.logSecondMoments,
      after: after.logSecondMoments,
    }
  })
}

/** The mean loss of the samples at `indices`; its gradient by every parameter is written to `gradients`. */
export function lossAndGradients(
  arena: Arena,
  spec: Pick<Training, 'activation' | 'loss' | 'data'>,
  plan: ParameterPlan,
  parameters: number,
  gradients: number,
  indices: ArrayLike<number>,
): number {
  const x = inputs(arena, spec, indices)
  const signals = passForward(arena, plan, parameters, spec.activation, x)
  const targets = gatherTargets(arena, spec.data, indices)
  const { loss, delta } = lossAndDelta(arena, spec.loss, signals[plan.layers.length].h, targets)
  passBackward(arena, plan, parameters, gradients, spec.activation, signals, delta)
  return loss
}

function inputs(arena: Arena, { data }: Pick<Training, 'data'>, indices: ArrayLike<number>): Panels {
  const rows = gatherRows(arena, data.features, data.columns, indices)
  return packRows(arena, rows, data.columns, indices.length, 'zero')
}

/** Accuracy and second moments over all samples, a few hundred at a time in their order. */
function evaluate(arena: Arena, spec: Training, plan: ParameterPlan, parameters: number): Evaluation {
  const { kernels } = arena
  const { data } = spec
  const depth = plan.layers.length
  const moments = new Array<number>(depth).fill(0)
  let right = 0
  let squares = 0
  for (let from = 0; from < data.rows; from += EVALUATED_AT_ONCE) {
    const count = Math.min(EVALUATED_AT_ONCE, data.rows - from)
    const indices = Array.from({ length: count }, (_, i) => from + i)
    arena.scratch(() => {
      const signals = passForward(arena, plan, parameters, spec.activation, inputs(arena, spec, indices))
      for (let l = 1; l <= depth; l++) moments[l - 1] += secondMomentOf(arena, signals[l].h) * count
      const z = signals[depth].h
      const targets = gatherTargets(arena, data, indices)
      if (data.targets.kind === 'labels') right += kernels.hits(z.ptr, targets, z.units, count)
      else squares += lossAndDelta(arena, 'mean-square', z, targets).loss * count
    })
  }
  const logSecondMoments = moments.map((moment) => logScaled(arena, moment / data.rows, 0))
  const accuracy = data.targets.kind === 'labels' ? right / data.rows : explained(squares / data.rows, spec)
  return { accuracy, logSecondMoments }
}

/** 1 - loss / variance of the targets about each output's mean, at least 0. */
function explained(loss: number, { data }: Training): number {
  if (data.targets.kind === 'labels') return 0
  const { values, outputs } = data.targets
  const means = new Float64Array(outputs)
  for (let i = 0; i < values.length; i++) means[i % outputs] += values[i] / data.rows
  let variance = 0
  for (let i = 0; i < values.length; i++) variance += (values[i] - means[i % outputs]) ** 2
  variance /= values.length
  const share = 1 - loss / variance
  return share > 0 ? share : 0
}
