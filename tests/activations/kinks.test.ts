import { describe, expect, test } from 'vitest'
import { findKinks } from '../../src/activations/kinks'
import { numericalDerivative } from '../../src/activations/numerical-derivative'
import { activation, activationNames } from '../../src/activations/resolve'

describe('findKinks', () => {
  test('finds exactly the declared kinks of every named activation', () => {
    for (const name of activationNames) {
      const { f, kinks } = activation(name)
      expect(findKinks(f), name).toEqual([...kinks])
    }
  })

  test.each([
    ['a jump', (z: number) => (z > 1.25 ? 1 : 0), 1.25],
    ['a corner off the grid', (z: number) => Math.max(z, Math.SQRT2), Math.SQRT2],
    ['a jump of the second derivative', (z: number) => Math.max(z + 7.1, 0) ** 2, -7.1],
  ])('%s at its place within 2^-14', (_, f, want) => {
    const found = findKinks(f)
    expect(found).toHaveLength(1)
    expect(Math.abs(found[0] - want)).toBeLessThanOrEqual(2 ** -14)
  })

  test('three corners 0.1 apart are three', () => {
    const f = (z: number) => Math.abs(z) + Math.abs(z - 0.1) + Math.abs(z - 0.2)
    expect(findKinks(f)).toEqual([0, 0.1, 0.2])
  })

  test('a smooth function has none, even sin(3z)', () => {
    expect(findKinks((z) => Math.sin(3 * z))).toEqual([])
  })
})

describe('numericalDerivative', () => {
  test('is 1e-10 near for every named activation on [-8, 8], kinks included', () => {
    for (const name of activationNames) {
      const { f, derivative, kinks } = activation(name)
      const numerical = numericalDerivative(f, kinks)
      let worst = 0
      for (let z = -8; z < 8; z += 0.0173) worst = Math.max(worst, Math.abs(numerical(z) - derivative(z)))
      expect(worst, name).toBeLessThan(1e-10)
    }
  })

  test('between kinks closer than its stencil it shrinks the stencil: slopes 0, 5, 0 around (0, 0.01)', () => {
    const f = (z: number) => 5 * Math.min(Math.max(z, 0), 0.01)
    const slope = numericalDerivative(f, [0, 0.01])
    const rounded = [-0.001, 0.005, 0.011].map((z) => Math.round(slope(z) * 1e6) / 1e6)
    expect(rounded.map((x) => x + 0)).toEqual([0, 5, 0])
  })
})
