import { expect, test } from 'vitest'
import { activation } from '../../src/activations/resolve'
import { fillNormal } from '../../src/random/draw'
import type { Dataset } from '../../src/training/dataset'
import { kernelAdjoint, kernelGradient, kernelLoss, randomData } from './kernels'
import { crossEntropy, inner, type Layer, lossAndGradient, meanSquareLoss, moved, tangent } from './reference'

const sampleLoss = ({ targets }: Dataset) =>
  targets.kind === 'labels' ? crossEntropy(targets.labels) : meanSquareLoss(targets.values)

/** Directions of standard normals, laid out as the layers are. */
function direction(layers: readonly Layer[]): Layer[] {
  return layers.map((layer, l) => {
    const draw = (len: number, name: string) =>
      Float64Array.from(fillNormal(new Float32Array(len), { seed: 9, stream: `${name}${l}` }))
    return { ...layer, weight: draw(layer.weight.length, 'w'), bias: draw(layer.bias.length, 'b') }
  })
}

test.each([
  ['softmax-cross-entropy', 'relu', [5, 7, 13, 4], 9],
  ['softmax-cross-entropy', 'gelu', [3, 270, 2], 17],
  ['mean-square', 'leaky-relu:0.2', [1, 9, 8, 3], 5],
  ['mean-square', 'tanh', [8, 16, 16, 1], 300],
] as const)(
  '%s, %s, widths %j, batch %i: loss and every derivative agree with plain f64',
  (loss, name, widths, batch) => {
    const data = randomData(loss, batch, widths[0], widths[widths.length - 1])
    const found = kernelGradient({ widths, activation: name, bias: 0.3 }, loss, data, batch)
    const wanted = lossAndGradient(found.layers, activation(name), data.features, batch, sampleLoss(data))
    // f32 sums of k <= 300 products: k 2^-24 = 1.8e-5 of their magnitudes at worst, at random sqrt(k) 2^-24 = 1e-6, over 2 x 3 layers
    expect(Math.abs(found.loss / wanted.loss - 1)).toBeLessThan(1e-5)
    wanted.gradients.forEach(({ weight, bias }, l) => {
      const scale = Math.sqrt(inner([wanted.gradients[l]], [wanted.gradients[l]]))
      weight.forEach((g, i) => {
        expect(Math.abs(found.gradients[l].weight[i] - g)).toBeLessThan(2e-5 * scale)
      })
      bias.forEach((g, i) => {
        expect(Math.abs(found.gradients[l].bias[i] - g)).toBeLessThan(2e-5 * scale)
      })
    })
  },
)

test('Euler: without biases <W, dL/dW> is the same in all 12 layers of a ReLU network, to 2e-5 of |W| |dL/dW|', () => {
  const widths = [20, ...new Array<number>(11).fill(50), 3]
  const data = randomData('softmax-cross-entropy', 33, 20, 3)
  const { layers, gradients } = kernelGradient(
    { widths, activation: 'relu', bias: 0 },
    'softmax-cross-entropy',
    data,
    33,
  )
  const products = layers.map((layer, l) => inner([layer], [{ ...gradients[l], bias: new Float64Array(layer.fanOut) }]))
  expect(Math.abs(products[0])).toBeGreaterThan(1e-3)
  products.forEach((product, l) => {
    const size = Math.sqrt(inner([layers[l]], [layers[l]]) * inner([gradients[l]], [gradients[l]]))
    // f32 sums of k <= 50 products on the way up and down: 2 x 12 layers of sqrt(50) 2^-24 = 4e-7, each at its worst
    expect(Math.abs(product - products[0])).toBeLessThan(2e-5 * size)
  })
})

test.each(['relu', 'elu', 'sigmoid'])(
  '%s: <J u, v> of a forward pass of tangents in f64 is <u, J^T v> of the backward kernels',
  (name) => {
    const [widths, batch] = [[6, 19, 11, 4], 13] as const
    const draw = (len: number, stream: string) => fillNormal(new Float32Array(len), { seed: 4, stream })
    const [x, v] = [draw(batch * 6, 'x'), draw(batch * 4, 'v')]
    const { layers, gradients } = kernelAdjoint({ widths, activation: name, bias: 0.2 }, x, v, batch)
    const u = direction(layers)
    const forward = tangent(layers, u, activation(name), x, batch)
    const left = forward.reduce((sum, d, i) => sum + d * v[i], 0)
    const scale = Math.sqrt(inner(u, u) * inner(gradients, gradients))
    // relative errors of f32 sums of at most 19 products over 3 layers, 3 x 19 x 2^-24 = 3.4e-6 of the sizes
    expect(Math.abs(left - inner(u, gradients))).toBeLessThan(4e-6 * scale)
    expect(Math.abs(left)).toBeGreaterThan(1e-3 * scale)
  },
)

test.each(['softmax-cross-entropy', 'mean-square'] as const)(
  'Taylor: L(p + e u) - L(p) - e <dL/dp, u> falls with slope 2 in e from 2^-3 to 2^-7, the gradient from the kernels, %s through tanh',
  (loss) => {
    const widths = [4, 12, 12, 3]
    const data = randomData(loss, 11, 4, 3)
    const { layers, gradients } = kernelGradient({ widths, activation: 'tanh', bias: 0.1 }, loss, data, 11)
    const u = direction(layers)
    const size = Math.sqrt(inner(u, u))
    const at = (e: number) =>
      lossAndGradient(moved(layers, u, e / size), activation('tanh'), data.features, 11, sampleLoss(data)).loss
    const remainders = [3, 4, 5, 6, 7].map((k) =>
      Math.abs(at(2 ** -k) - at(0) - (2 ** -k * inner(gradients, u)) / size),
    )
    remainders.slice(1).forEach((remainder, i) => {
      // the cubic term is at most a few e of the square one: slope 2 within 0.3 at 2^-3, where a wrong gradient has slope 1
      expect(Math.log2(remainders[i] / remainder)).toBeGreaterThan(1.7)
      expect(Math.log2(remainders[i] / remainder)).toBeLessThan(2.3)
    })
  },
)

test('outputs of 1000 and -1000 give the cross-entropies 0 and 2000 and finite gradients; columns beyond the batch get none', () => {
  const data: Dataset = {
    features: new Float32Array(2),
    rows: 2,
    columns: 1,
    targets: { kind: 'labels', labels: Int32Array.of(0, 1), classes: 2 },
  }
  const { sum, delta } = kernelLoss('softmax-cross-entropy', Float32Array.of(1000, -1000, 1000, -1000), data)
  expect(sum).toBe(2000)
  // units x samples: the first sample is right, the second all wrong, each half of the batch
  expect(delta).toEqual([0, 0.5, 0, -0.5])
})
