import { expect, test } from 'vitest'
import type { ActivationSpec } from '../../src/activations/activation'
import { activation, activationNames } from '../../src/activations/resolve'
import type { Draw } from '../../src/initializers/draw'
import { initialize, recipe } from '../../src/initializers/names'
import { activationKernel } from '../../src/network/activation-kernel'
import { measure } from '../../src/network/measure'
import { type NetworkOptions, networkSpec } from '../../src/network/spec'
import { fillNormal } from '../../src/random/draw'
import { predictDense } from '../../src/theory/predict-dense'
import { referenceNetwork } from '../reference/network'
import { runWithInner } from './run-with-inner'

/** Every name, and slopes that only z can tell. */
const NAMES = [...activationNames, 'leaky-relu:-0.5', 'prelu:1.5', 'elu:2']

/** One seed of a network; `stretch` multiplies the weights' standard deviation, layer by layer. */
function run(options: NetworkOptions, stretch: (layer: number) => number = () => 1) {
  const spec = networkSpec('test', { seed: 3, backward: true, ...options })
  const law = recipe(spec.init)
  const draws = spec.widths.slice(1).map((fanOut, i): Draw => {
    const draw = law.draw(spec.widths[i], fanOut)
    if (draw.distribution !== 'normal') throw new Error('expected a normal initializer')
    return { ...draw, stddev: draw.stddev * stretch(i + 1) }
  })
  return runWithInner(spec, draws, spec.seeds[0])
}

test.each(NAMES)('%s: three layers, forward and backward, agree with a plain f64 network', (name) => {
  const widths = [20, 40, 30, 25]
  const batch = 5
  const data = fillNormal(new Float32Array(batch * widths[0]), { seed: 3, stream: 'test batch' })
  const input = { data, rows: batch, columns: widths[0] }
  const { forward, backward } = run({ widths, activation: name, init: 'he-normal', input })
  const weights = widths.slice(1).map((fanOut, i) => {
    return initialize('he-normal', [fanOut, widths[i]], { seed: 3, stream: `layers.${i + 1}.weight` })
  })
  const probe = fillNormal(new Float32Array(batch * widths[3]), { seed: 3, stream: 'probe' })
  referenceNetwork(widths, weights, data, probe, activation(name)).forEach((layer, i) => {
    // sums of k <= 40 products are off by about sqrt(k) 2^-24 of their magnitude, activations by up to 10 2^-24, squared and over 3 layers
    const close = (found: number, wanted: number) => expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-5)
    close(forward[i].secondMoment, layer.forwardSecondMoment)
    close(Math.exp(backward![i].logSecondMoment), layer.backwardSecondMoment)
    close(Math.exp(backward![i].logWeightGradNorm), layer.weightGradNorm)
    expect(forward[i].zeroFraction).toBe(layer.zeroFraction)
    expect(Math.abs(forward[i].cosine! - layer.cosine)).toBeLessThan(1e-5)
  })
})

/** Kinks that z crosses when all weights grow: the units that cross leave random steps, of order eps^1.5 in sum. */
const KINKED = ['hardtanh', 'elu:2']

test.each(NAMES)(
  '%s: L((1 + eps) W) - L(W) - eps <W, dL/dW> falls as eps^2 from eps = 2^-5 to 2^-8 (as eps^1.5 where kinks are crossed), 4 layers',
  (name) => {
    const squares = [0, 0]
    for (let seed = 1; seed <= 5; seed++) {
      const network = { widths: [30, 60, 60, 60, 20], activation: name, init: 'lecun-normal', batch: 16, seed }
      // without biases L = sum <g, z> is <W, dL/dW> of the last layer
      const loss = (eps: number) => run(network, () => 1 + eps).backward![3].inner
      const { backward } = run(network)
      const slope = backward!.reduce((sum, { inner }) => sum + inner, 0)
      ;[2 ** -5, 2 ** -8].forEach((eps, i) => {
        squares[i] += (loss(eps) - backward![3].inner - eps * slope) ** 2
      })
    }
    const order = Math.log2(squares[0] / squares[1]) / 2 / 3
    // eps^3 beside eps^2 moves the order by about 2^-5, roundings of 2^-24 beside 2^-16 by less; a wrong gradient gives 1
    if (KINKED.includes(name)) expect(order).toBeGreaterThan(1.35)
    else expect(Math.abs(order - 2)).toBeLessThan(0.1)
  },
)

/** Standard errors between ln of each layer's second moment and the centre of theory's band, forward and backward. */
function deviations(options: NetworkOptions & { bias: number; seeds: number; activation: string }) {
  const { config, layers, weightVariances } = measure('test', { ...options, engine: 'weights', backward: true })
  const { widths, batch, inputSecondMoment, inputCosine } = config
  const biasVariance = options.bias * options.bias
  const { activation } = options
  const theory = predictDense({
    widths,
    weightVariances,
    biasVariance,
    activation,
    inputSecondMoment,
    inputCosine,
    batch,
  })
  const z = (found: number, [low, high]: readonly [number, number]) => {
    const deviation = Math.log(high / low) / (2 * 1.959963984540054)
    return (Math.log(found) - (Math.log(low) + Math.log(high)) / 2) / (deviation / Math.sqrt(options.seeds))
  }
  return {
    forward: layers.map(({ forward }, i) => z(forward.secondMoment, theory.forward[i].band)),
    // the last layer's gradient is the probe itself
    backward: layers.slice(0, -1).map(({ backward }, i) => z(backward!.secondMoment, theory.backward[i].band)),
  }
}

test.each(NAMES)(
  '%s: second moments forward and backward, 4 layers x 256, biases 0.2, 12 seeds, lie within 4.5 standard errors of theory',
  (activation) => {
    const network = { depth: 4, width: 256, batch: 4, init: 'lecun-normal', bias: 0.2, activation, seed: 1, seeds: 12 }
    const { forward, backward } = deviations(network)
    // the band is log-normal, exact to first order in 1/width: what it leaves, (depth/width)^2, is below 0.02 standard errors
    for (const z of [...forward, ...backward]) expect(Math.abs(z)).toBeLessThan(4.5)
  },
)

test('gelu, 300 layers of variance 1/fanIn: the gradient, 10^-180 at layer 1, is within 4.5 standard errors of theory, not underflown', () => {
  const network = { depth: 300, width: 256, batch: 2, init: 'lecun-normal', bias: 1e-4, activation: 'gelu', seeds: 2 }
  for (const z of deviations(network).backward) expect(Math.abs(z)).toBeLessThan(4.5)
})

test('only linear, relu, abs and slopes of any sign are homogeneous, and f(4z) = 4 f(z) there exactly', () => {
  const homogeneous = NAMES.filter((name) => activationKernel('test', name).homogeneous)
  expect(homogeneous).toEqual(['linear', 'relu', 'abs', 'leaky-relu', 'prelu', 'leaky-relu:-0.5', 'prelu:1.5'])
  for (const name of homogeneous) {
    const moments = [1, 4].map((scale) => {
      const data = fillNormal(new Float32Array(3 * 20), { seed: 1 }).map((x) => scale * x)
      return run({ depth: 3, width: 20, activation: name, input: { data, rows: 3, columns: 20 } }).forward[2]
        .secondMoment
    })
    expect(moments[1]).toBe(16 * moments[0])
  }
})

test.each(['abs', 'leaky-relu:-0.5'])(
  '%s: 2000 layers of variance 1/(2 fanIn) neither underflow nor lose the gradient',
  (activation) => {
    const { forward, backward } = run({
      depth: 2000,
      width: 16,
      batch: 2,
      activation,
      init: 'normal:0.17677669529663687',
    })
    expect(forward[1999].secondMoment).toBe(0)
    expect(forward[1999].logSecondMoment).toBeLessThan(-1000)
    expect(backward![0].logSecondMoment).toBeLessThan(-1000)
    expect(backward!.every(({ logSecondMoment }) => Number.isFinite(logSecondMoment))).toBe(true)
  },
)

test.each([
  ['a function', Math.tanh],
  ['a record with its derivative', { f: Math.tanh, derivative: (z: number) => 1 - Math.tanh(z) ** 2, name: 'mine' }],
] satisfies [string, ActivationSpec][])(
  "%s of one's own, Math.tanh, gives what 'tanh' gives, to 5 layers of rounding",
  (_, spec) => {
    const network = { depth: 5, width: 50, batch: 6, init: 'lecun-normal' }
    const [own, known] = [spec, 'tanh'].map((activation) => run({ ...network, activation }))
    own.forward.forEach((layer, i) => {
      expect(Math.abs(layer.secondMoment / known.forward[i].secondMoment - 1)).toBeLessThan(1e-6)
      const [a, b] = [own, known].map(({ backward }) => backward![i].logSecondMoment)
      expect(Math.abs(a - b)).toBeLessThan(1e-5)
    })
  },
)

test("a custom activation is called by its name in the experiment's configuration, and is never rescaled", () => {
  const triple = { f: (z: number) => 3 * z, derivative: () => 3, name: 'triple' }
  const { config, layers } = measure('test', { depth: 2, width: 8, batch: 2, activation: triple, backward: true })
  expect(config.activation).toBe('triple')
  const linear = measure('test', { depth: 2, width: 8, batch: 2, activation: 'linear', backward: true })
  // 3z is rounded: 2^-24 an activation and layer
  expect(Math.abs(layers[1].forward.secondMoment / linear.layers[1].forward.secondMoment / 81 - 1)).toBeLessThan(1e-6)
  expect(activationKernel('test', triple).homogeneous).toBe(false)
})
