import { describe, expect, test } from 'vitest'
import { initialize, type NamedOptions } from '../../src/initializers/names'
import { cast } from '../../src/initializers/precision'
import { inspect } from '../../src/inspect/inspect'
import type { InspectTensor } from '../../src/inspect/tensor'
import { isAccused } from '../../src/inspect/verdict'
import { widenBfloat16, widenFloat16 } from '../../src/io/float16'

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed)

type Draw = (seed: number) => InspectTensor

function drawn(name: string, shape: number[], options: NamedOptions = {}, facts: Partial<InspectTensor> = {}): Draw {
  return (seed) => ({
    ...{ name: 'layer.weight', shape, ...facts },
    data: initialize(name, shape, { seed, stream: 'w', ...options }),
  })
}

function times(draw: Draw, factor: number): Draw {
  return (seed) => {
    const tensor = draw(seed)
    return { ...tensor, data: tensor.data!.map((x) => x * factor) }
  }
}

function touched(draw: Draw, touch: (data: Float32Array, tensor: InspectTensor) => void): Draw {
  return (seed) => {
    const tensor = draw(seed)
    touch(tensor.data as Float32Array, tensor)
    return tensor
  }
}

const CUT = 0.8796256610342398
const GROUPED = { layout: 'OIHW', groups: 4 }
const TRANSPOSED = { layout: 'IOHW', transposed: true }

// each planted in one tensor, at shapes where its sigma is no right recipe's
const PLANTED: [code: string, draw: Draw][] = [
  ['fans-swapped', drawn('he-normal', [64, 784], { mode: 'fanOut' })],
  ['fans-swapped', drawn('he-uniform', [300, 40], { mode: 'fanOut' })],
  ['fans-swapped', drawn('truncated-he-normal', [64, 16, 3, 3], { layout: 'OIHW', mode: 'fanOut' })],
  ['layout-misread', drawn('he-normal', [3, 3, 24, 64], { layout: 'OIHW' }, { layout: 'HWIO' })],
  ['field-missing', drawn('he-normal', [32, 24, 3, 3], { layout: 'OIHW', gain: Math.SQRT2 * 3 })],
  ['groups-wrong', drawn('he-normal', [64, 16, 3, 3], { layout: 'OIHW', gain: Math.SQRT2 / 2 }, GROUPED)],
  ['groups-wrong', drawn('xavier-uniform', [64, 16, 3, 3], { layout: 'OIHW' }, GROUPED)],
  ['transposed-fans', drawn('he-normal', [48, 10, 3, 3], { layout: 'OIHW' }, TRANSPOSED)],
  ['truncation-uncorrected', times(drawn('truncated-he-normal', [64, 128]), CUT)],
  ['truncation-uncorrected', times(drawn('truncated-xavier-normal', [64, 128]), CUT)],
  ['truncation-uncorrected', times(drawn('truncated-lecun-normal', [100, 50]), CUT)],
  ['variance-as-std', drawn('normal:0.015625', [64, 128])],
  ['bound-as-std', drawn('uniform:0.125', [80, 128])],
  ['gain-missing', drawn('lecun-normal', [64, 128])],
  ['gain-missing', drawn('xavier-uniform', [64, 128])],
  ['constant', drawn('constant:0.1', [64, 128])],
  ['zeros', drawn('zeros', [64, 128])],
  ['not-finite', touched(drawn('he-normal', [64, 128]), (data) => data.fill(Number.NaN, 77, 78))],
  ['not-finite', touched(drawn('he-normal', [64, 128]), (data) => data.fill(Number.POSITIVE_INFINITY, 9, 10))],
  ['dead-rows', touched(drawn('he-normal', [64, 128]), (data) => data.fill(0, 128, 256))],
]

describe('a planted mistake is found in at least 95 of 100 seeds', () => {
  test.each(PLANTED)('%s, case %#', (code, draw) => {
    const found = SEEDS.filter((seed) => {
      const { tensors, verdict } = inspect([draw(seed)])
      return tensors[0].faults.includes(code as never) && verdict.code === code
    })
    expect(found.length).toBeGreaterThanOrEqual(95)
  })

  test.each([
    ['fans-swapped', drawn('he-normal', [96, 64], { mode: 'fanOut' }), '2.weight'],
    ['truncation-uncorrected', times(drawn('truncated-he-normal', [96, 64]), CUT), '2.weight'],
    ['dead-rows', touched(drawn('he-normal', [96, 64]), (data) => data.fill(0, 64, 128)), '2.weight'],
  ] as const)('%s in the third of five He layers, and it is that layer which is named', (code, draw, name) => {
    const found = SEEDS.filter((seed) => {
      const tensors = [64, 64, 64, 96, 64, 10].flatMap((outputs, i, widths): InspectTensor[] => {
        if (i === 0) return []
        const tensor = { name: `${i - 1}.weight`, shape: [outputs, widths[i - 1]] }
        if (tensor.name === name) return [{ ...draw(seed), name }]
        return [{ ...tensor, data: initialize('he-normal', tensor.shape, { seed, stream: tensor.name }) }]
      })
      const { verdict } = inspect(tensors)
      return verdict.code === code && verdict.text.startsWith(`'${name}'`) && !verdict.text.includes('other')
    })
    expect(found.length).toBeGreaterThanOrEqual(95)
  })

  test('two layers drawn from one seed and stream, of other shapes and scales', () => {
    const found = SEEDS.filter((seed) => {
      const first = initialize('he-normal', [64, 128], { seed })
      const second = initialize('he-normal', [32, 64], { seed })
      const { tensors } = inspect([
        { name: '0.weight', shape: [64, 128], data: first },
        { name: '1.weight', shape: [32, 64], data: second },
      ])
      return tensors[1].duplicateOf === '0.weight'
    })
    expect(found.length).toBe(100)
  })
})

// name, activation, shapes of the chain from the input up
const RIGHT: [init: string, activation: string, shapes: number[][], options?: NamedOptions][] = [
  [
    'he-normal',
    'relu',
    [
      [64, 32],
      [64, 64],
      [10, 64],
    ],
  ],
  [
    'he-uniform',
    'relu',
    [
      [256, 100],
      [128, 256],
    ],
  ],
  [
    'truncated-he-normal',
    'relu',
    [
      [8, 8],
      [8, 8],
      [8, 8],
      [8, 8],
    ],
  ],
  [
    'xavier-normal',
    'tanh',
    [
      [50, 40],
      [60, 50],
    ],
  ],
  [
    'xavier-uniform',
    'linear',
    [
      [128, 128],
      [128, 128],
    ],
  ],
  [
    'truncated-lecun-normal',
    'selu',
    [
      [96, 64],
      [96, 96],
    ],
  ],
  [
    'lecun-normal',
    'linear',
    [
      [4, 3],
      [2, 4],
    ],
  ],
  [
    'lecun-uniform',
    'tanh',
    [
      [200, 300],
      [100, 200],
    ],
  ],
  [
    'he-normal',
    'relu',
    [
      [16, 3, 3, 3],
      [32, 16, 3, 3],
    ],
    { layout: 'OIHW' },
  ],
  [
    'orthogonal',
    'linear',
    [
      [64, 64],
      [32, 64],
    ],
  ],
  ['he-normal', 'relu', Array.from({ length: 30 }, () => [24, 24])],
  ['he-uniform', 'relu', [[64, 16, 3, 3]], { layout: 'OIHW', groups: 4 }],
  ['xavier-normal', 'linear', [[3, 3, 32, 2]], { layout: 'HWIM' }],
  ['he-normal', 'relu', [[48, 10, 4, 4]], { layout: 'IOHW', transposed: true }],
]

describe('a model of right recipes is accused in at most 1 of 100 seeds', () => {
  test.each(RIGHT)('%s under %s, case %#', (init, activation, shapes, options) => {
    const accused = SEEDS.filter((seed) => {
      const tensors = shapes.map((shape, i) => {
        const data = initialize(init, shape, { ...options, seed, stream: `${i}.weight` })
        return { name: `${i}.weight`, shape, data, ...options }
      })
      return isAccused(inspect(tensors, { activation }).verdict)
    })
    expect(accused.length).toBeLessThanOrEqual(1)
  })

  test.each(['f16', 'bf16'] as const)('he-normal rounded to %s', (dtype) => {
    const shape = [256, 512]
    const accused = SEEDS.filter((seed) => {
      const words = cast(initialize('he-normal', shape, { seed }), dtype)
      const bits = new Uint16Array(words.buffer, words.byteOffset, words.length)
      const data = dtype === 'bf16' ? widenBfloat16(bits) : widenFloat16(bits)
      return isAccused(inspect([{ name: 'w', shape, data, dtype }]).verdict)
    })
    expect(accused.length).toBeLessThanOrEqual(1)
  })
})
