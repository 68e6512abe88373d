import { type Arena, inArena } from '../wasm/instance'
import { batchOrder } from './batch-order'
import type { Contender } from './contender'
import { evaluate } from './evaluate'
import { gatherInputs, gatherTargets, lossAndDelta } from './loss'
import { type LsuvLayer, scaleLayers } from './lsuv'
import { optimizer } from './optimizer'
import { initialParameters, type ParameterPlan, zeroStretch } from './parameters'
import { passBackward, passForward } from './passes'
import type { Training } from './spec'

/** What training one network gave. Plain data. */
export interface Trained {
  /** One a step, of its batch before the step; it ends with the first that is not finite. */
  losses: number[]
  diverged: boolean
  /** As in RaceRate. */
  accuracy: number
  before: LogMoments
  after: LogMoments
  /** What LSUV did to each layer, null without it. */
  lsuv: LsuvLayer[] | null
}

/** ln of second moments over all samples, layer by layer. */
export interface LogMoments {
  signal: number[]
  gradient: number[]
}

/** Samples that LSUV scales the layers on, at most. */
const LSUV_SAMPLES = 256
const LSUV = { target: 1, tolerance: 0.01, maxIterations: 10 }

/** Trains one network. A loss that is not finite ends the run: nothing comes back from there. @throws OutOfMemoryError */
export function train(
  spec: Training,
  { plan, draws, lsuv, branchScale }: Contender,
  rate: number,
  seed: bigint,
  onStep: (step: number, loss: number) => void = () => {},
): Trained {
  return inArena((arena) => {
    const parameters = initialParameters(arena, plan, draws, seed, branchScale)
    const report = lsuv && arena.scratch(() => lsuvOnData(arena, spec, plan, parameters, lsuv, seed))
    const gradients = zeroStretch(arena, plan)
    const advance = optimizer(arena, plan, spec.optimizer, rate)
    const { accuracy: _, ...before } = evaluate(arena, spec, plan, parameters)
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
    const { accuracy, ...after } = evaluate(arena, spec, plan, parameters)
    return { losses, diverged, accuracy: diverged ? 0 : accuracy, before, after, lsuv: report }
  })
}

/** LSUV on the first samples of the first epoch. */
function lsuvOnData(
  arena: Arena,
  spec: Training,
  plan: ParameterPlan,
  parameters: number,
  at: NonNullable<Contender['lsuv']>,
  seed: bigint,
): LsuvLayer[] {
  const { rows } = spec.data
  const indices = batchOrder(rows, Math.min(rows, LSUV_SAMPLES), seed)()
  return scaleLayers(arena, plan, parameters, spec.activation, gatherInputs(arena, spec.data, indices), { ...LSUV, at })
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
  const x = gatherInputs(arena, spec.data, indices)
  const signals = passForward(arena, plan, parameters, spec.activation, x)
  const targets = gatherTargets(arena, spec.data, indices)
  const { loss, delta } = lossAndDelta(arena, spec.loss, signals[plan.layers.length].h, targets)
  passBackward(arena, plan, parameters, gradients, spec.activation, signals, delta)
  return loss
}
