import type { Panels } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { batchOrder } from './batch-order'
import type { Contender } from './contender'
import { evaluate } from './evaluate'
import { gatherInputs, gatherTargets, lossAndDelta } from './loss'
import type { LsuvLayer } from './lsuv'
import type { Model } from './model'
import { optimizer } from './optimizer'
import { zeroStretch } from './parameters'
import type { Training } from './spec'

/** What training one network gave. Plain data. */
export interface Trained {
  /** One a step, of its batch before the step; it ends with the first that is not finite. */
  losses: number[]
  diverged: boolean
  /** As in RaceRate. */
  accuracy: number
  /** At the lowest rate; the others begin alike, and have null. */
  before: LogMoments | null
  /** Null where training diverged. */
  after: LogMoments | null
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

/** Trains one network. A loss that is not finite ends the run: nothing comes back from there. @throws OutOfMemoryError */
export function train(
  spec: Training,
  { start }: Contender,
  rate: number,
  seed: bigint,
  onStep: (step: number, loss: number) => void = () => {},
): Trained {
  return inArena((arena) => {
    const { model, parameters, lsuv } = start(arena, seed, () => firstSamples(arena, spec, seed))
    const gradients = zeroStretch(arena, model)
    const advance = optimizer(arena, model, spec.optimizer, rate)
    const before = rate === spec.rates[0] ? evaluate(arena, spec, model, parameters) : null
    const nextBatch = batchOrder(spec.data.rows, spec.batch, seed)
    const losses: number[] = []
    let diverged = false
    while (losses.length < spec.steps && !diverged) {
      const indices = nextBatch()
      const loss = arena.scratch(() => lossAndGradients(arena, spec, model, parameters, gradients, indices))
      losses.push(loss)
      diverged = !Number.isFinite(loss)
      if (!diverged) advance(parameters, gradients)
      onStep(losses.length, loss)
    }
    const after = diverged ? null : evaluate(arena, spec, model, parameters)
    const [first, last] = [before, after].map((found) => found && { signal: found.signal, gradient: found.gradient })
    return { losses, diverged, accuracy: after?.accuracy ?? 0, before: first, after: last, lsuv }
  })
}

/** The first samples of the first epoch. */
function firstSamples(arena: Arena, { data }: Training, seed: bigint): Panels {
  return gatherInputs(arena, data, batchOrder(data.rows, Math.min(data.rows, LSUV_SAMPLES), seed)())
}

/** The mean loss of the samples at `indices`; its gradient by every parameter is written to `gradients` where the loss is finite. */
export function lossAndGradients(
  arena: Arena,
  spec: Pick<Training, 'loss' | 'data'>,
  model: Model,
  parameters: number,
  gradients: number,
  indices: ArrayLike<number>,
): number {
  const { outputs, back } = model.forward(arena, parameters, gatherInputs(arena, spec.data, indices))
  const targets = gatherTargets(arena, spec.data, indices)
  const { loss, delta } = lossAndDelta(arena, spec.loss, outputs, targets)
  if (Number.isFinite(loss)) back(gradients, delta)
  return loss
}
