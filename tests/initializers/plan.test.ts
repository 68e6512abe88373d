import { describe, expect, test } from 'vitest'
import { heNormal, xavierUniform } from '../../src/initializers/named'
import { drawPlan, drawTensor, type Plan, planned } from '../../src/initializers/plan'
import { cast } from '../../src/initializers/precision'

const plan: Plan = {
  version: 1,
  seed: 42,
  tensors: [
    { name: 'conv.weight', shape: [3, 3, 2, 8], init: 'he-normal', layout: 'HWIO' },
    { name: 'conv.bias', shape: [8], init: 'zeros' },
    { name: 'fc.weight', shape: [10, 128], init: 'xavier-uniform', gain: 0.5, dtype: 'bf16' },
    { name: 'tied', shape: [10, 128], init: 'xavier-uniform', stream: 'elsewhere', activation: 'tanh' },
  ],
}

describe('property: a plan gives the bits of its initializers', () => {
  test('each tensor is its initializer with the plan’s seed and its own name as stream', () => {
    const [conv, bias, fc, tied] = [...drawPlan(plan)]
    expect(conv.values).toEqual(heNormal([3, 3, 2, 8], { seed: 42, stream: 'conv.weight', layout: 'HWIO' }))
    expect(bias.values).toEqual(new Float32Array(8))
    const f32 = xavierUniform([10, 128], { seed: 42, stream: 'fc.weight', gain: 0.5 })
    expect(fc.values).toEqual(cast(f32, 'bf16'))
    expect(tied.values).toEqual(xavierUniform([10, 128], { seed: 42, stream: 'elsewhere', activation: 'tanh' }))
  })

  test('one tensor alone has the bits it has among all, and survives JSON, reordering and a dropped neighbour', () => {
    const all = new Map([...drawPlan(plan)].map(({ name, values }) => [name, values]))
    const fewer = JSON.parse(JSON.stringify({ ...plan, tensors: [...plan.tensors].reverse().slice(1) })) as Plan
    for (const { name } of fewer.tensors) {
      expect(drawTensor(plan, name)).toEqual(all.get(name))
      expect(drawTensor(fewer, name)).toEqual(all.get(name))
    }
  })

  test('a seed beyond 2^53 is written as digits: "18446744073709551615" is 2^64 - 1', () => {
    const values = drawTensor({ ...plan, seed: '18446744073709551615' }, 'tied')
    expect(values).toEqual(xavierUniform([10, 128], { seed: 2n ** 64n - 1n, stream: 'elsewhere', activation: 'tanh' }))
  })

  test('the plan’s dtype is that of every tensor that has none', () => {
    expect(planned({ ...plan, dtype: 'f16' }).map(({ dtype }) => dtype)).toEqual(['f16', 'f16', 'bf16', 'f16'])
  })

  test('sigma is known before anything is drawn: sqrt(2/18), 0, 0.5 sqrt(2/138)', () => {
    const [conv, bias, fc] = planned(plan)
    expect(conv.stddev).toBe(Math.SQRT2 / Math.sqrt(18))
    expect(bias.stddev).toBe(0)
    expect(fc.stddev).toBeCloseTo(0.5 * Math.sqrt(2 / 138), 15)
  })
})

describe('vector: rules that scale with depth and width', () => {
  const block = (role: 'residual' | 'residual-out' | 'readout' | 'other') => ({
    name: role,
    shape: [32, 64],
    init: 'normal:0.02',
    role,
  })
  const stds = (scaling: Plan['scaling'], tensors: Plan['tensors']) =>
    planned({ version: 1, seed: 0, scaling, tensors }).map(({ stddev }) => stddev)
  const roles = [block('residual'), block('residual-out'), block('readout'), block('other')]

  test('gpt2, 12 layers: 0.02 / sqrt(24) for residual outputs, 0.02 for all others', () => {
    expect(stds({ rule: 'gpt2', layers: 12 }, roles)).toEqual([0.02, 0.02 * (1 / Math.sqrt(24)), 0.02, 0.02])
  })

  test('fixup, 16 branches of 3 layers: 16^(-1/4) = 1/2 inside, 0 at the end of a branch and at the readout', () => {
    const [inside, end, readout, other] = stds({ rule: 'fixup', branches: 16, layersPerBranch: 3 }, roles)
    expect(inside).toBeCloseTo(0.01, 16)
    expect([end, readout, other]).toEqual([0, 0, 0.02])
    // hongyi-zhang/Fixup, fixup_resnet_cifar.py: two layers a branch, He times num_layers ** (-0.5)
    expect(stds({ rule: 'fixup', branches: 54, layersPerBranch: 2 }, roles)[0]).toBeCloseTo(0.02 * 54 ** -0.5, 16)
  })

  test('fixup draws exact zeros for what it zeroes', () => {
    const plan: Plan = {
      version: 1,
      seed: 3,
      scaling: { rule: 'fixup', branches: 4, layersPerBranch: 2 },
      tensors: roles.map((tensor) => ({ ...tensor, init: tensor.role === 'readout' ? 'orthogonal' : tensor.init })),
    }
    expect(drawTensor(plan, 'readout')).toEqual(new Float32Array(32 * 64))
    expect((drawTensor(plan, 'residual-out') as Float32Array).every((value) => Object.is(Math.abs(value), 0))).toBe(
      true,
    )
  })

  test('mup, 64 -> 256 wide: orthogonal keeps the sigma of its base as a normal of the same sigma does: gains 1, 2 and 2', () => {
    const growing = [
      { shape: [256, 256], baseShape: [64, 64] },
      { shape: [256, 10], baseShape: [64, null] },
      { shape: [10, 256], baseShape: [null, 64] },
    ]
    const tensors = growing.flatMap((sizes, i) => [
      { name: `orthogonal ${i}`, init: 'orthogonal', ...sizes },
      { name: `normal ${i}`, init: 'normal:0.125', ...sizes },
    ])
    const found = planned({ version: 1, seed: 0, scaling: { rule: 'mup' }, tensors })
    const orthogonal = found.filter(({ init }) => init === 'orthogonal')
    expect(orthogonal.map(({ draw }) => draw)).toEqual(
      [1, 2, 2].map((gain) => ({ distribution: 'orthogonal', gain, groups: 1 })),
    )
    expect(orthogonal.map(({ stddev }) => stddev)).toEqual(
      found.filter(({ init }) => init !== 'orthogonal').map(({ stddev }) => stddev),
    )
  })

  /** mup/init.py at a fourfold width: kaiming fan_in, fan_out and xavier on matrices whose two axes grow; normal; readout. */
  test('mup, 64 -> 256 wide: hidden sigmas as in mup/init.py, a readout keeps its sigma at the base and divides its output by 4', () => {
    const hidden = { shape: [256, 256], baseShape: [64, 64] }
    const tensors: Plan['tensors'] = [
      { name: 'kaiming fan_in', init: 'he-normal', ...hidden },
      { name: 'kaiming fan_out', init: 'he-normal', mode: 'fanOut', ...hidden },
      { name: 'normal', init: 'normal:0.02', ...hidden },
      { name: 'input', init: 'he-normal', shape: [256, 10], baseShape: [64, null] },
      { name: 'readout', init: 'lecun-normal', shape: [10, 256], baseShape: [null, 64] },
      { name: 'bias', init: 'normal:0.5', shape: [256], baseShape: [64] },
      { name: 'fixed', init: 'he-normal', shape: [10, 10] },
    ]
    const found = planned({ version: 1, seed: 0, scaling: { rule: 'mup' }, tensors })
    const expected = [
      Math.sqrt(2 / 256),
      Math.sqrt(2 / 256) * Math.sqrt(4 / 4),
      0.02 / Math.sqrt(4),
      Math.sqrt(2 / 10),
      Math.sqrt(1 / 256) * Math.sqrt(4),
      0.5,
      Math.sqrt(2 / 10),
    ]
    for (const [i, { stddev }] of found.entries()) expect(stddev).toBeCloseTo(expected[i], 15)
    // mup/optim.py: Adam divides matrices by the widening; SGD multiplies vectors by it and divides matrices by in / out
    const multipliers = found.map(
      ({ width }) => width && [width.output, width.learningRate.adam, width.learningRate.sgd],
    )
    const matrix = [1, 0.25, 1]
    expect(multipliers).toEqual([matrix, matrix, matrix, [1, 1, 4], [0.25, 1, 4], [1, 1, 4], undefined])
  })

  test('mup is the plain initializer at the base width', () => {
    const tensors = [{ name: 'w', init: 'xavier-normal', shape: [64, 32], baseShape: [64, 32] }]
    expect(drawTensor({ version: 1, seed: 1, scaling: { rule: 'mup' }, tensors }, 'w')).toEqual(
      drawTensor({ version: 1, seed: 1, tensors }, 'w'),
    )
  })
})

describe('refusal: nothing is drawn from a plan with a mistake in it', () => {
  const w = { name: 'w', shape: [4, 4], init: 'he-normal' }
  const refused: [string, object][] = [
    ['plan: version expected 1, got 2', { version: 2 }],
    [
      'plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1), got -1',
      { seed: -1 },
    ],
    [
      "plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1), got '1e3'",
      { seed: '1e3' },
    ],
    [
      "plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1), got '18446744073709551616'",
      { seed: '18446744073709551616' },
    ],
    [
      'plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1), got 18446744073709552000',
      { seed: 2 ** 64 },
    ],
    [
      'plan: seed expected an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1), got undefined',
      { seed: undefined },
    ],
    ['plan: tensors expected an array, got undefined', { tensors: undefined }],
    [
      "plan: options expected only version, seed, dtype, scaling, tensors, got 'tensor'; did you mean 'tensors'?",
      { tensor: [] },
    ],
    ['plan: tensors[1]: init expected one of he-normal,', { tensors: [w, { ...w, name: 'v', init: 'he' }] }],
    ['plan: tensors[0]: options expected only', { tensors: [{ ...w, gian: 2 }] }],
    ['plan: tensors[0]: shape[1] expected an integer >= 1, got 0', { tensors: [{ ...w, shape: [4, 0] }] }],
    ["plan: tensors[0]: name expected a non-empty string, got ''", { tensors: [{ ...w, name: '' }] }],
    ["plan: tensors[1]: name expected another than that of tensors[0], got 'w'", { tensors: [w, w] }],
    [
      "plan: tensors[1]: stream expected another than that of tensors[0], got 'w'",
      { tensors: [w, { ...w, name: 'v', stream: 'w' }] },
    ],
    [
      'plan: tensors[0]: seed expected none: the plan has one seed and draws fresh tensors, got 3',
      { tensors: [{ ...w, seed: 3 }] },
    ],
    [
      "plan: tensors[0]: dtype expected one of f16, bf16, f32, f64, got 'float16'",
      { tensors: [{ ...w, dtype: 'float16' }] },
    ],
    [
      "plan: tensors[0]: role expected one of residual, residual-out, readout, other, got 'output'",
      { tensors: [{ ...w, role: 'output' }] },
    ],
    [
      "plan: scaling.rule expected one of gpt2, fixup, mup, got 'gpt3'; did you mean 'gpt2'?",
      { scaling: { rule: 'gpt3' } },
    ],
    ['plan: scaling.layers expected an integer >= 1, got undefined', { scaling: { rule: 'gpt2' } }],
    [
      'plan: scaling.layersPerBranch expected an integer >= 2, got 1',
      { scaling: { rule: 'fixup', branches: 2, layersPerBranch: 1 } },
    ],
    [
      "plan: scaling expected a rule that goes by the role of some tensor, got 'gpt2'",
      { scaling: { rule: 'gpt2', layers: 2 } },
    ],
    [
      "plan: scaling expected a rule that goes by the baseShape of some tensor, got 'mup'",
      { scaling: { rule: 'mup' } },
    ],
    [
      'plan: tensors[0]: baseShape.length expected 2, the rank of shape, got 1',
      { scaling: { rule: 'mup' }, tensors: [{ ...w, baseShape: [4] }] },
    ],
    [
      'plan: tensors[0]: baseShape[2] expected null: only the in and the out axis grow with width, got 3',
      {
        scaling: { rule: 'mup' },
        tensors: [{ name: 'k', shape: [4, 4, 3], layout: 'OIW', init: 'he-normal', baseShape: [4, 4, 3] }],
      },
    ],
  ]
  test.each(refused)('%s', (message, change) => {
    expect(() => planned({ version: 1, seed: 0, tensors: [w], ...change } as Plan)).toThrow(message)
  })

  test('a tensor that is not in the plan: the nearest is offered', () => {
    expect(() => drawTensor(plan, 'fc.weights')).toThrow(
      "drawTensor: name expected that of a tensor of the plan, got 'fc.weights'; did you mean 'fc.weight'?",
    )
  })
})
