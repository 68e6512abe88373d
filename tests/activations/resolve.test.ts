import { describe, expect, test } from 'vitest'
import { activation, activationNames } from '../../src/activations/resolve'

describe('activation: names', () => {
  test('every name resolves to a record of that name whose f is finite on [-100, 100]', () => {
    for (const name of activationNames) {
      const record = activation(name)
      expect(record.name).toBe(name)
      const values = Array.from(
        { length: 541 },
        (_, i) => record.f(-100 + 0.37 * i) + record.derivative(-100 + 0.37 * i),
      )
      expect(values.every(Number.isFinite), name).toBe(true)
    }
  })

  test("'leaky-relu:0.2' has slope 0.2, gain sqrt(2/1.04) and keeps its full name", () => {
    const record = activation('leaky-relu:0.2')
    expect([record.name, record.family, record.parameter, record.negativeSlope]).toEqual([
      'leaky-relu:0.2',
      'leaky-relu',
      0.2,
      0.2,
    ])
    expect(record.f(-3)).toBeCloseTo(-0.6, 15)
    expect(record.gain).toBe(Math.sqrt(2 / 1.04))
  })

  test('defaults: leaky-relu 0.01, prelu 0.25, elu 1', () => {
    expect(['leaky-relu', 'prelu', 'elu'].map((name) => activation(name).parameter)).toEqual([0.01, 0.25, 1])
  })

  test('relu(-1) is 0 and not -0', () => {
    expect(Object.is(activation('relu').f(-1), 0)).toBe(true)
  })

  test("f' equals the central difference of f at 400 points away from kinks, for every name", () => {
    for (const name of [...activationNames, 'elu:1.7', 'prelu:-0.5']) {
      const { f, derivative, kinks } = activation(name)
      let worst = 0
      for (let z = -9.993; z < 10; z += 0.05) {
        if (kinks.some((kink) => Math.abs(kink - z) < 1e-3)) continue
        const h = 1e-5
        worst = Math.max(worst, Math.abs((f(z + h) - f(z - h)) / (2 * h) - derivative(z)))
      }
      // h^2/6 |f'''| < 2e-10 and rounding 100 eps/h = 2e-9 (f reaches 100)
      expect(worst, name).toBeLessThan(3e-9)
    }
  })
})

describe("activation: a user's function", () => {
  test('|z - 0.5| is given its kink and the derivatives -1 and 1', () => {
    const record = activation((z) => Math.abs(z - 0.5))
    expect(record.kinks).toEqual([0.5])
    expect([record.derivative(0.4999), record.derivative(0.5001)].map((d) => Math.round(d * 1e9) / 1e9)).toEqual([
      -1, 1,
    ])
    expect(record.gain).toBeNull()
  })

  test('declared kinks are sorted and a declared derivative is used as it is', () => {
    const derivative = (z: number) => z
    const record = activation({ f: (z) => z * z, kinks: [2, -1], derivative, name: 'square' })
    expect([record.kinks, record.derivative, record.name]).toEqual([[-1, 2], derivative, 'square'])
  })

  test('what activation returned goes through unchanged', () => {
    const record = activation('gelu')
    expect(activation(record)).toBe(record)
  })

  test("a function named gelu is not taken for the library's gelu", () => {
    const gelu = (z: number) => 2 * z
    expect(activation(gelu).family).toBe('custom')
  })
})

describe('activation: refusals', () => {
  test.each([
    ['gleu', RangeError, /compare: activation expected one of .*got 'gleu'; did you mean 'gelu'\?/],
    ['ReLU', RangeError, /got 'ReLU'; did you mean 'relu'\?/],
    ['relu:0.1', RangeError, /compare: activation expected 'relu' without a parameter, got 'relu:0.1'/],
    ['leaky-relu:', RangeError, /the parameter of leaky-relu expected a finite number, got NaN/],
    ['leaky-relu:x', RangeError, /the parameter of leaky-relu expected a finite number, got NaN/],
    ['elu:Infinity', RangeError, /the parameter of elu expected a finite number, got Infinity/],
    [3, TypeError, /compare: activation expected a name, a function of one number or a record .*got 3/],
    [null, TypeError, /got null/],
    [{ f: 1 }, TypeError, /got an object/],
    [{ f: Math.tanh, kinsk: [] }, TypeError, /options expected only .*got 'kinsk'; did you mean 'kinks'\?/],
    [{ f: Math.tanh, kinks: 0 }, TypeError, /kinks expected an array of numbers, got 0/],
    [{ f: Math.tanh, kinks: [Number.NaN] }, RangeError, /kinks\[0\] expected a finite number, got NaN/],
    [() => 'x', TypeError, /activation expected a function that returns a number, got 'x'/],
    [Math.log, RangeError, /f\(-16\) of the activation expected a finite number, got NaN/],
  ])('%s', (spec, kind, message) => {
    const call = () => activation(spec as never, 'compare')
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})
