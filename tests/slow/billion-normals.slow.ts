import { expect, test } from 'vitest'
import { erfc, normalCdf } from '../../src/activations/erf'
import { fillNormal } from '../../src/random/draw'

const COUNT = 1_000_000_000
const CHUNK = 1 << 20
const SEED = 20261123
const BINS = 14_000
const EDGE = 7

/** One pass over a billion normals: power sums, tails, and a histogram of 14,000 bins on [-7, 7]. */
function survey() {
  const powers = [0, 0, 0, 0, 0]
  const tails = new Map([4, 5, 6].map((z) => [z, 0]))
  const bins = new Float64Array(BINS)
  const z = new Float32Array(CHUNK)
  for (let at = 0; at < COUNT; at += CHUNK) {
    const chunk = at + CHUNK <= COUNT ? z : z.subarray(0, COUNT - at)
    fillNormal(chunk, { seed: SEED, stream: 'billion', offset: at })
    const sums = [0, 0, 0, 0, 0]
    for (const x of chunk) {
      const square = x * x
      sums[1] += x
      sums[2] += square
      sums[3] += square * x
      sums[4] += square * square
      bins[Math.floor((x + EDGE) * (BINS / (2 * EDGE)))]++
      if (square > 16) for (const [bound, count] of tails) if (Math.abs(x) > bound) tails.set(bound, count + 1)
    }
    sums.forEach((sum, k) => {
      powers[k] += sum
    })
  }
  return { powers, tails, bins }
}

const found = survey()

test.each([
  // sample moments of N(0, 1) have standard error sqrt((m_2k - m_k^2) / n); m_2 = 1, m_4 = 3, m_6 = 15, m_8 = 105
  [1, 0, 1],
  [2, 1, 2],
  [3, 0, 15],
  [4, 3, 96],
])(
  '1e9 normals, seed 20261123: moment %i is %i within 5 standard errors, sqrt(%i / 1e9) each',
  (k, wanted, variance) => {
    expect(Math.abs(found.powers[k] / COUNT - wanted)).toBeLessThan(5 * Math.sqrt(variance / COUNT))
  },
)

test.each([4, 5, 6])(
  '1e9 normals, seed 20261123: the count beyond %i sigma is within 5 standard errors of 1e9 erfc(z / sqrt 2)',
  (bound) => {
    const expected = COUNT * erfc(bound / Math.SQRT2)
    expect(Math.abs(found.tails.get(bound)! - expected)).toBeLessThan(5 * Math.sqrt(expected))
  },
)

test('1e9 normals, seed 20261123: Kolmogorov-Smirnov at 14,001 points stays below 1.949 / sqrt(n), the value that chance passes once in 1,000', () => {
  let below = 0
  let distance = 0
  found.bins.forEach((count, i) => {
    below += count
    const edge = -EDGE + ((i + 1) * 2 * EDGE) / BINS
    distance = Math.max(distance, Math.abs(below / COUNT - normalCdf(edge)))
  })
  expect(distance).toBeLessThan(1.949 / Math.sqrt(COUNT))
})
