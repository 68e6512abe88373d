/** The map of a network's cosine: what one layer makes of the cosine between two inputs. */

import type { Experiment } from '../index'
import { recipe } from '../initializers/names'
import { predictDense } from '../theory/predict-dense'

export type MapCurve = { x: number; y: number }[]

const STEPS = 40

/** The cosine after one more layer, for cosines 0 .. 1 at the second moment where this network's theory ends. */
export function cosineCurve({ config, layers }: Experiment): MapCurve {
  const { fanIn, fanOut, theory } = layers[layers.length - 1]
  const moment = theory.forward.secondMoment
  // a network that dies out or explodes has no end: the map is then that of its beginning
  const inputSecondMoment = moment > 1e-300 && moment < 1e300 ? moment : 1
  const variance = recipe(config.init).stddev(fanIn, fanOut) ** 2
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const inputCosine = i / STEPS
    const { forward } = predictDense({
      widths: [fanIn, fanOut],
      weightVariances: [variance],
      biasVariance: config.bias ** 2,
      activation: config.activation,
      inputSecondMoment,
      inputCosine,
      batch: 2,
    })
    return { x: inputCosine, y: forward[0].cosine ?? 0 }
  })
}
