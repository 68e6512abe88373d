import { expect, test } from 'vitest'
import { measure } from '../../src/network/measure'

test.each(['truncated-he-normal', 'orthogonal', 'sparse:0.9', 'identity', 'constant:0.01', 'tfjs-4'])(
  '%s, whose weights are drawn whole, runs forward and back through 3 layers of width 600, while the memory grows',
  (init) => {
    const { layers } = measure('test', { depth: 3, width: 600, init, activation: 'linear', batch: 3, backward: true })
    for (const { forward, backward } of layers) {
      expect(forward.secondMoment).toBeGreaterThan(0)
      expect(backward!.secondMoment).toBeGreaterThan(0)
    }
  },
)

test('identity weights pass a batch and a gradient on unchanged: second moments 1 to a rounding, layer after layer', () => {
  const { layers } = measure('test', {
    depth: 4,
    width: 24,
    init: 'identity',
    activation: 'linear',
    batch: 5,
    backward: true,
  })
  // each sample is scaled to mean square 1 with one rounding a value
  for (const { forward } of layers) expect(Math.abs(forward.secondMoment - 1)).toBeLessThan(2 ** -22)
  expect(new Set(layers.map(({ backward }) => backward!.secondMoment)).size).toBe(1)
})

test('orthogonal weights keep the mean square of a linear network, 8 layers of width 64, to 8 roundings of 2^-20', () => {
  const { layers } = measure('test', { depth: 8, width: 64, init: 'orthogonal', activation: 'linear', batch: 4 })
  for (const { layer, forward } of layers) expect(Math.abs(forward.secondMoment - 1)).toBeLessThan(layer * 2 ** -20)
})
