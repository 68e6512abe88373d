import { expect, test } from 'vitest'
import { fillNormal, fillUniform } from '../../src/random/draw'
import { boxMuller } from '../reference/box-muller'
import { streamWords } from '../reference/stream'

const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 4095, 4096, 4097, 65536, 65537]

test('fillUniform gives (word >>> 8) / 2^24 of the words that a plain TypeScript xoshiro128++ gives, blocks 0 and 1 of seed 42', () => {
  const words = streamWords(42n, 'fc1.weight', 2)
  const found = fillUniform(new Float32Array(8192), { seed: 42, stream: 'fc1.weight' })
  expect(found).toEqual(Float32Array.from(words, (w) => (w >>> 8) / 2 ** 24))
})

test('fillNormal agrees with Box-Muller in f64 on the same words: within 2^-24 / r + 5e-7 r of r cos a and r sin a, 65536 values', () => {
  const words = streamWords(7n, 'oracle', 16)
  const found = fillNormal(new Float32Array(words.length), { seed: 7, stream: 'oracle' })
  const { values, radii } = boxMuller(words)
  let worst = 0
  for (let i = 0; i < values.length; i++) {
    // u is rounded to 24 bits: r^2 = -2 ln u moves by at most 2^-23, r by 2^-24 / r, and never by more than sqrt(2^-23);
    // the logarithm (1.7e-7 of r^2), sqrt, stddev, sin or cos (1e-7) and the products round to within 5e-7 of r
    const r = radii[i]
    const bound = Math.min(2 ** -24 / r, 2 ** -11.5) + 5e-7 * r
    worst = Math.max(worst, Math.abs(found[i] - values[i]) / bound)
  }
  expect(worst).toBeLessThan(1)
})

test('any slice of a stream equals that part of the whole, at and around blocks of 4096', () => {
  const whole = fillNormal(new Float32Array(20000), { seed: 3, stream: 's' })
  for (const offset of [0, 1, 31, 4095, 4096, 4097, 8191])
    for (const length of [1, 33, 4096, 9000])
      expect(fillNormal(new Float32Array(length), { seed: 3, stream: 's', offset })).toEqual(
        whole.subarray(offset, offset + length),
      )
})

test('a longer fill begins with a shorter one, for every length', () => {
  const whole = fillUniform(new Float32Array(65537), { seed: 1 })
  for (const length of LENGTHS)
    expect(fillUniform(new Float32Array(length), { seed: 1 })).toEqual(whole.subarray(0, length))
})

test('seed 0 is a seed: it is the default, and differs from seed 1 and from 2^53 and 2^64 - 1', () => {
  const draw = (seed?: number | bigint) => fillNormal(new Float32Array(4), seed === undefined ? {} : { seed })
  expect(draw(0)).toEqual(draw())
  expect(draw(0n)).toEqual(draw())
  const others = [1, 2n ** 53n, 2n ** 64n - 1n].map((seed) => draw(seed).join())
  expect(new Set([draw(0).join(), ...others]).size).toBe(4)
})

test('streams of different names share no word in their first block', () => {
  const words = ['', 'a', 'b', 'layers.1.weight', 'layers.2.weight'].map((name) => streamWords(0n, name, 1))
  expect(new Set(words.flatMap((w) => [...w.subarray(0, 64)])).size).toBe(5 * 64)
})

test('2^20 normals have mean, variance, skewness and kurtosis 0, 1, 0, 3 within 5 standard errors, seed 2026', () => {
  const n = 2 ** 20
  const z = fillNormal(new Float32Array(n), { seed: 2026 })
  const moment = (k: number) => z.reduce((sum, x) => sum + x ** k, 0) / n
  // standard errors of sample moments of N(0, 1): sqrt((m_2k - m_k^2) / n), m_2 = 1, m_4 = 3, m_6 = 15, m_8 = 105
  expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n))
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n))
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
})

test('mean and stddev shift and scale: mean 3, stddev 0.5 is 3 + z / 2 to one rounding', () => {
  const z = fillNormal(new Float32Array(1000), { seed: 5 })
  const shifted = fillNormal(new Float32Array(1000), { seed: 5, mean: 3, stddev: 0.5 })
  expect(shifted).toEqual(z.map((x) => Math.fround(Math.fround(x / 2) + 3)))
})

test.each([
  [() => fillNormal([] as unknown as Float32Array), 'fillNormal: out expected a Float32Array, got []'],
  [() => fillNormal(new Float32Array(1), { stddev: -1 }), 'fillNormal: stddev expected a finite number >= 0, got -1'],
  [() => fillNormal(new Float32Array(1), { mean: Number.NaN }), 'fillNormal: mean expected a finite number, got NaN'],
  [
    () => fillUniform(new Float32Array(1), { low: 1, high: 0 }),
    'fillUniform: high expected a finite number >= 1, got 0',
  ],
  [
    () => fillUniform(new Float32Array(1), { seed: -1 }),
    'fillUniform: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got -1',
  ],
  [
    () => fillUniform(new Float32Array(1), { seed: 2n ** 64n }),
    'fillUniform: seed expected an integer in [0, 2^64 - 1] (a bigint beyond 2^53 - 1), got 18446744073709551616n',
  ],
  [
    () => fillNormal(new Float32Array(1), { sttdev: 1 } as object),
    "fillNormal: options expected only seed, stream, mean, stddev, offset, got 'sttdev'; did you mean 'stddev'?",
  ],
])('%s is refused: %s', (call, message) => {
  expect(call).toThrow(message)
})
