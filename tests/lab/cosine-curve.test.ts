import { expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { cosineCurve } from '../../src/lab/cosine-curve'
import { predictDense } from '../../src/theory/predict-dense'

test.each([
  ['relu', 'he-normal', 0],
  ['tanh', 'xavier-simple', 0.3],
  ['gelu', 'he-normal', 0],
  ['hardtanh', 'normal:0.5', 0.1],
  ['sigmoid', 'zeros', 0],
  ['relu', 'zeros', 0],
])(
  '%s under %s, bias %d: the map is what one more layer of the prediction makes of a cosine, within 1e-12',
  (activation, init, bias) => {
    const experiment = propagate({ depth: 6, width: 16, batch: 4, activation, init, bias })
    const curve = cosineCurve(experiment)
    expect(curve).toHaveLength(41)
    const moment = experiment.layers[5].theory.forward.secondMoment
    const std = Number(init.split(':')[1] ?? { 'he-normal': Math.sqrt(2 / 16), 'xavier-simple': 1 / 4 }[init] ?? 0)
    for (const { x, y } of curve) {
      const { forward } = predictDense({
        widths: [16, 16],
        weightVariances: [std ** 2],
        biasVariance: bias ** 2,
        activation,
        inputSecondMoment: moment || 1,
        inputCosine: x,
        batch: 2,
      })
      expect(Math.abs(y - (forward[0].cosine ?? 0))).toBeLessThan(1e-12)
    }
  },
)
