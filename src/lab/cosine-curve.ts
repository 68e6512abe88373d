/** The map of a network's cosine: what one layer makes of the cosine between two inputs. */

import { activation as resolve } from '../activations/resolve'
import type { Experiment } from '../index'
import { recipe } from '../initializers/names'
import { pairMoments } from '../theory/cosine-map'
import { secondMoment } from '../theory/moments'

export type MapCurve = { x: number; y: number }[]

const STEPS = 40

/** The cosine after one more layer, for cosines 0 .. 1 at the second moment where this network's theory ends. */
export function cosineCurve({ config, layers }: Experiment): MapCurve {
  const { fanIn, fanOut, theory } = layers[layers.length - 1]
  const moment = theory.forward.secondMoment
  // a network that dies out or explodes has no end: the map is then that of its beginning
  const carried =
    fanIn * recipe(config.init).stddev(fanIn, fanOut) ** 2 * (moment > 1e-300 && moment < 1e300 ? moment : 1)
  const q = carried + config.bias ** 2
  const activation = resolve(config.activation)
  const after = q > 0 ? secondMoment(activation, q) : activation.f(0) ** 2
  const { gap } = q > 0 ? pairMoments(activation, q) : { gap: () => 0 }
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const x = i / STEPS
    return { x, y: after > 0 ? 1 - gap((carried / q || 0) * (1 - x)) / after : 0 }
  })
}
