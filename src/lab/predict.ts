/** What theory says of a network, in the shape of an experiment in which nothing was measured. */

import type { Experiment, LayerResult } from '../index'
import { recipe } from '../initializers/names'
import { seedStatistics } from '../report/seed-statistics'
import { verdict } from '../report/verdict'
import { predictDense } from '../theory/predict-dense'
import type { PlainNetwork } from './tasks'

/** The experiment with theory's values in place of measured ones; its verdict is the one theory expects. */
export function predict(options: PlainNetwork): Experiment {
  const { depth = 1, width = 1, batch = 64, bias = 0, init = 'he-normal', activation } = options
  const widths = new Array<number>(depth + 1).fill(width)
  const inputCosine = batch > 1 ? 0 : null
  const weightVariances = new Array<number>(depth).fill(recipe(init).stddev(width, width) ** 2)
  const theory = predictDense({
    widths,
    weightVariances,
    biasVariance: bias * bias,
    activation,
    inputSecondMoment: 1,
    inputCosine,
    batch,
  })
  const layers = theory.forward.map((forward, i): LayerResult => {
    const backward = theory.backward[i]
    return {
      layer: i + 1,
      fanIn: width,
      fanOut: width,
      forward: {
        secondMoment: forward.secondMoment,
        logStd: 0,
        mean: Number.NaN,
        std: Number.NaN,
        zeroFraction: Number.NaN,
        deadFraction: Number.NaN,
        saturatedFraction: forward.saturatedFraction,
        cosine: forward.cosine,
        histogram: { low: 0, counts: [] },
      },
      backward: { secondMoment: backward.secondMoment, logStd: 0, weightGradNorm: backward.weightGradNorm },
      theory: { forward, backward },
      ratios: null,
      statistics: {
        forward: seedStatistics([forward.secondMoment], forward.band),
        backward: seedStatistics([backward.secondMoment], backward.band),
      },
    }
  })
  const config = {
    init,
    activation,
    widths,
    depth,
    batch,
    bias,
    input: 'normal',
    inputSecondMoment: 1,
    inputCosine,
    seed: 0,
    seeds: 1,
    backward: true,
    engine: 'weights' as const,
  }
  const seed = {
    seed: 0,
    forwardSecondMoment: layers.map(({ forward }) => forward.secondMoment),
    backwardSecondMoment: layers.map(({ theory: { backward } }) => backward.secondMoment),
  }
  const measured = { schemaVersion: 1 as const, config, layers, seeds: [seed] }
  return { ...measured, verdict: verdict(measured) }
}
