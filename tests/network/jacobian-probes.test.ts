import { expect, test } from 'vitest'
import { propagate } from '../../src/index'
import { jacobian } from '../../src/theory'

test.each([
  ['he-normal', 'relu', 'gaussian', 2, 5, 11],
  ['he-normal', 'relu', 'gaussian', 2, 10, 21],
  [`orthogonal:${Math.SQRT2}`, 'relu', 'orthogonal', 2, 5, 6],
  ['lecun-normal', 'linear', 'gaussian', 1, 5, 6],
  ['orthogonal', 'linear', 'orthogonal', 1, 5, 1],
] as const)(
  '%s under %s, width 256: m1 is 1 and m2 is theory by probes (%s, %i, %i layers: %i)',
  (init, activation, weights, sigmaW2, depth, spread) => {
    const width = 256
    expect(jacobian({ activation, sigmaW2, depth, weights }).spread).toBeCloseTo(spread, 8)
    const { m1, m2, theory } = propagate({
      depth,
      width,
      init,
      activation,
      batch: 1,
      seeds: 24,
      seed: 50,
      jacobian: { probes: 16 },
    }).jacobian!
    expect(theory!.m1).toBeCloseTo(1, 6)
    expect(theory!.spread).toBeCloseTo(spread, 8)
    // tr J J^T / n has the mean chi^L = 1 exactly; m2 is off by order L/n of itself: 5 L/n bounds the ReLU law's variance
    expect(Math.abs(m1.value - 1)).toBeLessThan(4 * m1.standardError!)
    expect(Math.abs(m2.value - spread)).toBeLessThan(4 * m2.standardError! + ((5 * depth) / width) * spread)
  },
)

test('there is no theory beside a network of unequal widths, or whose activation has a scale', () => {
  const probes = { jacobian: { probes: 2 }, batch: 1 }
  expect(propagate({ widths: [4, 8, 4], ...probes }).jacobian!.theory).toBeNull()
  expect(propagate({ depth: 2, width: 4, activation: 'tanh', ...probes }).jacobian!.theory).toBeNull()
})

test('probes change nothing else that is measured, and refuse 0', () => {
  const options = { depth: 3, width: 20, batch: 4, seed: 2 }
  const { jacobian: probed, ...rest } = propagate({ ...options, jacobian: { probes: 3 } })
  expect(rest).toEqual(propagate(options))
  expect(probed!.probes).toBe(3)
  expect(() => propagate({ ...options, jacobian: { probes: 0 } })).toThrow('propagate: jacobian.probes expected')
})
