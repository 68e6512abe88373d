import { expect, test } from 'vitest'
import { initialize, propagate } from '../../src/index'

const NETWORK = { widths: [48, 64, 32], batch: 5, seed: 12, backward: true }

test('the gradient ratio is |dL/dW| over the norm of the very weights, within their 4 standard errors, and the update ratio is the rate times it', () => {
  const { layers } = propagate({ ...NETWORK, learningRate: 0.01 })
  for (const { layer, fanIn, fanOut, backward, ratios } of layers) {
    const weights = initialize('he-normal', [fanOut, fanIn], { seed: 12, stream: `layers.${layer}.weight` })
    const norm = Math.hypot(...weights)
    // |W|^2 is sigma^2 chi^2_(m n): the norm has the relative standard error 1/sqrt(2 m n)
    const error = 4 / Math.sqrt(2 * fanIn * fanOut)
    expect(Math.abs(ratios!.gradient! / (backward!.weightGradNorm / norm) - 1)).toBeLessThan(error)
    expect(ratios!.update).toBe(0.01 * ratios!.gradient!)
  }
})

test('without a rate there is no update ratio, without a gradient no ratio, and beside weights of 0 none that is a number', () => {
  expect(propagate(NETWORK).layers[0].ratios!.update).toBeNull()
  expect(propagate({ ...NETWORK, backward: false }).layers[0].ratios).toBeNull()
  expect(propagate({ ...NETWORK, init: 'zeros' }).layers[0].ratios).toEqual({ gradient: null, update: null })
})

test.each([
  [{ learningRate: 0, backward: true }, 'propagate: learningRate expected'],
  [{ learningRate: 0.1, backward: false }, 'propagate: learningRate expected backward: true beside it'],
])('%j is refused: %s', (options, message) => {
  expect(() => propagate({ ...NETWORK, ...options })).toThrow(message)
})
