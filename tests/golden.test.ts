import { expect, test } from 'vitest'
import { measure } from '../src/network/measure'
import { fillNormal, fillTruncatedNormal, fillUniform } from '../src/random/draw'

// The numeric contract: these never change within a version of an algorithm, on any engine. A changed row is a "Value-breaking" entry
// of CHANGELOG.md and a new version tag.

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join('')
}

const bytesOf = (x: Float32Array) => new Uint8Array(x.slice().buffer)

const LEN = 3 * 4096 + 17

test.each([
  ['uniform', () => fillUniform(new Float32Array(LEN), { seed: 42, stream: 'golden' }), '8af54681b4675eb5'],
  ['normal: box-muller-1', () => fillNormal(new Float32Array(LEN), { seed: 42, stream: 'golden' }), 'e00d0e09dff7c22c'],
  [
    'normal, mean 0.3, stddev 0.02',
    () => fillNormal(new Float32Array(LEN), { seed: 2n ** 64n - 1n, stream: 'ü/λ', mean: 0.3, stddev: 0.02 }),
    'd617e45fae83f13a',
  ],
] as const)('stream 42/golden, %s: the bits hash to the recorded value', async (_, draw, wanted) => {
  expect(await sha256(bytesOf(draw()))).toBe(wanted)
})

test.each([
  [-2, 2, 'a50bb35a63e1f5e0'],
  [-1, 3, '399e249cea3ba127'],
  [2, 3, 'bf8e549af2d46c6c'],
  [-3, -2, 'b918e1d6db270c3c'],
  [10, 11, '8430a9fe1abfba46'],
  [40, Number.POSITIVE_INFINITY, '8796797de940162f'],
  [1, 1 + 1e-9, '0146e253479beb68'],
] as const)(
  'stream 42/golden, truncated-normal-1 on [%d, %d]: the bits hash to the recorded value',
  async (lower, upper, wanted) => {
    const values = fillTruncatedNormal(new Float32Array(LEN), { seed: 42, stream: 'golden', lower, upper })
    expect(await sha256(bytesOf(values))).toBe(wanted)
  },
)

test.each([
  ['he-normal', 'relu', 0, 'd229fdd0addd557d'],
  ['xavier-uniform', 'leaky-relu:0.2', 0, '56b833a1aee6581e'],
  ['lecun-normal', 'linear', 0.3, '1587376b6f446ccf'],
] as const)(
  'experiment %s, %s, bias %d, widths 33 -> 300 -> 64 -> 270 x 5, batch 11, 2 seeds, forward and backward: all measured numbers hash to the recorded value',
  async (init, activation, bias, wanted) => {
    const widths = [33, 300, 64, 270, 270, 270, 270, 5]
    const { config, layers, seeds } = measure('golden', {
      widths,
      init,
      activation,
      bias,
      batch: 11,
      seed: 5,
      seeds: 2,
      backward: true,
    })
    expect(await sha256(new TextEncoder().encode(JSON.stringify({ config, layers, seeds })))).toBe(wanted)
  },
)
