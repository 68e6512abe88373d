import { logScaled, secondMomentOf } from '../network/layer-statistics'
import type { Arena } from '../wasm/instance'
import { gatherInputs, gatherTargets, lossAndDelta } from './loss'
import type { Model } from './model'
import type { Training } from './spec'

/** What all samples together say of the parameters as they are. */
export interface Evaluation {
  accuracy: number
  /** ln of the mean over samples and units of the square of each of the model's signals. */
  signal: number[]
  /** ln of the mean over samples and units of the square of the gradient there, of the loss of one sample. */
  gradient: number[]
}

const AT_ONCE = 256

/** Accuracy and second moments over all samples, a few hundred at a time in their order. */
export function evaluate(arena: Arena, spec: Training, model: Model, parameters: number): Evaluation {
  const { data } = spec
  const [forward, backward]: number[][] = [[], []]
  let right = 0
  let squares = 0
  for (let from = 0; from < data.rows; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, data.rows - from)
    const indices = Array.from({ length: count }, (_, i) => from + i)
    arena.scratch(() => {
      const { outputs, signals, back } = model.forward(arena, parameters, gatherInputs(arena, data, indices))
      signals.forEach((h, l) => {
        forward[l] = (forward[l] ?? 0) + secondMomentOf(arena, h) * count
      })
      const targets = gatherTargets(arena, data, indices)
      const { loss, delta } = lossAndDelta(arena, spec.loss, outputs, targets)
      if (data.targets.kind === 'labels') right += arena.kernels.hits(outputs.ptr, targets, outputs.units, count)
      else squares += loss * count
      // the kernel's delta is that of the mean over the batch: a sample's own is `count` times as large
      back(null, delta, (l, own) => {
        backward[l] = (backward[l] ?? 0) + secondMomentOf(arena, own) * count * count * count
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
