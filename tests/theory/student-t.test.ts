import { expect, test } from 'vitest'
import { studentQuantile95, studentWithin } from '../../src/theory/student-t'

test.each([
  // Abramowitz & Stegun, table 26.10, A(t|nu) = 0.95
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [7, 2.365],
  [10, 2.228],
  [30, 2.042],
  [120, 1.98],
])(
  'with %i degrees of freedom 95 %% of Student t lie within %d, as the tables have it to three decimals',
  (freedom, t) => {
    expect(Math.abs(studentQuantile95(freedom) - t)).toBeLessThan(0.00051)
  },
)

test('1 and 2 degrees of freedom have closed forms: tan(0.475 pi) and sqrt(2) 0.95/sqrt(1 - 0.95^2), to 1e-12', () => {
  expect(studentQuantile95(1) / Math.tan(0.475 * Math.PI)).toBeCloseTo(1, 12)
  expect(studentQuantile95(2) / ((Math.SQRT2 * 0.95) / Math.sqrt(1 - 0.95 ** 2))).toBeCloseTo(1, 12)
})

test('where the expansion takes over, 2001 degrees of freedom, it holds 95 % to 1e-10', () => {
  expect(Math.abs(studentWithin(studentQuantile95(2001), 2001) - 0.95)).toBeLessThan(1e-10)
})
