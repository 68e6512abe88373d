import { describe, expect, test } from 'vitest'
import { initialize, moments } from '../../src/index'
import { initializers } from '../../src/tfjs/initializers'
import { tensorflow } from './tensorflow'

const tf = tensorflow()

describe.skipIf(tf === undefined)('with the real TensorFlow.js', () => {
  const init = tf && initializers(tf)

  /** The kernel that a layer makes for an input of this shape, batch first. */
  const kernelOf = (
    layer: { build(s: unknown): void; weights: { read(): { dataSync(): Float32Array } }[] },
    input: number[],
  ) => {
    layer.build([null, ...input])
    return layer.weights[0].read().dataSync()
  }

  const he = (options: object) => init('he-normal', { seed: 7, stream: 'k', ...options })

  test.each([
    [
      'dense, (in, out) = (400, 300)',
      () => tf.layers.dense({ units: 300, kernelInitializer: he({}) }),
      [400],
      [400, 300],
      { layout: 'IO' },
      400,
    ],
    [
      'conv1d, k 5, 24 in',
      () => tf.layers.conv1d({ filters: 300, kernelSize: 5, kernelInitializer: he({ layer: 'conv' }) }),
      [20, 24],
      [5, 24, 300],
      { layout: 'WIO' },
      120,
    ],
    [
      'conv2d, 3 x 3, 32 in',
      () => tf.layers.conv2d({ filters: 200, kernelSize: 3, kernelInitializer: he({ layer: 'conv' }) }),
      [9, 9, 32],
      [3, 3, 32, 200],
      { layout: 'HWIO' },
      288,
    ],
    [
      'conv3d, 3 x 3 x 3, 8 in',
      () => tf.layers.conv3d({ filters: 200, kernelSize: 3, kernelInitializer: he({ layer: 'conv' }) }),
      [5, 5, 5, 8],
      [3, 3, 3, 8, 200],
      { layout: 'DHWIO' },
      216,
    ],
    [
      'depthwiseConv2d, 5 x 5, 300 in, multiplier 2',
      () =>
        tf.layers.depthwiseConv2d({
          kernelSize: 5,
          depthMultiplier: 2,
          depthwiseInitializer: he({ layer: 'depthwise' }),
        }),
      [9, 9, 300],
      [5, 5, 300, 2],
      { layout: 'HWIM' },
      25,
    ],
    [
      'conv2dTranspose, 3 x 3, 40 in, 200 out',
      () => tf.layers.conv2dTranspose({ filters: 200, kernelSize: 3, kernelInitializer: he({ layer: 'transposed' }) }),
      [9, 9, 40],
      [3, 3, 200, 40],
      { layout: 'HWOI' },
      360,
    ],
    [
      'conv2dTranspose, 4 x 4, 40 in, 100 out, stride 2',
      () =>
        tf.layers.conv2dTranspose({
          filters: 100,
          kernelSize: 4,
          strides: 2,
          kernelInitializer: he({ layer: 'transposed', stride: 2 }),
        }),
      [9, 9, 40],
      [4, 4, 100, 40],
      { layout: 'HWOI', transposed: true, stride: 2 },
      160,
    ],
    [
      'embedding, 600 rows of 100, one-hot',
      () => tf.layers.embedding({ inputDim: 600, outputDim: 100, embeddingsInitializer: he({ layer: 'embedding' }) }),
      [4],
      [600, 100],
      { layout: 'EO' },
      1,
    ],
  ] as const)(
    '%s: the kernel has the bits of initialize() in that layout, and mean square 2 / fanIn within 5 standard errors',
    (_, layer, input, shape, options, fanIn) => {
      const kernel = kernelOf(layer(), [...input])
      const wanted = initialize('he-normal', shape, { seed: 7, stream: 'k', ...options })
      expect(kernel.findIndex((value, i) => !Object.is(value, wanted[i]))).toBe(-1)
      expect(kernel.length).toBe(wanted.length)
      // the mean square of n normals has relative standard error sqrt(2 / n)
      expect(Math.abs((moments(kernel).secondMoment * fanIn) / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / kernel.length))
    },
  )

  test("a model's JSON holds names, options and a 64-bit seed, and loads back to the same weights", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [8, 8, 3],
          filters: 4,
          kernelSize: 3,
          kernelInitializer: init('he-normal', { layer: 'conv', seed: 2n ** 64n - 1n, stream: 'c1', mode: 'fanOut' }),
          biasInitializer: init('normal:0.02', { seed: 3 }),
        }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 5, kernelInitializer: init('lecun-normal', { activation: 'tanh', stream: 'fc' }) }),
      ],
    })
    const json = JSON.parse(model.toJSON())
    expect(json.config.layers[0].config.kernel_initializer.class_name).toBe('Evenkeel')
    expect(json.config.layers[0].config.kernel_initializer.config.seed).toBe('18446744073709551615')
    const loaded = await tf.models.modelFromJSON(json)
    const values = (m: { getWeights(): { dataSync(): Float32Array }[] }) => m.getWeights().map((w) => w.dataSync())
    expect(values(loaded)).toEqual(values(model))
    expect(values(loaded)[0]).toEqual(
      initialize('he-normal', [3, 3, 3, 4], { layout: 'HWIO', seed: 2n ** 64n - 1n, stream: 'c1', mode: 'fanOut' }),
    )
  })

  test('initializers(tf) registers once: a second call gives the same function', () => {
    expect(initializers(tf)).toBe(init)
  })

  test('a kernel of rank 4 whose layer is not declared is refused, with the layers it may be of', () => {
    const layer = tf.layers.conv2d({ filters: 4, kernelSize: 3, kernelInitializer: init('he-normal', {}) })
    expect(() => kernelOf(layer, [8, 8, 3])).toThrow(
      "initializers: layer expected 'conv', 'depthwise' or 'transposed' for a kernel of rank 4, got undefined",
    )
  })

  test('an unknown option, layer or name is refused with the nearest known one', () => {
    expect(() => init('he-normal', { sead: 1 })).toThrow("did you mean 'seed'?")
    expect(() => init('he-normal', { layer: 'depthwize' })).toThrow("did you mean 'depthwise'?")
    expect(() => kernelOf(tf.layers.dense({ units: 3, kernelInitializer: init('he-norml') }), [2])).toThrow(
      "did you mean 'he-normal'?",
    )
  })

  test("TensorFlow.js's own heNormal(256 x 256) keeps 0.774 of the variance, evenkeel's all of it", () => {
    const share = (kernelInitializer: unknown) =>
      (moments(kernelOf(tf.layers.dense({ units: 256, kernelInitializer }), [256])).secondMoment * 256) / 2
    // relative standard error sqrt(2 / n) of a normal's mean square; a truncated one's is smaller
    const fiveErrors = 5 * Math.sqrt(2 / 256 ** 2)
    expect(Math.abs(share(tf.initializers.heNormal({ seed: 1 })) - 0.7737)).toBeLessThan(fiveErrors)
    expect(Math.abs(share(he({})) - 1)).toBeLessThan(fiveErrors)
  })
})

test('initializers() of something that is not TensorFlow.js is refused', () => {
  expect(() => initializers({} as never)).toThrow(TypeError)
  expect(() => initializers(undefined as never)).toThrow('initializers: tf expected TensorFlow.js')
})
