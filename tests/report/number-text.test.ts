import { expect, test } from 'vitest'
import { factor, plain, short, typeset } from '../../src/report/number-text'

test('short keeps two significant digits and turns scientific below 0.001 and from 100000 on', () => {
  const shown = [
    0,
    8.88e-16,
    0.00099999,
    0.001,
    0.4975,
    1,
    9.96,
    99.6,
    512,
    99999.6,
    123456,
    Number.POSITIVE_INFINITY,
  ].map((x) => short(x))
  expect(shown).toEqual([
    '0',
    '8.9e-16',
    '0.0010',
    '0.0010',
    '0.50',
    '1.0',
    '10',
    '100',
    '512',
    '1.0e5',
    '1.2e5',
    'Infinity',
  ])
})

test('factor shows a number near 1 with the digits that tell it from 1', () => {
  expect([0.4975, 2, 256.3, 0.998, 1.0002, 1].map(factor)).toEqual([
    '0.50',
    '2.0',
    '256',
    '0.9980',
    '1.00020',
    '1.000000',
  ])
})

test('plain drops trailing zeros and rounds to four digits', () => {
  expect([Math.SQRT2, 2, 0.0625, 1 / 3].map(plain)).toEqual(['1.414', '2', '0.0625', '0.3333'])
})

test("typeset sets 8.88e-16 as '8.9 × 10⁻¹⁶', and 0.87 as it is", () => {
  expect([8.88e-16, 0.87, 0, 1.2e5].map((x) => typeset(x))).toEqual(['8.9 × 10⁻¹⁶', '0.87', '0', '1.2 × 10⁵'])
})
