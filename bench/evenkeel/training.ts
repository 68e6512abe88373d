import { activationKernel } from '../../src/network/activation-kernel'
import type { Dataset } from '../../src/training/dataset'
import { chainModel } from '../../src/training/model'
import { optimizer } from '../../src/training/optimizer'
import { parameterPlan, zeroStretch } from '../../src/training/parameters'
import { lossAndGradients } from '../../src/training/train'
import { inArena } from '../../src/wasm/instance'
import { type Answer, checkedSample } from '../serve'
import type { Timing } from '../timing'
import { FEATURES, features, labels, MOMENTUM, OUTPUTS, RATE, weightsOf, widthsOf } from '../training-task'

/** One epoch of SGD with momentum, from the same weights every time; the losses of its steps. */
export function training([depth, width, batch, steps]: number[], timing: Timing): Promise<Answer> {
  const plan = parameterPlan(widthsOf(depth, width))
  const start = new Float32Array(plan.len)
  plan.layers.forEach(({ fanIn, fanOut, weight }, l) => {
    start.set(weightsOf(l, fanIn, fanOut), weight)
  })
  const rows = batch * steps
  const targets = { kind: 'labels', labels: labels(rows), classes: OUTPUTS } as const
  const data: Dataset = { features: features(rows), rows, columns: FEATURES, targets }
  const spec = { loss: 'softmax-cross-entropy', data } as const
  const model = chainModel(plan, activationKernel('bench', 'relu'))
  const order = Array.from({ length: steps }, (_, s) => Array.from({ length: batch }, (_, b) => s * batch + b))
  let losses: number[] = []
  const epoch = () => {
    losses = inArena((arena) => {
      const [parameters, gradients] = [zeroStretch(arena, plan), zeroStretch(arena, plan)]
      arena.f32(parameters, plan.len).set(start)
      const advance = optimizer(arena, plan, { name: 'sgd', momentum: MOMENTUM }, RATE)
      return order.map((indices) => {
        const loss = arena.scratch(() => lossAndGradients(arena, spec, model, parameters, gradients, indices))
        advance(parameters, gradients)
        return loss
      })
    })
  }
  return checkedSample(epoch, () => losses, timing)
}
