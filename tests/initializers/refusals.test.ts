import { describe, expect, test } from 'vitest'
import { show } from '../../src/check'
import * as evenkeel from '../../src/index'

type Fill = (shape: number[], options?: object) => Float32Array

/** The same functions as xavier* and he*, under whose names they speak. */
const ALIAS = /^(glorot|kaiming)/

const DENSE = [4, 6]
const CONV = [4, 6, 3, 3]

/** Every initializer, a shape that it takes, and the options it cannot do without. */
const initializers: [string, Fill, number[], object][] = (
  Object.entries({
    ...Object.fromEntries(
      Object.entries(evenkeel).filter(
        ([name]) => /(Normal|Uniform)$|^(normal|uniform)$/.test(name) && !ALIAS.test(name),
      ),
    ),
    zeros: evenkeel.zeros,
    ones: evenkeel.ones,
    constant: evenkeel.constant,
    varianceScaling: evenkeel.varianceScaling,
    orthogonal: evenkeel.orthogonal,
    deltaOrthogonal: evenkeel.deltaOrthogonal,
    identity: evenkeel.identity,
    dirac: evenkeel.dirac,
    sparse: evenkeel.sparse,
  }) as unknown as [string, Fill][]
).map(([name, fill]) => {
  const convolution = ['deltaOrthogonal', 'dirac'].includes(name)
  const needed = { constant: { value: 1 }, sparse: { sparsity: 0.5 } }[name]
  return [name, fill, convolution ? CONV : DENSE, { ...needed, ...(convolution && { layout: 'OIHW' }) }]
})

/** The options of an initializer, from its own refusal of an unknown one. */
function optionsOf(fill: Fill, shape: number[]): string[] {
  try {
    fill(shape, { '?': 1 })
  } catch (error) {
    return /expected only (.*), got '\?'/.exec((error as Error).message)![1].split(', ')
  }
  throw new Error('an unknown option is taken')
}

/** What no option takes but those named here. */
const HOSTILE: unknown[] = [Number.NaN, Infinity, -Infinity, null, '', {}, [], Symbol.iterator, 2n ** 64n]
const TAKEN: [string, unknown][] = [
  ['lower', -Infinity],
  ['upper', Infinity],
  ['stream', ''],
]

describe.each(initializers)('%s', (name, fill, shape, needed) => {
  const options = optionsOf(fill, shape)

  test('refuses NaN, infinities, null, empty strings, objects and symbols for every option, names the option and says what it got', () => {
    const wrong = options.flatMap((option) =>
      HOSTILE.filter((value) => !TAKEN.some(([o, v]) => o === option && Object.is(v, value))).flatMap((value) => {
        try {
          fill(shape, { ...needed, [option]: value })
          return [`${option} takes ${show(value)}`]
        } catch (error) {
          const { message } = error as Error
          const typed = error instanceof TypeError || error instanceof RangeError
          const said = message.startsWith(`${name}: ${option} expected `) && message.endsWith(`, got ${show(value)}`)
          return typed && said ? [] : [`${option} of ${show(value)}: ${message}`]
        }
      }),
    )
    expect(wrong).toEqual([])
  })

  test('takes -0 where it takes 0, with the same weights, and names it where it does not', () => {
    for (const option of options) {
      const outcome = (value: number) => {
        try {
          return Array.from(fill(shape, { ...needed, [option]: value }), (x) => x + 0)
        } catch (error) {
          return (error as Error).message
        }
      }
      const zero = outcome(0)
      expect(outcome(-0), option).toEqual(typeof zero === 'string' ? zero.replace(/got 0$/, 'got -0') : zero)
    }
  })

  test('refuses null and an array as options, and sizes of NaN, Infinity, -0, 1.5 and a string by their axis', () => {
    for (const value of [null, []])
      expect(() => fill(shape, value as never)).toThrow(`${name}: options expected an object, got ${show(value)}`)
    for (const size of [Number.NaN, Infinity, -0, 1.5, '3'])
      expect(() => fill([4, size, ...shape.slice(2)] as number[], needed)).toThrow(
        `${name}: shape[1] expected an integer >= 1, got ${show(size)}`,
      )
  })
})

test('all of the initializers of the entry are here: what refuses an unknown option beside seed, stream, layout, out', () => {
  const isInitializer = ([name, value]: [string, unknown]) => {
    try {
      if (typeof value === 'function' && name !== 'verify') value([2, 2], { '?': 1 })
      return false
    } catch (error) {
      return /options expected only seed, stream, layout, out/.test((error as Error).message)
    }
  }
  const found = Object.entries(evenkeel).flatMap((entry) => (isInitializer(entry) ? [entry[0]] : []))
  expect(found.filter((name) => !ALIAS.test(name)).sort()).toEqual(initializers.map(([name]) => name).sort())
  expect([evenkeel.glorotNormal, evenkeel.kaimingNormal]).toEqual([evenkeel.xavierNormal, evenkeel.heNormal])
  expect([evenkeel.glorotUniform, evenkeel.kaimingUniform]).toEqual([evenkeel.xavierUniform, evenkeel.heUniform])
})
