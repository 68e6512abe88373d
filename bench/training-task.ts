import { element, operand } from './operands'

// The epoch that every participant trains: the same weights, samples and order, from hashes that each computes by itself.

export const FEATURES = 32
export const OUTPUTS = 10
export const MOMENTUM = 0.9
export const RATE = 1e-3

const FEATURES_FROM = 0x50000000
const LABELS_FROM = 0x60000000

/** [features, width, ..., outputs]. */
export function widthsOf(depth: number, width: number): number[] {
  return [FEATURES, ...new Array<number>(depth - 1).fill(width), OUTPUTS]
}

/** Weights of layer 0, 1, ...: fanOut x fanIn, uniform with He's variance, rounded to f32. */
export function weightsOf(layer: number, fanIn: number, fanOut: number): Float32Array<ArrayBuffer> {
  const scale = Math.fround(Math.sqrt(24 / fanIn))
  return operand(fanOut * fanIn, layer << 20).map((x) => x * scale)
}

/** rows x FEATURES. */
export function features(rows: number): Float32Array<ArrayBuffer> {
  return operand(rows * FEATURES, FEATURES_FROM).map((x) => x * 4)
}

export function labels(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => Math.floor((element(LABELS_FROM + i) + 0.5) * OUTPUTS))
}

const known = new Map<string, number[]>()

/** The mean cross-entropy of each batch before its step, in plain f64: what every participant's must be, up to f32. */
export function referenceLosses(depth: number, width: number, batch: number, steps: number): number[] {
  const key = [depth, width, batch, steps].join()
  const losses = known.get(key) ?? train(depth, width, batch, steps)
  known.set(key, losses)
  return losses
}

interface Layer {
  fanIn: number
  fanOut: number
  /** fanOut x fanIn, and fanOut. */
  parameters: [Float64Array, Float64Array]
  moments: [Float64Array, Float64Array]
}

function train(depth: number, width: number, batch: number, steps: number): number[] {
  const widths = widthsOf(depth, width)
  const layers = widths.slice(1).map((fanOut, l): Layer => {
    const fanIn = widths[l]
    return {
      fanIn,
      fanOut,
      parameters: [Float64Array.from(weightsOf(l, fanIn, fanOut)), new Float64Array(fanOut)],
      moments: [new Float64Array(fanOut * fanIn), new Float64Array(fanOut)],
    }
  })
  const [x, y] = [features(batch * steps), labels(batch * steps)]
  return Array.from({ length: steps }, (_, step) => {
    const gradients = layers.map(({ parameters }) => parameters.map((p) => new Float64Array(p.length)))
    let loss = 0
    for (let b = step * batch; b < (step + 1) * batch; b++)
      loss += addSample(layers, gradients, x.subarray(b * FEATURES, (b + 1) * FEATURES), y[b], batch) / batch
    layers.forEach(({ parameters, moments }, l) => {
      parameters.forEach((p, t) => {
        for (let i = 0; i < p.length; i++) {
          moments[t][i] = MOMENTUM * moments[t][i] + gradients[l][t][i]
          p[i] -= RATE * moments[t][i]
        }
      })
    })
    return loss
  })
}

/** The loss of one sample; a batch's share of its gradient is added to `gradients`. */
function addSample(
  layers: Layer[],
  gradients: Float64Array[][],
  x: Float32Array,
  label: number,
  batch: number,
): number {
  const h = [Float64Array.from(x)]
  layers.forEach(({ fanIn, parameters: [w, bias] }, l) => {
    const out = bias.map((b, i) => {
      let sum = b
      for (let j = 0; j < fanIn; j++) sum += w[i * fanIn + j] * h[l][j]
      return l < layers.length - 1 ? Math.max(sum, 0) : sum
    })
    h.push(out)
  })
  const z = h[layers.length]
  const top = Math.max(...z)
  const powers = z.map((v) => Math.exp(v - top))
  const total = powers.reduce((a, b) => a + b)
  let delta = powers.map((p, i) => (p / total - (i === label ? 1 : 0)) / batch)
  for (let l = layers.length - 1; l >= 0; l--) {
    const { fanIn, fanOut, parameters } = layers[l]
    const [w, gw, gb] = [parameters[0], ...gradients[l]]
    const below = new Float64Array(fanIn)
    for (let i = 0; i < fanOut; i++) {
      gb[i] += delta[i]
      for (let j = 0; j < fanIn; j++) {
        gw[i * fanIn + j] += delta[i] * h[l][j]
        below[j] += w[i * fanIn + j] * delta[i]
      }
    }
    delta = below.map((g, j) => (h[l][j] > 0 ? g : 0))
  }
  return Math.log(total) + top - z[label]
}
