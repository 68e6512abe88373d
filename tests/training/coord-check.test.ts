import { expect, test } from 'vitest'
import { meanWithInterval, studentT95 } from '../../src/stats/student-t'
import { coordCheck } from '../../src/training/coord-check'
import type { CoordCheck } from '../../src/training/coord-result'
import type { CoordCheckOptions } from '../../src/training/coord-spec'
import { fingerprint } from '../golden/fingerprint'

const slopes = ({ rows }: CoordCheck, step: number) =>
  rows.filter((row) => row.step === step).map(({ slope }) => slope!)

/** Networks of 64 to 2048 units, three hidden ReLU layers, Adam at 0.01: the published check. */
const [standard, mup] = (['standard', 'mup'] as const).map((parametrization) =>
  coordCheck({ parametrization, steps: 2 }),
)

// an independent simulation in NumPy (Adam 0.01, spirals, 3 hidden layers, widths 64 to 2048) found these, to 0.1; five seeds of ours
// leave the interval that stands beside each slope
test.each([
  ['standard', 1, [0, 0, 0, -0.02]],
  ['mup', 1, [0, 0, 0, -0.52]],
  ['standard', 2, [0, 0.5, 0.98, 1.79]],
  ['mup', 2, [0, 0, 0, 0]],
] as const)('%s at t = %i: slopes within 0.1 and their intervals of %j', (name, step, wanted) => {
  const found = (name === 'mup' ? mup : standard).rows.filter((row) => row.step === step)
  wanted.forEach((slope, i) => {
    const [low, high] = found[i].interval!
    expect(high).toBeGreaterThan(slope - 0.1)
    expect(low).toBeLessThan(slope + 0.1)
    expect(high - low).toBeLessThan(0.4)
  })
})

test('muP at its base width is the standard parametrization to the bit, and its initial hidden sizes are the same at every width', () => {
  standard.rows.forEach((row, i) => {
    expect(mup.rows[i].sizes[0]).toBe(row.sizes[0])
    // sigma at the base and 1/sqrt(widening), or sqrt(2/fan_in) at once: equal up to the roundings of f32
    if (row.step === 1 && row.role !== 'readout')
      row.sizes.forEach((size, w) => {
        expect(Math.abs(mup.rows[i].sizes[w]! / size! - 1)).toBeLessThan(1e-5)
      })
  })
})

test("the verdicts: standard grows and is told of muP, muP is stable and its readout's fall at t = 1 expected", () => {
  expect(standard.verdict.code).toBe('grows-with-width')
  expect(standard.verdict.text).toMatch(/readout goes as width\^1\.\d\d/)
  expect(standard.verdict.fix).toContain('Take muP')
  expect(mup.verdict).toMatchObject({ code: 'width-stable', fix: '' })
  expect(mup.verdict.text).toMatch(/readout's -0\.5\d at t = 1 is expected/)
  expect(mup.rows.map(({ finding }) => finding)).toEqual([
    ...['flat', 'flat', 'flat', 'expected'],
    ...['flat', 'flat', 'flat', 'flat'],
  ])
})

const SMALL: CoordCheckOptions = { widths: [32, 128, 512], seeds: 4, steps: 1 }

test('weights of one standard deviation at every width grow as sqrt(width) more with every layer, before any step', () => {
  const check = coordCheck({ ...SMALL, init: 'normal:0.1' })
  // input sizes do not know of the width; then each layer sums width terms
  slopes(check, 1).forEach((slope, i) => {
    // about four networks of least width 32: sd of ln|z| of at most sqrt(5 i/32)/2 a network, over ln 16
    expect(Math.abs(slope - i / 2)).toBeLessThan(0.05 + (4 * Math.sqrt((5 * i) / 32)) / 2 / Math.log(16) / 2)
  })
  expect(check.verdict.code).toBe('grows-with-width')
  expect(check.verdict.fix).toContain('fan_in')
})

test('SGD in muP with momentum keeps the hidden layers flat for two steps where the standard readout grows', () => {
  const [sp, up] = (['standard', 'mup'] as const).map((parametrization) =>
    coordCheck({ widths: [64, 256, 1024], parametrization, optimizer: 'sgd', rate: 0.1, steps: 2 }),
  )
  expect(sp.rows.find(({ step, role }) => step === 2 && role === 'readout')!.finding).toBe('grows')
  for (const { role, finding } of up.rows) if (role !== 'readout') expect(finding).toBe('flat')
})

test('a rate of 1e30 overflows: sizes that are not finite are null, as is the slope, and the verdict says so', () => {
  const { rows, verdict } = coordCheck({ widths: [64, 256], seeds: 2, steps: 3, optimizer: 'sgd', rate: 1e30 })
  const last = rows[rows.length - 1]
  expect([last.slope, last.finding, last.interval]).toEqual([null, 'grows', null])
  expect(last.sizes).toContain(null)
  expect(verdict.text).toContain('is not finite at some width')
})

test('zeros have a size of 0, no slope, and a verdict that says so', () => {
  const { rows, verdict } = coordCheck({ widths: [8, 16], seeds: 2, steps: 1, init: 'zeros' })
  expect(rows.map(({ sizes, slope }) => [sizes, slope])).toEqual(new Array(4).fill([[0, 0], null]))
  expect(verdict).toMatchObject({ code: 'shrinks-with-width' })
  expect(verdict.text).toContain('is 0 at some width')
})

test('the same seed gives the same sizes and slopes to the last bit', () => {
  const { rows } = coordCheck({ widths: [16, 48], seeds: 2, parametrization: 'mup', activation: 'gelu' })
  const numbers = rows.flatMap(({ sizes, slope, interval }) => [...sizes, slope, ...interval!].map(Number))
  expect(fingerprint(Float64Array.from(numbers))).toBe('2c7b7c855cde1255')
})

test("Student's t: the mean of 1, 2, 3 is 2 +- 4.3027 / sqrt 3; beyond 30 degrees the expansion meets scipy's 2.0395134, 1.9839715", () => {
  const { mean, half } = meanWithInterval([1, 2, 3])
  expect(mean).toBe(2)
  expect(Math.abs(half - 4.302652729749462 / Math.sqrt(3))).toBeLessThan(1e-14)
  expect(Math.abs(studentT95(31) - 2.0395134463964077)).toBeLessThan(2e-6)
  expect(Math.abs(studentT95(100) - 1.9839715184496334)).toBeLessThan(1e-7)
})

test.each([
  [{ widths: [64] }, 'coordCheck: widths.length expected an integer >= 2: a slope takes two points, got 1'],
  [{ widths: [64, 64] }, 'coordCheck: widths[1] expected more than 64, got 64'],
  [{ baseWidth: 8 }, "coordCheck: baseWidth expected none beside parametrization 'standard', got 8"],
  [{ parametrization: 'mpu' }, "did you mean 'mup'?"],
  [{ momentum: 0.9 }, "coordCheck: momentum expected none beside optimizer 'adam', got 0.9"],
  [{ init: 'he' }, 'coordCheck: init expected one of'],
  [{ seeds: 1 }, 'coordCheck: seeds expected an integer >= 2, got 1'],
  [{ batch: 601 }, 'coordCheck: batch expected an integer in [1, 600], got 601'],
  [{ rates: [1] }, "did you mean 'rate'?"],
])('%j is refused: %s', (options, message) => {
  expect(() => coordCheck(options as CoordCheckOptions)).toThrow(message)
})
