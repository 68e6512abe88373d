import { describe, expect, test } from 'vitest'
import { constant, normal, ones, uniform, zeros } from '../../src/initializers/distributions'
import {
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  xavierNormal,
  xavierUniform,
} from '../../src/initializers/named'
import { initialize, initNames, initStd, type NamedOptions, recipe } from '../../src/initializers/names'
import { dirac, identity, sparse } from '../../src/initializers/structured'
import { moments } from '../../src/stats/moments'

/** Each name with the call it stands for. */
const same: [string, (shape: number[], options: object) => Float32Array][] = [
  ['he-normal', heNormal],
  ['kaiming-normal', heNormal],
  ['he-uniform', heUniform],
  ['kaiming-uniform', heUniform],
  ['xavier-normal', xavierNormal],
  ['glorot-normal', xavierNormal],
  ['xavier-uniform', xavierUniform],
  ['glorot-uniform', xavierUniform],
  ['xavier-simple', lecunNormal],
  ['lecun-normal', lecunNormal],
  ['lecun-uniform', lecunUniform],
  ['normal:0.02', (shape, options) => normal(shape, { ...options, stddev: 0.02 })],
  ['normal:2e-2', (shape, options) => normal(shape, { ...options, stddev: 0.02 })],
  ['uniform:.5', (shape, options) => uniform(shape, { ...options, low: -0.5, high: 0.5 })],
  ['constant:-1.5', (shape, options) => constant(shape, { ...options, value: -1.5 })],
  ['sparse:0.25', (shape, options) => sparse(shape, { ...options, sparsity: 0.25 })],
  ['zeros', zeros],
  ['ones', ones],
  ['identity', identity],
]

describe('property: a name gives the bits of its function', () => {
  test.each(same)('%s', (name, draw) => {
    const options = { seed: 5, stream: 'x', layout: 'IO' }
    expect(initialize(name, [7, 9], options)).toEqual(draw([7, 9], options))
  })
  test('options of the function pass through: mode, gain, activation, groups, transposed, stride, mean', () => {
    const conv: NamedOptions = { layout: 'OIHW', groups: 2, stride: 2, mode: 'fanOut', gain: 3 }
    expect(initialize('he-normal', [4, 2, 3, 3], conv)).toEqual(heNormal([4, 2, 3, 3], conv))
    const options = { activation: 'tanh', transposed: true, layout: 'IOW' }
    expect(initialize('xavier-uniform', [4, 2, 3], options)).toEqual(xavierUniform([4, 2, 3], options))
    expect(initialize('dirac', [4, 2, 3], { layout: 'OIW', groups: 2 })).toEqual(
      dirac([4, 2, 3], { layout: 'OIW', groups: 2 }),
    )
    expect(initialize('normal:2', [3], { mean: 1 } as NamedOptions)).toEqual(normal([3], { mean: 1, stddev: 2 }))
  })
})

describe('statistics: initStd is the standard deviation of the values drawn', () => {
  const drawn: [string, number[], NamedOptions][] = [
    ['he-normal', [300, 200], {}],
    ['xavier-uniform', [300, 200], { layout: 'IO' }],
    ['he-normal', [60, 16, 8, 8], { layout: 'OIHW', groups: 4, mode: 'fanOut' }],
    ['uniform:0.3', [60_000], {}],
    ['normal:3', [60_000], {}],
  ]
  test.each(drawn)('%s %j %j within 5 standard errors', (name, shape, options) => {
    const found = moments(initialize(name, shape, { seed: 1, ...options }))
    const spread = name.startsWith('uniform') || name.endsWith('uniform') ? 0.8 : 2
    const wanted = initStd(name, shape, options)
    expect(Math.abs(found.std ** 2 / wanted ** 2 - 1)).toBeLessThanOrEqual(5 * Math.sqrt(spread / found.count))
  })
  const exact: [string, number[], NamedOptions][] = [
    ['identity', [7, 30], {}],
    ['identity', [30, 7], { gain: 3 }],
    ['dirac', [6, 2, 3, 4], { layout: 'OIHW', groups: 2 }],
    ['constant:4', [5], {}],
    ['zeros', [5, 5], {}],
  ]
  test.each(exact)('%s %j %j to rounding, as nothing is random', (name, shape, options) => {
    const found = moments(initialize(name, shape, options)).std
    // the square root of a difference of two sums of at most 210 terms, each below 9
    expect(Math.abs(found - initStd(name, shape, options))).toBeLessThanOrEqual(1e-14)
  })
})

describe('recipe: the law of a dense layer without drawing it', () => {
  test('he-normal at 4 -> 3 is a normal of stddev sqrt(1/2); xavier-uniform at 4 -> 2 is U(-1, 1)', () => {
    const he = recipe('he-normal')
    expect(he.distribution).toBe('normal')
    expect(he.draw(4, 3)).toEqual({ distribution: 'normal', mean: 0, stddev: Math.SQRT1_2 })
    expect(he.stddev(128, 64)).toBe(0.125)
    const { low, high } = recipe('xavier-uniform').draw(4, 2) as { low: number; high: number }
    expect(high).toBeCloseTo(1, 15)
    expect(low).toBe(-high)
    expect(recipe('constant:2').draw(9, 9)).toEqual({ distribution: 'constant', value: 2 })
  })
  test('options settle the recipe: gain 3 triples, activation tanh multiplies by 1.592537419722831', () => {
    expect(recipe('lecun-normal', { gain: 3 }).stddev(9, 4)).toBe(1)
    expect(recipe('lecun-normal', { activation: 'tanh' }).stddev(100, 4)).toBeCloseTo(0.1592537419722831, 14)
  })
  test('an unknown name is refused in the name of the caller', () => {
    expect(() => recipe('he-norml', {}, 'propagate')).toThrow(
      /^propagate: name expected one of he-normal, .*, got 'he-norml'; did you mean 'he-normal'\?$/,
    )
  })
})

describe('refusal', () => {
  const refused: [string, string, object][] = [
    ["did you mean 'xavier-uniform'?", 'xavier_uniform', {}],
    ["did you mean 'he-normal'?", 'HeNormal', {}],
    ["did you mean 'kaiming-normal'?", 'kaimingnormal', {}],
    ["initialize: name expected 'normal:STD' with a number for STD, got 'normal'", 'normal', {}],
    ["initialize: name expected 'normal:STD' with a number for STD, got 'normal:'", 'normal:', {}],
    ["initialize: name expected 'normal:STD' with a number for STD, got 'normal:0x10'", 'normal:0x10', {}],
    ["initialize: name expected 'normal:STD' with a number for STD, got 'normal:NaN'", 'normal:NaN', {}],
    ['initialize: stddev expected a finite number >= 0, got -1', 'normal:-1', {}],
    ['initialize: stddev expected a finite number >= 0, got Infinity', 'normal:1e999', {}],
    ['initialize: high expected a number >= low (1), got -1', 'uniform:-1', {}],
    ["initialize: name expected 'he-normal' without a number, got 'he-normal:2'", 'he-normal:2', {}],
    ["initialize: options expected only seed, stream, layout, out, got 'gain'", 'zeros', { gain: 2 }],
    ["initialize: options expected only seed, stream, layout, out, mean, got 'stddev'", 'normal:1', { stddev: 2 }],
    ["initialize: name expected a name such as 'he-normal', got 5", 5 as never, {}],
    ["got '__proto__'", '__proto__', {}],
    ["got 'constructor'", 'constructor', {}],
  ]
  test.each(refused)('%s (%s)', (message, name, options) => {
    expect(() => initialize(name, [3, 4], options)).toThrow(message)
  })
})

test('initNames lists every name once, with a capital word for a number, and each draws a 3 x 4 matrix or asks for space', () => {
  expect(new Set(initNames).size).toBe(initNames.length)
  expect(initNames).toContain('normal:STD')
  for (const listed of initNames) {
    const name = listed.replace(/:[A-Z]+$/, ':0.5')
    if (name === 'dirac' || name === 'delta-orthogonal')
      expect(() => recipe(name).draw(4, 3)).toThrow('recipe: layout expected that of a convolution')
    else expect(recipe(name).stddev(4, 3)).toBeGreaterThanOrEqual(0)
  }
})
