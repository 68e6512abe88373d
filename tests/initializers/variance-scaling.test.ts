import { describe, expect, test } from 'vitest'
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  xavierNormal,
  xavierUniform,
} from '../../src/initializers/named'
import { initStd } from '../../src/initializers/names'
import { type VarianceScalingOptions, varianceScaling } from '../../src/initializers/variance-scaling'
import { moments } from '../../src/stats/moments'

describe('vector: published standard deviations', () => {
  test('he-normal: 4 -> 3 is sqrt(2/4) = 0.7071067811865476, 128 -> 64 is 0.125', () => {
    expect(initStd('he-normal', [3, 4])).toBe(Math.SQRT1_2)
    expect(initStd('he-normal', [64, 128])).toBe(0.125)
  })

  test.each([
    [4, 0.5, '0.707'],
    [16, 0.25, '0.354'],
    [64, 0.125, '0.177'],
    [256, 0.0625, '0.088'],
  ])('fanIn %d: xavier-simple %d, he-normal %s, ratio sqrt 2', (fanIn, simple, he) => {
    expect(initStd('xavier-simple', [3, fanIn])).toBe(simple)
    expect(initStd('he-normal', [3, fanIn]).toFixed(3)).toBe(he)
    expect(initStd('he-normal', [3, fanIn]) / initStd('xavier-simple', [3, fanIn])).toBe(Math.SQRT2)
  })

  test('VGG-B of He et al. 2015, section 2.2: 3x3 kernels with 64, 128, 256, 512 outputs have std 0.059, 0.042, 0.029, 0.021 by fanOut', () => {
    const stds = [64, 128, 256, 512].map((out) =>
      initStd('he-normal', [out, out, 3, 3], { layout: 'OIHW', mode: 'fanOut' }).toFixed(3),
    )
    expect(stds).toEqual(['0.059', '0.042', '0.029', '0.021'])
  })

  test('the bounds of the uniforms: he sqrt(6/fanIn), xavier sqrt(6/(fanIn + fanOut)), lecun sqrt(3/fanIn)', () => {
    // 30,000 values come within 1/1000 of the bound with probability 1 - e^-30 on each side
    const cases = [
      [heUniform, 6 / 100],
      [xavierUniform, 6 / 400],
      [lecunUniform, 3 / 100],
    ] as const
    for (const [draw, square] of cases) {
      const values = draw([300, 100], { seed: 8 })
      const bound = Math.fround(Math.sqrt(square))
      const [low, high] = [Math.min(...values), Math.max(...values)]
      expect(low).toBeGreaterThanOrEqual(-bound)
      expect(high).toBeLessThanOrEqual(bound)
      expect(low).toBeLessThan(-0.999 * bound)
      expect(high).toBeGreaterThan(0.999 * bound)
    }
  })
})

describe('statistics: mean 0 and variance gain^2 / fan within 5 standard errors, 256 x 640 values', () => {
  const n = 256 * 640
  const cases: [string, (shape: number[], options: object) => Float32Array, VarianceScalingOptions, number][] = [
    ['heNormal', heNormal, {}, 2 / 640],
    ['heUniform', heUniform, {}, 2 / 640],
    ['xavierNormal', xavierNormal, {}, 2 / 896],
    ['xavierUniform', xavierUniform, {}, 2 / 896],
    ['lecunNormal', lecunNormal, {}, 1 / 640],
    ['lecunUniform', lecunUniform, {}, 1 / 640],
    ['heNormal', heNormal, { mode: 'fanOut' }, 2 / 256],
    ['heNormal', heNormal, { mode: 'fanGeoAvg' }, 2 / Math.sqrt(256 * 640)],
    ['heNormal', heNormal, { layout: 'IO' }, 2 / 256],
    ['heNormal', heNormal, { activation: 'leaky-relu:0.2' }, 2 / 1.04 / 640],
    ['xavierNormal', xavierNormal, { gain: 5 / 3 }, (2 * 25) / 9 / 896],
    ['varianceScaling', varianceScaling, { scale: 3, mode: 'fanAvg', distribution: 'uniform' }, 6 / 896],
    ['varianceScaling', varianceScaling, {}, 1 / 640],
  ]
  test.each(cases)('%s %o with %j', (name, draw, options, variance) => {
    const found = moments(draw([256, 640], { seed: 20, stream: 'w', ...options }))
    // kurtosis - 1 is 2 for a normal and 0.8 for a uniform
    const spread = /Uniform/.test(name) || options.distribution === 'uniform' ? 0.8 : 2
    expect(Math.abs(found.mean)).toBeLessThanOrEqual(5 * Math.sqrt(variance / n))
    expect(Math.abs(found.secondMoment - variance)).toBeLessThanOrEqual(5 * variance * Math.sqrt(spread / n))
  })
})

describe('property', () => {
  test('the aliases are the same functions', () => {
    expect(kaimingNormal).toBe(heNormal)
    expect(kaimingUniform).toBe(heUniform)
    expect(glorotNormal).toBe(xavierNormal)
    expect(glorotUniform).toBe(xavierUniform)
  })

  test('each specialisation is varianceScaling with its own defaults, bit for bit', () => {
    const options = { seed: 11, stream: 'a' }
    const scaled = (more: VarianceScalingOptions) => varianceScaling([17, 23], { ...options, ...more })
    expect(heNormal([17, 23], options)).toEqual(scaled({ scale: 2 }))
    expect(heNormal([17, 23], { ...options, activation: 'relu' })).toEqual(scaled({ gain: Math.SQRT2 }))
    expect(heUniform([17, 23], options)).toEqual(scaled({ scale: 2, distribution: 'uniform' }))
    expect(xavierNormal([17, 23], options)).toEqual(scaled({ mode: 'fanAvg' }))
    expect(lecunNormal([17, 23], options)).toEqual(scaled({}))
    expect(heNormal([17, 23], { ...options, gain: 1 })).toEqual(scaled({ scale: 1 }))
  })

  test('gain 2 doubles every value exactly, gain 0 gives zeros', () => {
    const one = heNormal([40, 50], { seed: 6, gain: 1 })
    const two = heNormal([40, 50], { seed: 6, gain: 2 })
    expect([...two]).toEqual([...one].map((value) => 2 * value))
    expect(heNormal([4, 5], { gain: 0 }).every((value) => value === 0)).toBe(true)
  })

  test('seed and stream choose the numbers: same again, other seed, other stream; seed 0 is the default and not seed 1', () => {
    const draw = (options: object) => [...heNormal([4, 8], options)]
    expect(draw({ seed: 7, stream: 'a' })).toEqual(draw({ seed: 7n, stream: 'a' }))
    expect(draw({ seed: 7, stream: 'a' })).not.toEqual(draw({ seed: 8, stream: 'a' }))
    expect(draw({ seed: 7, stream: 'a' })).not.toEqual(draw({ seed: 7, stream: 'b' }))
    expect(draw({})).toEqual(draw({ seed: 0, stream: '' }))
    expect(draw({ seed: 0 })).not.toEqual(draw({ seed: 1 }))
  })
})

describe('refusal', () => {
  const refused: [string, object][] = [
    ['heNormal: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got -1', { seed: -1 }],
    ['heNormal: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got 0.5', { seed: 0.5 }],
    ['heNormal: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got NaN', { seed: Number.NaN }],
    ["heNormal: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got '1'", { seed: '1' }],
    ['heNormal: stream expected a string, got 3', { stream: 3 }],
    [
      "heNormal: mode expected one of fanIn, fanOut, fanAvg, fanGeoAvg, got 'fan_in'; did you mean 'fanIn'?",
      { mode: 'fan_in' },
    ],
    ['heNormal: gain expected a finite number >= 0, got -1', { gain: -1 }],
    ['heNormal: gain expected a finite number >= 0, got Infinity', { gain: Number.POSITIVE_INFINITY }],
    ["heNormal: gain expected a finite number >= 0, got '2'", { gain: '2' }],
    ['heNormal: gain expected none beside activation, got 2', { gain: 2, activation: 'relu' }],
    [
      'heNormal: activation expected a name (pass the gain of a function as gain), got function cube',
      { activation: { cube: (x: number) => x ** 3 }.cube },
    ],
    [
      "heNormal: options expected only seed, stream, layout, out, groups, transposed, stride, mode, gain, activation, got 'sead'; did you mean 'seed'?",
      { sead: 1 },
    ],
    [
      "heNormal: options expected only seed, stream, layout, out, groups, transposed, stride, mode, gain, activation, got 'scale'",
      { scale: 2 },
    ],
  ]
  test.each(refused)('%s', (message, options) => {
    expect(() => heNormal([4, 8], options)).toThrow(message)
  })

  test('varianceScaling: scale < 0, scale beside gain, an unknown distribution', () => {
    expect(() => varianceScaling([4, 8], { scale: -2 })).toThrow(
      'varianceScaling: scale expected a finite number >= 0, got -2',
    )
    expect(() => varianceScaling([4, 8], { scale: 2, gain: 1 })).toThrow(
      'varianceScaling: gain expected none beside scale, got 1',
    )
    expect(() => varianceScaling([4, 8], { distribution: 'gaussian' as 'normal' })).toThrow(
      "varianceScaling: distribution expected one of normal, uniform, truncatedNormal, got 'gaussian'",
    )
  })

  test('options must be an object: null, an array and a number are refused', () => {
    for (const [options, got] of [
      [[], '[]'],
      [42, '42'],
    ] as const)
      expect(() => heNormal([4, 8], options as object)).toThrow(`heNormal: options expected an object, got ${got}`)
  })
})
