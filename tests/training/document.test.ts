import { describe, expect, test } from 'vitest'
import { initialize } from '../../src/initializers/names'
import { activationKernel } from '../../src/network/activation-kernel'
import { checkedDocument } from '../../src/networks/check-document'
import { type Layer, type LayeredNetwork, unitsOf } from '../../src/networks/document'
import { weightShape } from '../../src/networks/draw'
import { propagateNetwork } from '../../src/networks/experiment'
import { fillNormal } from '../../src/random/draw'
import type { Dataset } from '../../src/training/dataset'
import { startDocument, weightedLayers } from '../../src/training/document-model'
import { branchScaling } from '../../src/training/document-scaling'
import type { LossName } from '../../src/training/loss'
import { chainModel } from '../../src/training/model'
import { parameterPlan, zeroStretch } from '../../src/training/parameters'
import { race } from '../../src/training/race'
import { lossAndGradients } from '../../src/training/train'
import { inArena } from '../../src/wasm/instance'
import { type PlainNetwork, plainForward } from './document-reference'
import { randomData } from './kernels'
import { crossEntropy, meanSquareLoss } from './reference'

const SEED = 3n
const relu = { kind: 'activation', name: 'relu' } as const
const tanh = { kind: 'activation', name: 'tanh' } as const
const gelu = { kind: 'activation', name: 'gelu' } as const

/** Loss, start and gradient of the first `batch` samples, in the kernels. */
function kernelGradient(layers: readonly Layer[], loss: LossName, data: Dataset, batch: number) {
  return inArena((arena) => {
    const { model, parameters } = startDocument(arena, layers, SEED, null)
    const gradients = zeroStretch(arena, model)
    const indices = Array.from({ length: batch }, (_, i) => i)
    const found = lossAndGradients(arena, { loss, data }, model, parameters, gradients, indices)
    const read = (ptr: number): PlainNetwork => {
      let at = 0
      const take = (count: number) => {
        const values = Float64Array.from(arena.f32(ptr + 4 * at, count))
        at += Math.ceil(count / 16) * 16
        return values
      }
      return new Map(
        weightedLayers(layers).map((layer) => [
          layer,
          { weight: take(unitsOf(weightShape(layer))), bias: take(layer.to[0]) },
        ]),
      )
    }
    return { loss: found, numbers: read(parameters), gradient: read(gradients) }
  })
}

function plainLoss(layers: readonly Layer[], numbers: PlainNetwork, data: Dataset, batch: number): number {
  const { features, columns, targets } = data
  const x = Array.from({ length: batch }, (_, b) =>
    Float64Array.from(features.subarray(b * columns, (b + 1) * columns)),
  )
  const of = targets.kind === 'labels' ? crossEntropy(targets.labels) : meanSquareLoss(targets.values)
  return plainForward(layers, numbers, x).reduce((sum, z, b) => sum + of(z, b).loss / batch, 0)
}

const NETWORKS: [string, LayeredNetwork, LossName, number][] = [
  [
    '2-D convolutions with stride, groups and reflected borders, then dense',
    {
      input: [2, 6, 5],
      layers: [
        { kind: 'conv', channels: 4, kernel: 3, bias: 0.2 },
        tanh,
        { kind: 'conv', channels: 6, kernel: [3, 2], stride: 2, groups: 2, padding: 'reflect' },
        gelu,
        { kind: 'dense', units: 3, bias: 0.1 },
      ],
    },
    'softmax-cross-entropy',
    11,
  ],
  [
    'a 1-D residual branch with rmsNorm, circular borders',
    {
      input: [3, 8],
      layers: [
        { kind: 'conv', channels: 5, kernel: 3, padding: 'circular' },
        {
          kind: 'residual',
          scale: 0.6,
          layers: [{ kind: 'rmsNorm' }, { kind: 'conv', channels: 5, kernel: 3, bias: 0.1 }, tanh],
        },
        { kind: 'dense', units: 2 },
      ],
    },
    'mean-square',
    9,
  ],
  [
    'batchNorm over positions and layerNorm',
    {
      input: [2, 4, 4],
      layers: [
        { kind: 'conv', channels: 3, kernel: 3 },
        { kind: 'batchNorm' },
        gelu,
        { kind: 'dense', units: 7 },
        { kind: 'layerNorm' },
        tanh,
        { kind: 'dense', units: 4 },
      ],
    },
    'softmax-cross-entropy',
    13,
  ],
]

describe.each(NETWORKS)('%s', (_, document, loss, batch) => {
  const { input, layers } = checkedDocument('test', document, 'he-normal')
  const outputs = unitsOf(layers[layers.length - 1].to)
  const data = randomData(loss, batch, unitsOf(input), outputs)
  const found = kernelGradient(layers, loss, data, batch)
  const weighted = weightedLayers(layers)
  const lossAt = (numbers: PlainNetwork) => plainLoss(layers, numbers, data, batch)

  test('the loss is that of the layers in plain f64', () => {
    // f32 sums of at most 48 products over at most 7 layers, of which norms divide by the size of what they sum
    expect(Math.abs(found.loss / lossAt(found.numbers) - 1)).toBeLessThan(7 * 48 * 2 ** -24)
  })

  test.each(weighted.flatMap(({ path }, l) => (['weight', 'bias'] as const).map((part) => [path, part, l] as const)))(
    'Taylor: along the %s %s alone L(p + e u) - L(p) - e <dL/dp, u> falls with slope 2',
    (_, part, l) => {
      const [own, gradient] = [found.numbers.get(weighted[l])!, found.gradient.get(weighted[l])!]
      const drawn = fillNormal(new Float32Array(own[part].length), { seed: 9, stream: `${part}${l}` })
      const size = Math.sqrt(drawn.reduce((sum, u) => sum + u * u, 0))
      const u = Float64Array.from(drawn, (v) => v / size)
      const at = (e: number) => {
        const moved = { ...own, [part]: own[part].map((v, i) => v + e * u[i]) }
        return lossAt(new Map([...found.numbers, [weighted[l], moved]]))
      }
      const slope = u.reduce((sum, v, i) => sum + v * gradient[part][i], 0)
      const remainders = [2, 3, 4, 5, 6].map((k) => Math.abs(at(2 ** -k) - at(0) - 2 ** -k * slope))
      // f32 rounding of the slope: sums of at most 48 products over 7 layers
      const rounding = (k: number) => 2 ** -k * 7 * 48 * 2 ** -24 * Math.max(1, Math.abs(slope))
      if (part === 'bias' && layers[layers.indexOf(weighted[l]) + 1]?.kind === 'batchNorm') {
        // a shift of a channel is taken out again
        for (const [k, remainder] of remainders.entries()) expect(remainder).toBeLessThan(rounding(k + 2))
        return
      }
      expect(Math.abs(slope)).toBeGreaterThan(1e-6)
      expect(remainders[1]).toBeGreaterThan(rounding(3))
      remainders.slice(1).forEach((remainder, i) => {
        if (remainder < rounding(i + 3)) return
        // a wrong gradient has slope 1
        expect(Math.log2(remainders[i] / remainder)).toBeGreaterThan(1.6)
      })
    },
  )
})

test('Euler: without biases <W, dL/dW> is the same in every layer of a ReLU network of convolutions', () => {
  const document: LayeredNetwork = {
    input: [2, 6, 6],
    layers: [
      { kind: 'conv', channels: 8, kernel: 3 },
      relu,
      { kind: 'conv', channels: 8, kernel: 3, stride: 2, groups: 4 },
      relu,
      { kind: 'conv', channels: 6, kernel: 2, padding: 'none' },
      relu,
      { kind: 'dense', units: 3 },
    ],
  }
  const { layers } = checkedDocument('test', document, 'he-normal')
  const { numbers, gradient } = kernelGradient(
    layers,
    'softmax-cross-entropy',
    randomData('softmax-cross-entropy', 21, 72, 3),
    21,
  )
  const weighted = weightedLayers(layers)
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0)
  const products = weighted.map((layer) => dot(numbers.get(layer)!.weight, gradient.get(layer)!.weight))
  expect(Math.abs(products[0])).toBeGreaterThan(1e-3)
  weighted.forEach((layer, l) => {
    const [w, g] = [numbers.get(layer)!.weight, gradient.get(layer)!.weight]
    // f32 sums of k <= 72 products up and down 4 layers, at random sqrt(72) 2^-24 = 5e-7 each, and over 21 x 36 positions
    expect(Math.abs(products[l] - products[0])).toBeLessThan(2e-5 * Math.sqrt(dot(w, w) * dot(g, g)))
  })
})

test('a document of dense and ReLU layers and the chain of the same numbers give the same loss and gradient to the bit', () => {
  const widths = [5, 17, 9, 3]
  const document: LayeredNetwork = {
    input: [5],
    layers: [{ kind: 'dense', units: 17 }, relu, { kind: 'dense', units: 9 }, relu, { kind: 'dense', units: 3 }],
  }
  const { layers } = checkedDocument('test', document, 'he-normal')
  const data = randomData('softmax-cross-entropy', 19, 5, 3)
  const indices = Array.from({ length: 19 }, (_, i) => i)
  const loss = 'softmax-cross-entropy'
  inArena((arena) => {
    const { model, parameters } = startDocument(arena, layers, SEED, null)
    const chain = chainModel(parameterPlan(widths), activationKernel('test', 'relu'))
    expect(chain.len).toBe(model.len)
    const [one, two] = [model, chain].map((model) => {
      const gradients = zeroStretch(arena, model)
      const found = lossAndGradients(arena, { loss, data }, model, parameters, gradients, indices)
      return { found, gradients: arena.f32(gradients, model.len).slice() }
    })
    expect(one).toEqual(two)
  })
})

const TINY: LayeredNetwork = {
  input: [1, 6, 6],
  layers: [
    { kind: 'conv', channels: 8, kernel: 3, bias: 0.1 },
    relu,
    { kind: 'conv', channels: 8, kernel: 3, stride: 2 },
    relu,
    { kind: 'dense', units: 2 },
  ],
}

/** Noise with a bright row or a bright column: what a convolution tells apart wherever it is. */
function stripes(samples: number) {
  const data = fillNormal(new Float32Array(samples * 36), { seed: 5, stream: 'noise', stddev: 0.3 })
  const labels = Float64Array.from({ length: samples }, (_, b) => b % 2)
  for (let b = 0; b < samples; b++)
    for (let i = 0; i < 6; i++) data[36 * b + (b % 2 ? 6 * i + (b % 6) : 6 * (b % 6) + i)] += 1
  return {
    kind: 'own',
    features: { data, rows: samples, columns: 36 },
    targets: { data: labels, rows: samples, columns: 1 },
  } as const
}

test('the weights at the start are those of initialize for the stream of the layer, and the signal that of propagateNetwork', () => {
  const { layers } = checkedDocument('test', TINY, 'he-normal')
  const { numbers } = kernelGradient(layers, 'softmax-cross-entropy', randomData('softmax-cross-entropy', 8, 36, 2), 8)
  const [first, second] = [...numbers.values()]
  const wanted = initialize('he-normal', [8, 8, 3, 3], { seed: SEED, stream: 'layers.2.weight', layout: 'OIHW' })
  expect(second.weight).toEqual(Float64Array.from(wanted))
  expect(first.bias.every((b) => b !== 0 && Math.abs(b) < 0.5)).toBe(true)
  const { config } = race({ network: TINY, data: stripes(16), rates: [0.1], steps: 1 })
  expect(config.layers?.map(({ path }) => path)).toEqual(propagateNetwork(TINY).layers.map(({ path }) => path))
  expect(config.layers?.[2]).toEqual({ path: 'layers[2]', kind: 'conv' })
})

test('a convolution network learns rows from columns under He and under LSUV, in the same bits each time', () => {
  const options = {
    network: TINY,
    data: stripes(120),
    rates: [0.01],
    steps: 60,
    batch: 20,
    inits: ['he-normal', 'lsuv', 'zeros'],
  }
  const once = race(options)
  expect(once.runs.map(({ trains }) => trains)).toEqual([1, 1, 0])
  expect(race(options)).toEqual(once)
  // each of the 3 layers with weights set to 1 within the tolerance of 0.01
  for (const { after, status } of once.runs[1].lsuv!) {
    expect(status).toBe('reached')
    expect(Math.abs(after! - 1)).toBeLessThanOrEqual(0.01)
  }
  expect(once.runs[0].signalBefore).toHaveLength(5)
})

test('where every layer names its initializer the race runs it as written, and LSUV beside it', () => {
  const network: LayeredNetwork = {
    input: [2],
    layers: [{ kind: 'dense', units: 16, init: 'he-uniform' }, tanh, { kind: 'dense', units: 3, init: 'lecun-normal' }],
  }
  const short = { network, rates: [0.1], steps: 5 }
  expect(race(short).runs.map(({ init }) => init)).toEqual(['as-written'])
  expect(race({ ...short, inits: ['as-written', 'lsuv'] }).runs.map(({ lsuv }) => lsuv?.length ?? null)).toEqual([
    null,
    2,
  ])
  expect(() => race({ ...short, inits: ['he-normal'] })).toThrow(
    "race: inits[0] expected 'as-written' or 'lsuv', 'residual-scaled', 'fixup' or 'skip-init' for a network whose layers all name their initializer, got 'he-normal'",
  )
})

/** A residual network of the plain race at a depth of 6, as a document with its streams. */
const BRANCHES: LayeredNetwork = {
  input: [2],
  layers: [
    { kind: 'dense', units: 16, stream: 'layers.1' },
    relu,
    ...[2, 4].map((l) => ({
      kind: 'residual' as const,
      layers: [
        { kind: 'dense' as const, units: 16, stream: `layers.${l}` },
        relu,
        { kind: 'dense' as const, units: 16, stream: `layers.${l + 1}` },
      ],
    })),
    { kind: 'dense', units: 3, stream: 'layers.6' },
  ],
}
const SHORT = { rates: [0.1], steps: 30, batch: 20, data: { kind: 'spirals', samples: 40 } } as const

test('residual-scaled and skip-init on a document are to the bit those of the residual networks of the plain race', () => {
  const inits = ['residual-scaled', 'skip-init', 'skip-init:xavier-normal']
  const plain = race({ ...SHORT, depth: 6, width: 16, inits })
  const found = race({ ...SHORT, network: BRANCHES, inits })
  const losses = (runs: typeof plain.runs) =>
    runs.map(({ rates }) => rates.map(({ losses, accuracy }) => [losses, accuracy]))
  expect(losses(found.runs)).toEqual(losses(plain.runs))
  // the scales are trained: branches of 0 would leave the network of two layers behind
  const without = race({
    ...SHORT,
    network: { ...BRANCHES, layers: BRANCHES.layers.filter(({ kind }) => kind !== 'residual') },
  })
  expect(losses(found.runs)[1]).not.toEqual(losses(without.runs)[0])
})

test('fixup on a document begins with branches and a readout of 0, weights times branches^(-1/(2 m - 2)), and learns', () => {
  const { layers } = checkedDocument('test', BRANCHES, 'he-normal')
  const { scale, learned } = { scale: () => 1, learned: true }
  const { factors } = branchScaling('test', 'fixup', { scale, learned, fixup: true }, layers)
  const root = factors.get(weightedLayers(layers)[1])!
  // two branches of two layers: 2^(-1/2), by a log and an exp of the kernels
  expect(Math.abs(root / Math.SQRT1_2 - 1)).toBeLessThan(4 * 2 ** -52)
  expect(weightedLayers(layers).map((layer) => factors.get(layer))).toEqual([undefined, root, 0, root, 0, 0])
  const [{ rates }] = race({ ...SHORT, network: BRANCHES, inits: ['fixup'] }).runs
  expect(rates[0].losses[0]).toBeCloseTo(Math.log(3), 12)
  expect(rates[0].losses[29]).toBeLessThan(rates[0].losses[0]! - 0.05)
})

test.each([
  [
    [{ kind: 'residual', layers: [{ kind: 'layerNorm' }, { kind: 'dense', units: 16 }] }],
    'layers[1].layers[0] expected no norm',
  ],
  [[{ kind: 'residual', layers: [relu] }], 'network.layers[1].layers expected a layer with weights'],
  [
    [{ kind: 'residual', layers: [{ kind: 'residual', layers: [{ kind: 'dense', units: 16 }] }] }],
    'network.layers[1].layers[0] expected no norm and no residual within a branch',
  ],
])('branches that fixup cannot scale are refused with their path %#', (branches, words) => {
  const layers = [{ kind: 'dense', units: 16 }, ...branches, { kind: 'dense', units: 3 }]
  expect(() => race({ ...SHORT, network: { input: [2], layers } as LayeredNetwork, inits: ['fixup'] })).toThrow(words)
})

test('where every layer names its initializer the depth methods take no other', () => {
  const named = JSON.parse(JSON.stringify(BRANCHES).replaceAll('"units"', '"init":"he-normal","units"'))
  const inits = ['as-written', 'skip-init', 'residual-scaled', 'fixup']
  expect(race({ ...SHORT, steps: 2, network: named, inits }).runs.map(({ init }) => init)).toEqual(inits)
  expect(() => race({ ...SHORT, network: named, inits: ['skip-init:xavier-normal'] })).toThrow(
    "inits[0] expected 'as-written'",
  )
})

test.each([
  [{ depth: 3 }, 'race: depth expected none beside network, which settles it, got 3'],
  [{ activation: 'tanh' }, 'race: activation expected none beside network'],
  [{ preset: 'he2015-22' }, "race: network expected none beside preset 'he2015-22', which settles it"],
  [
    { inits: ['residual'] },
    "race: inits[0] expected an initializer, 'lsuv', 'residual-scaled', 'fixup' or 'skip-init'",
  ],
  [{ inits: ['lsuv-post'] }, "'skip-init' beside network, whose branches are its own, got 'lsuv-post'"],
  [{ inits: ['fixup'] }, "race: network.layers expected a residual layer for 'fixup' to scale, got 'none'"],
  [{ inits: ['he-nomal'] }, "did you mean 'he-normal'?"],
  [{ data: { kind: 'teacher-student' } }, 'race: network.input expected 10 values, the columns of the data, got [2]'],
  [{ network: { input: [2], layers: [{ kind: 'dense', units: 4 }] } }, 'race: network.layers expected an output of 3'],
  [{ network: { input: [2], layers: [relu] } }, 'race: network.layers expected'],
  [{ network: { input: [2], layers: [{ kind: 'dense', units: 0 }] } }, 'race: network.layers[0].units expected'],
  [{ network: null }, 'race: network: options expected an object, got null'],
] as const)('beside a network %j is refused: %s', (more, message) => {
  const network = { input: [2], layers: [{ kind: 'dense', units: 3 }] }
  expect(() => race({ network, ...more } as never)).toThrow(message)
})
