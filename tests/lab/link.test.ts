import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fragment, parseFragment } from '../../src/lab/link'
import { INITIAL, type LabState, LIMITS, MOST_INITS, type NumberField, seconds } from '../../src/lab/state'

const FIELDS = Object.keys(LIMITS) as NumberField[]

const number = (field: NumberField) => {
  const { min, max, integer } = LIMITS[field]
  return integer ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true }).map((x) => (x === 0 ? 0 : x))
}

const states: fc.Arbitrary<LabState> = fc.record({
  activation: fc.constantFrom('relu', 'linear', 'gelu', 'leaky-relu:0.2'),
  depth: number('depth'),
  width: number('width'),
  batch: number('batch'),
  seed: number('seed'),
  seeds: number('seeds'),
  inits: fc.uniqueArray(fc.constantFrom('he-normal', 'xavier-simple', 'brain.js', 'normal:0.02', 'uniform:1e-3'), {
    minLength: 1,
    maxLength: MOST_INITS,
  }),
  sigmaW: fc.option(number('sigmaW')),
  sigmaB: number('sigmaB'),
})

test('any state the controls can reach comes back from its link as the same state, without a note', () => {
  fc.assert(
    fc.property(states, (state) => {
      expect(parseFragment(fragment(state))).toEqual({ state, notes: [] })
    }),
    { seed: 6, numRuns: 200 },
  )
})

test('whatever a link says, the state has known names and numbers within the limits', () => {
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom(
      '1e999',
      '-1',
      'NaN',
      '0x10',
      '1e309',
      '__proto__',
      'he-normal,he-normal',
      'normal:1e9',
      'normal:',
      ',',
    ),
  )
  const key = fc.constantFrom('v', 'act', 'init', 'depth', 'width', 'batch', 'seed', 'seeds', 'sw', 'sb', '__proto__')
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 12 }), (pairs) => {
      const hash = `#${pairs.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&')}`
      const { state } = parseFragment(hash)!
      for (const field of FIELDS) {
        const { min, max, integer } = LIMITS[field]
        const found = state[field]
        if (found === null) continue
        expect(found).toBeGreaterThanOrEqual(min)
        expect(found).toBeLessThanOrEqual(max)
        if (integer) expect(Number.isSafeInteger(found)).toBe(true)
      }
      expect(state.inits.length).toBeLessThanOrEqual(MOST_INITS)
      expect(state.inits.length + (state.sigmaW === null ? 0 : 1)).toBeGreaterThan(0)
      expect(Object.keys(state).sort()).toEqual(Object.keys(INITIAL).sort())
    }),
    { seed: 6, numRuns: 300 },
  )
})

test('a depth of 99999 becomes 200 and is said to; a width that is no number is said to be none', () => {
  const { state, notes } = parseFragment('#v=1&depth=99999&width=wide')!
  expect(state).toEqual({ ...INITIAL, depth: 200 })
  expect(notes).toEqual([
    "The link's depth is set to 200: this page goes from 1 to 200.",
    "The link's width is not a number.",
  ])
})

test('unknown names, a law with 1e9 and more than 5 initializations are left out and said to be', () => {
  const { state, notes } = parseFragment('#act=<b>&init=he-normal,normal:1e9,evil,zeros,ones,brain.js,gpt2,convnetjs')!
  expect(state.activation).toBe('relu')
  expect(state.inits).toEqual(['he-normal', 'zeros', 'ones', 'brain.js', 'gpt2'])
  expect(notes).toHaveLength(3)
})

test('an anchor of the page, an empty fragment and 2001 characters are no state to start from', () => {
  expect(parseFragment('#phase')).toBeNull()
  expect(parseFragment('')).toBeNull()
  expect(parseFragment(`#depth=${'9'.repeat(2000)}`)!.state).toEqual(INITIAL)
})

test('the first screen is under a second of work, the largest state over ten minutes: it has to be asked for', () => {
  expect(seconds(INITIAL, INITIAL.inits.length)).toBeLessThan(1)
  const largest = Object.fromEntries(FIELDS.map((field) => [field, LIMITS[field].max])) as unknown as LabState
  expect(seconds(largest, MOST_INITS)).toBeGreaterThan(600)
})
