import { describe, expect, test } from 'vitest'
import { type FanOptions, fans } from '../../src/initializers/fans'

/** What torch.nn.init._calculate_fan_in_and_fan_out and keras compute_fans return where they are right. */
const published: [string, number[], FanOptions, number, number][] = [
  ['dense (out, in), PyTorch Linear(128, 64)', [64, 128], {}, 128, 64],
  ['dense (in, out), Keras Dense(64) on 128', [128, 64], { layout: 'IO' }, 128, 64],
  ['PyTorch Conv2d(3, 64, 7)', [64, 3, 7, 7], { layout: 'OIHW' }, 147, 3136],
  ['Keras Conv2D(64, 7) on 3 channels', [7, 7, 3, 64], { layout: 'HWIO' }, 147, 3136],
  ['PyTorch Conv1d(16, 32, 5)', [32, 16, 5], { layout: 'OIW' }, 80, 160],
  ['Keras Conv1D(32, 5) on 16 channels', [5, 16, 32], { layout: 'WIO' }, 80, 160],
  ['PyTorch Conv3d(4, 8, 3)', [8, 4, 3, 3, 3], { layout: 'OIDHW' }, 108, 216],
  ['Keras Conv3D(8, 3) on 4 channels', [3, 3, 3, 4, 8], { layout: 'DHWIO' }, 108, 216],
]

/** Where the libraries are wrong: what they say, and the terms that are really summed. */
const corrected: [string, number[], FanOptions, number, number][] = [
  ['grouped 4 -> 4, g = 4 (PyTorch: 9, 36)', [4, 1, 3, 3], { layout: 'OIHW', groups: 4 }, 9, 9],
  ['grouped 64 -> 128, g = 4 (PyTorch: 144, 1152)', [128, 16, 3, 3], { layout: 'OIHW', groups: 4 }, 144, 288],
  ['grouped, channels last', [3, 3, 16, 128], { layout: 'HWIO', groups: 4 }, 144, 288],
  ['depthwise 64 x 2 (Keras, TF.js: 576, 18)', [3, 3, 64, 2], { layout: 'HWIM' }, 9, 18],
  ['the same kernel as a grouped one', [128, 1, 3, 3], { layout: 'OIHW', groups: 64 }, 9, 18],
  ['transposed 32 -> 128 (PyTorch: 1152, 288)', [32, 128, 3, 3], { layout: 'IOHW', transposed: true }, 288, 1152],
  ['transposed, Keras (3, 3, out, in)', [3, 3, 128, 32], { layout: 'HWOI', transposed: true }, 288, 1152],
  ['transposed, stride 2', [32, 128, 4, 4], { layout: 'IOHW', transposed: true, stride: 2 }, 128, 2048],
  ['transposed, g = 4', [32, 8, 3, 3], { layout: 'IOHW', transposed: true, groups: 4 }, 72, 72],
  ['strided 2 x 1', [8, 4, 4, 3], { layout: 'OIHW', stride: [2, 1] }, 48, 48],
  ['depthwise, stride 2', [3, 3, 64, 1], { layout: 'HWIM', stride: 2 }, 9, 2.25],
  ['5 experts (keras reads a conv: 640, 1280)', [5, 128, 256], { layout: 'EIO' }, 128, 256],
  ['packed q, k, v (PyTorch on (3E, E): 64, 192)', [3, 64, 64], { layout: 'EOI' }, 64, 64],
  ['embedding of 1000 rows (PyTorch: 16, 1000)', [1000, 16], { layout: 'EO' }, 1, 16],
]

describe('vector: fans of published cases, and the right ones where the libraries are wrong', () => {
  test.each([...published, ...corrected])('%s: %j %j has fanIn %d, fanOut %d', (_, shape, options, fanIn, fanOut) => {
    const found = fans(shape, options)
    expect([found.fanIn, found.fanOut]).toEqual([fanIn, fanOut])
  })

  test('the rest of the record: receptive field 9, groups 4, layout, and which axis gave which number', () => {
    expect(fans([64, 16, 3, 3], { layout: 'OIHW', groups: 4, stride: 2 })).toEqual({
      fanIn: 144,
      fanOut: 36,
      receptiveField: 9,
      groups: 4,
      layout: 'OIHW',
      explain:
        'OIHW [64, 16, 3, 3]: fanIn = in 16 x space 9 = 144, fanOut = out 64 / groups 4 x space 9 / stride 4 = 36',
    })
    expect(fans([64, 128]).explain).toBe('OI [64, 128]: fanIn = in 128 = 128, fanOut = out 64 = 64')
  })
})

/** Counts the terms directly: 1-d convolution of `length` positions, circular, each tap a (from, to) pair of channels in a group. */
function countedFans(options: {
  channelsIn: number
  channelsOut: number
  kernel: number
  groups: number
  stride: number
  transposed: boolean
}) {
  const { channelsIn, channelsOut, kernel, groups, stride, transposed } = options
  const long = 24
  const short = long / stride
  let terms = 0
  for (let position = 0; position < short; position++)
    for (let tap = 0; tap < kernel; tap++)
      for (let i = 0; i < channelsIn; i++)
        for (let o = 0; o < channelsOut; o++)
          if (Math.floor((i * groups) / channelsIn) === Math.floor((o * groups) / channelsOut)) terms++
  const [inputs, outputs] = transposed ? [short, long] : [long, short]
  return { fanIn: terms / (outputs * channelsOut), fanOut: terms / (inputs * channelsIn) }
}

describe('oracle: fans are the terms counted in a circular convolution', () => {
  const cases = [1, 2, 4].flatMap((groups) =>
    [1, 2, 3].flatMap((stride) => [false, true].map((transposed) => ({ groups, stride, transposed }))),
  )
  test.each(cases)('4 -> 8 channels, 3 taps, %j', ({ groups, stride, transposed }) => {
    const shape = transposed ? [8 / groups, 4, 3] : [8, 4 / groups, 3]
    const { fanIn, fanOut } = fans(shape, { layout: 'OIW', groups, stride, transposed })
    const counted = countedFans({ channelsIn: 4, channelsOut: 8, kernel: 3, groups, stride, transposed })
    // thirds are rounded once or twice on either side
    expect(Math.abs(fanIn - counted.fanIn)).toBeLessThanOrEqual(4 * Number.EPSILON * fanIn)
    expect(Math.abs(fanOut - counted.fanOut)).toBeLessThanOrEqual(4 * Number.EPSILON * fanOut)
  })
})

describe('refusal', () => {
  const refused: [unknown, unknown, string][] = [
    [
      [3, 3, 16, 32],
      undefined,
      "fans: layout expected to be declared: [3, 3, 16, 32] reads as 'OIHW' (fanIn 1536, fanOut 1536) or as 'HWIO' (fanIn 144, fanOut 288), got undefined",
    ],
    [
      [64],
      undefined,
      'fans: shape expected at least 2 axes (a bias has no fans: use zeros, constant or normal), got [64]',
    ],
    [[], undefined, 'fans: shape expected at least 2 axes (a bias has no fans: use zeros, constant or normal), got []'],
    [
      [2, 2, 2, 2, 2, 2],
      undefined,
      'fans: layout expected to be declared: rank 6 has no common reading, got undefined',
    ],
    [[3, 4], { layout: 'HWIO' }, "fans: layout expected 2 letters for a shape of rank 2, got 'HWIO'"],
    [
      [3, 4],
      { layout: 'OO' },
      "fans: layout expected distinct letters of O (out), I (in), D H W (space), E (copies), M (depthwise multiplier), such as 'OIHW', got 'OO'",
    ],
    [
      [3, 4],
      { layout: 'OX' },
      "fans: layout expected distinct letters of O (out), I (in), D H W (space), E (copies), M (depthwise multiplier), such as 'OIHW', got 'OX'",
    ],
    [
      [3, 4, 5],
      { layout: 'OIM' },
      "fans: layout expected distinct letters of O (out), I (in), D H W (space), E (copies), M (depthwise multiplier), such as 'OIHW', got 'OIM'",
    ],
    [
      [3, 4],
      { layout: 5 },
      "fans: layout expected distinct letters of O (out), I (in), D H W (space), E (copies), M (depthwise multiplier), such as 'OIHW', got 5",
    ],
    [[6, 2, 3], { layout: 'OIW', groups: 4 }, 'fans: groups expected a divisor of the 6 channels it splits, got 4'],
    [[6, 2, 3], { layout: 'OIW', groups: 0 }, 'fans: groups expected an integer >= 1, got 0'],
    [
      [3, 3, 8, 1],
      { layout: 'HWIM', groups: 4 },
      'fans: groups expected 8, the input channels of a depthwise layout, got 4',
    ],
    [[3, 4], { transposed: true }, "fans: transposed expected false for the layout 'OI', which has no space, got true"],
    [[3, 4], { transposed: 1 }, 'fans: transposed expected true or false, got 1'],
    [[3, 4], { stride: 2 }, 'fans: stride expected none for a layout without space, got 2'],
    [
      [3, 4, 5, 5],
      { layout: 'OIHW', stride: [2] },
      'fans: stride expected 2 steps, one for each spatial axis, got [2]',
    ],
    [[3, 4, 5, 5], { layout: 'OIHW', stride: [2, 0.5] }, 'fans: stride[1] expected an integer >= 1, got 0.5'],
    [
      [3, 4],
      { group: 2 },
      "fans: options expected only layout, groups, transposed, stride, got 'group'; did you mean 'groups'?",
    ],
  ]
  test.each(refused)('fans(%j, %j) says: %s', (shape, options, message) => {
    expect(() => fans(shape as number[], options as FanOptions)).toThrow(message)
  })
})
