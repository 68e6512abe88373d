import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { fillNormal } from '../../src/random/draw'
import { race } from '../../src/training/race'
import { kernelGradient, randomData, type TestNetwork } from './kernels'
import { crossEntropy, type Layer } from './reference'

/** A layer of a residual network: `scale` where it ends a branch of two layers. */
type Parameters = (Layer & { scale?: number })[]

/** The mean cross-entropy in plain f64: x_k = x_(k-1) + a_k (W' f(W x_(k-1) + b) + b'), the readout's W h times m. */
function loss(layers: Parameters, f: (z: number) => number, m: number, x: Float32Array, labels: Int32Array): number {
  const features = layers[0].fanIn
  const dense = ({ fanIn, weight, bias }: Layer, h: Float64Array, by = 1) =>
    bias.map((b, i) => h.reduce((sum, v, j) => sum + by * weight[i * fanIn + j] * v, b))
  let total = 0
  labels.forEach((_, s) => {
    let h = dense(layers[0], Float64Array.from(x.subarray(s * features, (s + 1) * features))).map(f)
    for (let l = 1; l < layers.length - 1; l += 2) {
      const branch = dense(layers[l + 1], dense(layers[l], h).map(f))
      h = h.map((v, i) => v + layers[l + 1].scale! * branch[i])
    }
    total += crossEntropy(labels)(dense(layers[layers.length - 1], h, m), s).loss / labels.length
  })
  return total
}

const NETWORK: TestNetwork = {
  widths: [5, 9, 9, 9, 9, 9, 4],
  activation: 'tanh',
  bias: 0.1,
  structure: { branchLayers: 2, learnedScales: true, readout: 0.5 },
  scale: 0.7,
}

test('residual branches with trained scales and a readout times 1/2: the loss is that of plain f64, and Taylor remainders fall with slope 2', () => {
  const data = randomData('softmax-cross-entropy', 11, 5, 4)
  const labels = data.targets.kind === 'labels' ? data.targets.labels : new Int32Array()
  const found = kernelGradient(NETWORK, 'softmax-cross-entropy', data, 11)
  const layers: Parameters = found.layers
  const gradients: Parameters = found.gradients
  const { f } = activation('tanh')
  const draw = (len: number, stream: string) =>
    Float64Array.from(fillNormal(new Float32Array(len), { seed: 9, stream }))
  const direction: Parameters = layers.map((layer, l) => ({
    ...layer,
    weight: draw(layer.weight.length, `w${l}`),
    bias: draw(layer.bias.length, `b${l}`),
    ...(layer.scale !== undefined && { scale: draw(1, `s${l}`)[0] }),
  }))
  const parts = (p: Parameters) => p.flatMap(({ weight, bias, scale }) => [...weight, ...bias, scale ?? 0])
  const inner = (a: Parameters, b: Parameters) => {
    const other = parts(b)
    return parts(a).reduce((sum, v, i) => sum + v * other[i], 0)
  }
  const size = Math.sqrt(inner(direction, direction))
  const moved = (by: number): Parameters =>
    layers.map((layer, l) => ({
      ...layer,
      weight: layer.weight.map((w, i) => w + by * direction[l].weight[i]),
      bias: layer.bias.map((b, i) => b + by * direction[l].bias[i]),
      ...(layer.scale !== undefined && { scale: layer.scale + by * direction[l].scale! }),
    }))
  const at = (e: number) => loss(moved(e / size), f, 0.5, data.features, labels)
  // f32 sums of at most 9 products over 6 layers
  expect(Math.abs(found.loss - at(0))).toBeLessThan(6 * 9 * 2 ** -24 * at(0))
  expect(gradients.flatMap(({ scale }) => scale ?? []).every((g) => Math.abs(g) > 1e-4)).toBe(true)
  const remainders = [3, 4, 5, 6, 7].map((k) =>
    Math.abs(at(2 ** -k) - at(0) - (2 ** -k * inner(gradients, direction)) / size),
  )
  remainders.slice(1).forEach((remainder, i) => {
    // a wrong gradient has slope 1
    expect(Math.log2(remainders[i] / remainder)).toBeGreaterThan(1.7)
    expect(Math.log2(remainders[i] / remainder)).toBeLessThan(2.3)
  })
})

test('Euler: without biases <W, dL/dW> is a dL/da in both layers of each ReLU branch', () => {
  const data = randomData('softmax-cross-entropy', 29, 7, 3)
  const network: TestNetwork = {
    widths: [7, 20, 20, 20, 20, 20, 20, 20, 3],
    activation: 'relu',
    bias: 0,
    structure: { branchLayers: 2, learnedScales: true },
    scale: 0.6,
  }
  const found = kernelGradient(network, 'softmax-cross-entropy', data, 29)
  const [layers, gradients]: Parameters[] = [found.layers, found.gradients]
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0)
  for (const l of [2, 4, 6]) {
    const wanted = layers[l].scale! * gradients[l].scale!
    expect(Math.abs(wanted)).toBeGreaterThan(1e-3)
    for (const i of [l - 1, l]) {
      const [w, g] = [layers[i].weight, gradients[i].weight]
      // f32 sums of k <= 29 products up and down 8 layers: 2 x 8 x 29 x 2^-24 = 2.8e-5 of the sizes at worst
      expect(Math.abs(dot(w, g) - wanted)).toBeLessThan(2.8e-5 * Math.sqrt(dot(w, w) * dot(g, g)))
    }
  }
})

const DEEP = { depth: 30, width: 64, steps: 1, rates: [1e-3] }
const START = race({ ...DEEP, inits: ['residual', 'residual-scaled', 'fixup', 'skip-init', 'residual:lecun-normal'] })
const [residual, scaled, fixup, skipInit, lecun] = START.runs.map(({ signalBefore }) => signalBefore.map(Number))

test('14 branches of gain 2, as He gives them, triple the signal each: 3^14 = 4.8e6 within e^(5 sd) of finite width', () => {
  // |F|^2/|x|^2 = 2 has a relative variance of (5 + 2)/n, 2 <x, F>/|x|^2 a variance of 8/n: ln q gains (4 x 7/9 + 8/9)/n = 4/n a branch
  expect(Math.abs(Math.log(residual[28] / residual[0]) - 14 * Math.log(3))).toBeLessThan(5 * Math.sqrt((14 * 4) / 64))
  expect(residual[28] / residual[0]).toBeGreaterThan(1e4)
  // gain 1/2 of 1/fan_in weights twice: 1.5^14 = 292
  expect(lecun[28] / lecun[0]).toBeLessThan(residual[28] / residual[0] / 1e2)
})

test('branches / sqrt(14) keep the signal within (1 + 2/14)^14 = 6.5 and its finite-width spread; Fixup and SkipInit keep it to the bit', () => {
  expect(scaled[28] / scaled[0]).toBeGreaterThan(1)
  // as above with |F|^2/|x|^2 = 1/7, an eighth of the whole: (7/64 + 4/7/1.3)/n = 0.55/n a branch
  expect(scaled[28] / scaled[0]).toBeLessThan(6.5 * Math.exp(5 * Math.sqrt((14 * 0.55) / 64)))
  for (const signal of [fixup, skipInit]) expect(signal[28]).toBe(signal[0])
  expect(fixup[29]).toBe(0)
  expect(Math.abs(START.runs[2].rates[0].losses[0]! - Math.log(3))).toBeLessThan(1e-12)
})

test('residual networks of 30 layers train at a rate where the chain of simple Xavier stays at the loss of a guess', () => {
  const { runs } = race({
    depth: 30,
    width: 32,
    steps: 200,
    rates: [1e-2],
    inits: ['xavier-simple', 'residual-scaled', 'skip-init', 'fixup'],
  })
  const [xavier, ...others] = runs.map(({ bestAccuracy }) => bestAccuracy)
  expect(xavier).toBeLessThan(0.6)
  for (const accuracy of others) expect(accuracy).toBeGreaterThan(0.8)
})

test.each([
  [5, 'fixup', 'race: inits[0] expected a chain at a depth of 5: residual networks have an even one >= 4, got'],
  [2, 'residual', 'race: inits[0] expected a chain at a depth of 2'],
  [6, 'fixup:he-nomal', "did you mean 'he-normal'?"],
  [6, 'fixpu', "did you mean 'fixup'?"],
])('at depth %i %s is refused: %s', (depth, init, message) => {
  expect(() => race({ depth, inits: [init] })).toThrow(message)
})
