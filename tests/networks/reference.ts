/** Convolutions as they are defined, in f64: out[o, p] = sum over channels and taps of w[o, c, t] x[c, read(p, t)]. */

import { sourcePositions, type Window } from '../../src/networks/window'

export interface PlainConvolution {
  /** channels x positions of one sample. */
  forward(x: Float64Array): Float64Array
  /** dL/dx of one sample from dL/dout. */
  back(delta: Float64Array): Float64Array
  /** dL/dW of one sample. */
  weightGradient(x: Float64Array, delta: Float64Array): Float64Array
}

export function plainConvolution(
  weights: ArrayLike<number>,
  inputs: number,
  outputs: number,
  groups: number,
  window: Window,
): PlainConvolution {
  const taps = window.kernel.reduce((a, b) => a * b, 1)
  const from = window.from.reduce((a, b) => a * b, 1)
  const to = window.to.reduce((a, b) => a * b, 1)
  const source = sourcePositions(window)
  const [channels, perGroup] = [inputs / groups, outputs / groups]
  const each = (body: (out: number, input: number, weight: number) => void) => {
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < channels; c++)
        for (let t = 0; t < taps; t++)
          for (let p = 0; p < to; p++) {
            const at = source[p * taps + t]
            const channel = Math.floor(o / perGroup) * channels + c
            if (at >= 0) body(o * to + p, channel * from + at, (o * channels + c) * taps + t)
          }
  }
  return {
    forward(x) {
      const out = new Float64Array(outputs * to)
      each((o, i, w) => {
        out[o] += weights[w] * x[i]
      })
      return out
    },
    back(delta) {
      const grad = new Float64Array(inputs * from)
      each((o, i, w) => {
        grad[i] += weights[w] * delta[o]
      })
      return grad
    },
    weightGradient(x, delta) {
      const grad = new Float64Array(outputs * channels * taps)
      each((o, i, w) => {
        grad[w] += delta[o] * x[i]
      })
      return grad
    },
  }
}
