import { logScaled, secondMomentOf } from '../network/layer-statistics'
import type { Arena } from '../wasm/instance'
import { gatherInputs, gatherTargets, lossAndDelta } from './loss'
import type { ParameterPlan } from './parameters'
import { passBackward, passForward } from './passes'
import type { Training } from './spec'

/** What all samples together say of the parameters as they are. */
export interface Evaluation {
  accuracy: number
  /** ln of the mean over samples and units of h^2 in each layer, of the last layer z^2. */
  signal: number[]
  /** ln of the mean over samples and units of (dL/dz)^2 in each layer, L the loss of one sample. */
  gradient: number[]
}

const AT_ONCE = 256

/** Accuracy and second moments over all samples, a few hundred at a time in their order. */
export function evaluate(arena: Arena, spec: Training, plan: ParameterPlan, parameters: number): Evaluation {
  const { data, activation } = spec
  const depth = plan.layers.length
  const [forward, backward] = [new Array<number>(depth).fill(0), new Array<number>(depth).fill(0)]
  let right = 0
  let squares = 0
  for (let from = 0; from < data.rows; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, data.rows - from)
    const indices = Array.from({ length: count }, (_, i) => from + i)
    arena.scratch(() => {
      const signals = passForward(arena, plan, parameters, activation, gatherInputs(arena, data, indices))
      for (let l = 1; l <= depth; l++) forward[l - 1] += secondMomentOf(arena, signals[l].h) * count
      const z = signals[depth].h
      const targets = gatherTargets(arena, data, indices)
      const { loss, delta } = lossAndDelta(arena, spec.loss, z, targets)
      if (data.targets.kind === 'labels') right += arena.kernels.hits(z.ptr, targets, z.units, count)
      else squares += loss * count
      // the kernel's delta is that of the mean over the batch: a sample's own is `count` times as large
      passBackward(arena, plan, parameters, null, activation, signals, delta, (l, own) => {
        backward[l - 1] += secondMomentOf(arena, own) * count * count * count
      })
    })
  }
  const logs = (moments: readonly number[]) => moments.map((moment) => logScaled(arena, moment / data.rows, 0))
  const accuracy = data.targets.kind === 'labels' ? right / data.rows : explained(squares / data.rows, spec)
  return { accuracy, signal: logs(forward), gradient: logs(backward) }
}

/** 1 - loss / variance of the targets about each output's mean, at least 0. */
function explained(loss: number, { data }: Training): number {
  if (data.targets.kind === 'labels') return 0
  const { values, outputs } = data.targets
  const means = new Float64Array(outputs)
  for (let i = 0; i < values.length; i++) means[i % outputs] += values[i] / data.rows
  let variance = 0
  for (let i = 0; i < values.length; i++) {
    const distance = values[i] - means[i % outputs]
    variance += distance * distance
  }
  variance /= values.length
  const share = 1 - loss / variance
  return share > 0 ? share : 0
}
