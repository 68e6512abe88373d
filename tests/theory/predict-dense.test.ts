import { describe, expect, test } from 'vitest'
import { gain } from '../../src/theory/gain'
import { predictDense } from '../../src/theory/predict-dense'

/** `depth` layers of one width, n Var w = sigmaW2. */
function plan(activation: string, depth: number, sigmaW2: number, more: object = {}) {
  const width = 128
  return {
    widths: Array<number>(depth + 1).fill(width),
    weightVariances: Array<number>(depth).fill(sigmaW2 / width),
    biasVariance: 0,
    activation,
    inputSecondMoment: 1,
    inputCosine: 0,
    batch: 8,
    ...more,
  }
}

const moments = (p: ReturnType<typeof predictDense>) => p.forward.map((layer) => layer.secondMoment)

describe('predictDense: the mean field', () => {
  test('He keeps ReLU at 1 for 50 layers, 1/fan_in gives exactly 2^-l, forwards and backwards', () => {
    const he = predictDense(plan('relu', 50, 2))
    expect(Math.max(...moments(he).map((m) => Math.abs(m - 1)))).toBeLessThan(1e-13)
    const simple = predictDense(plan('relu', 50, 1))
    expect(moments(simple)).toEqual(Array.from({ length: 50 }, (_, i) => 2 ** -(i + 1)))
    expect(simple.backward.map((layer) => layer.secondMoment)).toEqual(
      Array.from({ length: 50 }, (_, i) => 2 ** -(49 - i)),
    )
  })

  test("Xavier under ReLU: every layer has the same weight-gradient norm, 2^(-49/2) of a single layer's", () => {
    const norms = predictDense(plan('relu', 50, 1)).backward.map((layer) => layer.weightGradNorm)
    const one = predictDense(plan('relu', 1, 1)).backward[0].weightGradNorm
    expect(Math.max(...norms.map((g) => Math.abs(g / (one * 2 ** -24.5) - 1)))).toBeLessThan(1e-13)
  })

  test('the gradient norm of one layer is sqrt(B n_1 n_0 M_0)', () => {
    const { backward } = predictDense({
      widths: [7, 3],
      weightVariances: [0.1],
      biasVariance: 0,
      activation: 'tanh',
      inputSecondMoment: 2,
      inputCosine: 0.3,
      batch: 5,
    })
    expect(backward[0].weightGradNorm).toBeCloseTo(Math.sqrt(5 * 3 * 7 * 2), 13)
  })

  test('widths that change: Glorot under ReLU multiplies by fan_in/(fan_in + fan_out), 784 -> 256 -> 10', () => {
    const { forward } = predictDense({
      ...plan('relu', 2, 1),
      widths: [784, 256, 10],
      weightVariances: [2 / 1040, 2 / 266],
    })
    expect(forward[0].secondMoment).toBeCloseTo(784 / 1040, 14)
    expect(forward[1].secondMoment).toBeCloseTo((784 / 1040) * (256 / 266), 14)
  })

  test('He ReLU: the cosine of orthogonal inputs after 1, 10 and 100 layers is 0.318310, 0.871536, 0.996423', () => {
    const cosines = predictDense(plan('relu', 100, 2)).forward.map((layer) => layer.cosine)
    expect([0, 9, 99].map((l) => cosines[l]!.toFixed(6))).toEqual(['0.318310', '0.871536', '0.996423'])
  })

  test("scale: a homogeneous network moves all moments with the input's, and no cosine", () => {
    const one = predictDense(plan('leaky-relu:0.1', 20, 1.7))
    const nine = predictDense(plan('leaky-relu:0.1', 20, 1.7, { inputSecondMoment: 9 }))
    nine.forward.forEach((layer, l) => {
      expect(Math.abs(layer.secondMoment / one.forward[l].secondMoment - 9)).toBeLessThan(1e-13)
      expect(Math.abs(layer.cosine! - one.forward[l].cosine!)).toBeLessThan(1e-15)
    })
  })

  test('splitting a network at layer 6 and going on from its moment and cosine gives the same 12 layers (tanh, bias 0.1)', () => {
    const whole = predictDense(plan('tanh', 12, 1.8, { biasVariance: 0.1, inputCosine: 0.4 }))
    const { secondMoment, cosine } = whole.forward[5]
    const rest = predictDense(
      plan('tanh', 6, 1.8, { biasVariance: 0.1, inputSecondMoment: secondMoment, inputCosine: cosine }),
    )
    rest.forward.forEach((layer, l) => {
      expect(Math.abs(layer.secondMoment / whole.forward[l + 6].secondMoment - 1)).toBeLessThan(1e-12)
      expect(Math.abs(layer.cosine! - whole.forward[l + 6].cosine!)).toBeLessThan(1e-12)
    })
  })

  test("a user's max(z, 0.2 z) is predicted as leaky-relu:0.2 is, within 1e-9, its bands to first order in 1/n", () => {
    const named = predictDense(plan('leaky-relu:0.2', 6, 1.9))
    const own = predictDense({ ...plan('', 6, 1.9), activation: (z: number) => Math.max(z, 0.2 * z) })
    own.forward.forEach((layer, l) => {
      expect(Math.abs(layer.secondMoment / named.forward[l].secondMoment - 1)).toBeLessThan(1e-9)
      expect(Math.abs(layer.cosine! - named.forward[l].cosine!)).toBeLessThan(1e-9)
      expect(Math.abs(layer.band[0] / named.forward[l].band[0] - 1)).toBeLessThan(6 / 128)
    })
  })

  test('a network that dies (zero weights) has moments, bands and gradients 0 and no cosine; biases revive it with cosine 1', () => {
    const dead = predictDense(plan('relu', 3, 0))
    expect(dead.forward.map((l) => [l.secondMoment, l.cosine, ...l.band])).toEqual(Array(3).fill([0, null, 0, 0]))
    expect(dead.backward.map((l) => l.secondMoment)).toEqual([0, 0, 1])
    const revived = predictDense(plan('relu', 3, 0, { biasVariance: 0.5 }))
    expect(revived.forward.map((l) => [l.secondMoment, l.cosine])).toEqual(Array(3).fill([0.25, 1]))
  })

  test('inputs that are all 0 need no cosine, and biases of variance 0.5 give every layer of ReLU from there on', () => {
    const zero = { inputSecondMoment: 0, inputCosine: null, biasVariance: 0.5 }
    const { forward } = predictDense(plan('relu', 2, 2, zero))
    expect(forward.map((l) => [l.secondMoment, l.cosine])).toEqual([
      [0.25, 1],
      [0.5, 1],
    ])
  })

  test('a sigmoid network of zero weights is constant: moment 1/4, cosine 1', () => {
    const { forward } = predictDense(plan('sigmoid', 2, 0))
    expect(forward.map((l) => [l.secondMoment, l.cosine])).toEqual([
      [0.25, 1],
      [0.25, 1],
    ])
  })

  test('an explosion past f64 is Infinity, not NaN: squared ReLU, 12 layers', () => {
    const { forward } = predictDense(plan('squared-relu', 12, 8, { batch: 1, inputCosine: null }))
    expect(forward[11].secondMoment).toBe(Infinity)
    expect(forward.every((l) => !Number.isNaN(l.secondMoment) && !Number.isNaN(l.band[1]))).toBe(true)
  })
})

describe('predictDense: bands', () => {
  test('every band holds its median, and lies around the moment at the first layer', () => {
    for (const name of ['relu', 'tanh', 'gelu', 'linear', 'elu']) {
      const { forward, backward } = predictDense(plan(name, 10, gain(name) ** 2))
      for (const { band } of [...forward, ...backward]) expect(band[0]).toBeLessThan(band[1])
      expect(forward[0].band[0]).toBeLessThan(forward[0].secondMoment)
      expect(forward[0].band[1]).toBeGreaterThan(forward[0].secondMoment)
    }
  })

  test('one sample, ReLU 256 x 30: the band is x/ 4.533 around a median of exp(30 x -0.0098287)', () => {
    const { forward } = predictDense({
      ...plan('relu', 30, 1, { batch: 1, inputCosine: null }),
      widths: Array(31).fill(256),
      weightVariances: Array(30).fill(2 / 256),
    })
    const [low, high] = forward[29].band
    expect(Math.sqrt(high / low).toFixed(3)).toBe('4.533')
    expect(Math.abs(Math.log(low * high) / 2 - 30 * -0.009828659363803)).toBeLessThan(1e-10)
  })

  test('a bigger batch narrows the band of orthogonal inputs, and not that of equal ones', () => {
    const width = (batch: number, inputCosine: number) => {
      const [low, high] = predictDense(plan('relu', 1, 2, { batch, inputCosine })).forward[0].band
      return Math.log(high / low)
    }
    // independent samples: the variance falls by 64, its log-normal corrections are of relative size 5/128
    expect(Math.abs(width(1, 0) / width(64, 0) - 8)).toBeLessThan(8 * (5 / 128))
    expect(Math.abs(width(64, 1) / width(1, 1) - 1)).toBeLessThan(1e-12)
  })

  test("stable activations have bounded seed noise, ReLU's grows: band of layer 60 against layer 20", () => {
    const ratio = (name: string) => {
      const { forward } = predictDense(plan(name, 60, gain(name) ** 2, { batch: 1, inputCosine: null }))
      const width = (l: number) => Math.log(forward[l].band[1] / forward[l].band[0])
      return width(59) / width(19)
    }
    // q_20 is 0.46^19 = 4e-7 from its fixed point
    expect(Math.abs(ratio('tanh') - 1)).toBeLessThan(4e-7)
    expect(Math.abs(ratio('relu') - Math.sqrt(3))).toBeLessThan(1e-12)
  })
})

describe('predictDense: refusals', () => {
  test.each([
    [{ widths: [4] }, RangeError, /predictDense: widths expected \[features, layer 1, ...\], got \[4\]/],
    [{ widths: 4 }, TypeError, /widths expected an array of integers, got 4/],
    [{ widths: [4, 0, 4] }, RangeError, /widths\[1\] expected an integer in \[1, 16777216\], got 0/],
    [{ weightVariances: [1] }, RangeError, /weightVariances expected one number per layer, that is 2, got \[1\]/],
    [{ weightVariances: [1, -1] }, RangeError, /weightVariances\[1\] expected a finite number >= 0, got -1/],
    [{ weightVariances: 'x' }, TypeError, /weightVariances expected an array of numbers, got 'x'/],
    [{ biasVariance: Number.NaN }, RangeError, /biasVariance expected a finite number >= 0, got NaN/],
    [{ inputSecondMoment: -1 }, RangeError, /inputSecondMoment expected a finite number >= 0, got -1/],
    [{ inputCosine: 1.5 }, RangeError, /inputCosine expected a finite number >= -1 and <= 1, got 1.5/],
    [{ inputCosine: null }, TypeError, /inputCosine expected a number, for a batch of 8, got null/],
    [{ batch: 0 }, RangeError, /batch expected an integer >= 1, got 0/],
    [{ activation: 'rleu' }, RangeError, /activation expected one of .* did you mean 'relu'\?/],
    [{ depth: 3 }, TypeError, /options expected only widths, .*got 'depth'/],
  ])('%o', (wrong, kind, message) => {
    const call = () => predictDense({ ...plan('relu', 2, 2), ...wrong } as never)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})

test.each(['tanh', 'sigmoid', 'erf', 'hardtanh'])(
  '%s fed with inputs of 1e8 is all saturated: no moment, band or gradient is NaN, forward 1 (sigmoid 1/2) in every layer within 1e-6',
  (activation) => {
    const { forward, backward } = predictDense({
      widths: [3, 4, 4],
      weightVariances: [0.5, 2 ** 50],
      biasVariance: 0.1,
      activation,
      inputSecondMoment: 1e16,
      inputCosine: 0.5,
      batch: 64,
    })
    const saturated = activation === 'sigmoid' ? 0.5 : 1
    for (const layer of forward) {
      expect(Math.abs(layer.secondMoment / saturated - 1)).toBeLessThan(1e-6)
      expect(layer.band.some(Number.isNaN)).toBe(false)
    }
    for (const layer of backward)
      expect([layer.secondMoment, layer.weightGradNorm, ...layer.band].some(Number.isNaN)).toBe(false)
  },
)
