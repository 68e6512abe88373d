// Writes tests/inspect/fixtures/chain-tfjs: TensorFlow.js models with pooling, norms and a flattened layer, and the signal in them.
// Batch and probe are those of scripts/inspect-vectors.py, samples with their channels last. Run where @tensorflow/tfjs can be resolved, as in
// build/tfjs after tests/tfjs have run:
//   node scripts/inspect-tfjs-vectors.js probe.npy tests/inspect/fixtures/chain-tfjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const tf = createRequire(resolve('build/tfjs/package.json'))('@tensorflow/tfjs')
const [probeFile, folder] = process.argv.slice(2)

const BATCH = 5
const { layers: l, initializers: i } = tf
const near = (mean, stddev, seed) => i.randomNormal({ mean, stddev, seed })
const bias = (seed) => ({ biasInitializer: near(0, 0.1, seed) })
const kernel = (stddev, seed) => ({ kernelInitializer: near(0, stddev, seed), ...bias(seed + 1) })
const affine = (seed) => ({
  gammaInitializer: i.randomUniform({ minval: 0.5, maxval: 1.5, seed }),
  betaInitializer: near(0, 0.3, seed + 1),
})
const running = (seed) => ({
  movingMeanInitializer: near(0, 0.3, seed),
  movingVarianceInitializer: i.randomUniform({ minval: 0.5, maxval: 1.5, seed: seed + 1 }),
})

const MODELS = {
  image: [
    l.conv2d({ inputShape: [9, 8, 3], filters: 6, kernelSize: 3, strides: 2, padding: 'same', ...kernel(0.3, 1) }),
    l.batchNormalization({ ...affine(3), ...running(5) }),
    l.leakyReLU({ alpha: 0.2 }),
    l.separableConv2d({
      filters: 8,
      kernelSize: [3, 2],
      padding: 'same',
      depthwiseInitializer: near(0, 0.5, 7),
      pointwiseInitializer: near(0, 0.5, 8),
      ...bias(9),
    }),
    l.layerNormalization(affine(10)),
    l.activation({ activation: 'swish' }),
    // no border: its gradient in TensorFlow.js 4.22 divides by the whole window there, its values by what is within
    l.averagePooling2d({ poolSize: [3, 2], strides: [1, 2] }),
    l.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
    l.maxPooling2d({ poolSize: 2, strides: 1 }),
    l.flatten(),
    l.batchNormalization({ ...affine(12), ...running(14) }),
    l.dense({ units: 10, ...kernel(0.2, 16) }),
    l.layerNormalization(affine(18)),
    l.elu(),
    l.dense({ units: 4, ...kernel(0.4, 20) }),
    l.softmax(),
  ],
  line: [
    l.conv1d({ inputShape: [20, 2], filters: 5, kernelSize: 3, dilationRate: 2, padding: 'same', ...kernel(0.5, 30) }),
    l.reLU({ maxValue: 6 }),
    l.maxPooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
    l.conv1d({ filters: 6, kernelSize: 4, ...kernel(0.3, 32) }),
    l.activation({ activation: 'gelu' }),
    l.globalAveragePooling1d(),
    l.dropout({ rate: 0.5 }),
    l.dense({ units: 4, ...kernel(0.5, 34) }),
  ],
}

const probe = (() => {
  const bytes = readFileSync(probeFile)
  const data = bytes.subarray(bytes.length - 4 * BATCH * 4)
  return tf.tensor2d(new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)), [BATCH, 4])
})()

function batchOf(size) {
  const count = BATCH * size.reduce((a, b) => a * b, 1)
  const values = Float32Array.from({ length: count }, (_, n) => 3.4 * (((n * 7919) % 1009) / 1009 - 0.5))
  return tf.tensor(values, [BATCH, ...size])
}

const numberOf = (tensor) => tensor.dataSync()[0]
const meanSquare = (h) => numberOf(h.square().mean())

function meanCosine(h) {
  const rows = h.reshape([BATCH, -1])
  const unit = rows.div(rows.norm(2, 1, true))
  return (numberOf(unit.matMul(unit, false, true).sum()) - BATCH) / (BATCH * (BATCH - 1))
}

const isWeighted = (layer) => ['Dense', 'Conv1D', 'Conv2D'].includes(layer.getClassName())
// the products of a depthwise kernel are no output of a layer: its signal is that of a model of its own
const separable = (layer) => layer.getClassName() === 'SeparableConv2D'

function depthwise(layer, h) {
  const [kernel] = layer.getWeights()
  return tf.depthwiseConv2d(h, kernel, layer.strides, layer.padding)
}

function pointwise(layer, h) {
  const [, kernel, own] = layer.getWeights()
  return tf.conv2d(h, kernel, 1, 'valid').add(own)
}

/** Functions one after another; those that give a z of a layer with weights are marked. */
function passesOf(layers) {
  return layers.flatMap((layer) => {
    if (layer.getClassName() === 'Softmax') return []
    if (!separable(layer)) return [{ weighted: isWeighted(layer), run: (h) => layer.apply(h) }]
    return [depthwise, pointwise].map((run) => ({ weighted: true, run: (h) => run(layer, h) }))
  })
}

function signal(layers, x) {
  const passes = passesOf(layers)
  const found = []
  const lastZ = passes.findLastIndex(({ weighted }) => weighted)
  const run = (from, h, to) => passes.slice(from, to).reduce((value, pass) => pass.run(value), h)
  let h = x
  passes.forEach((pass, at) => {
    h = pass.run(h)
    if (!pass.weighted) return
    const rest = passes.slice(at + 1).findIndex(({ weighted }) => weighted)
    const handed = run(at + 1, h, rest < 0 ? passes.length : at + 1 + rest)
    const gradient = tf.grad((z) =>
      run(at + 1, z, lastZ + 1)
        .mul(probe)
        .sum(),
    )(h)
    found.push({ secondMoment: meanSquare(handed), cosine: meanCosine(handed), gradient: meanSquare(gradient) })
  })
  return found
}

const vectors = {}
for (const [name, layers] of Object.entries(MODELS)) {
  const model = tf.sequential({ layers, name })
  const size = model.inputs[0].shape.slice(1)
  vectors[name] = { input: size, layers: signal(model.layers, batchOf(size)) }
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      mkdirSync(folder, { recursive: true })
      const parts = Array.isArray(weightData) ? weightData : [weightData]
      writeFileSync(`${folder}/${name}.bin`, Buffer.concat(parts.map((part) => Buffer.from(part))))
      const weightsManifest = [{ paths: [`${name}.bin`], weights: weightSpecs }]
      writeFileSync(
        `${folder}/${name}.json`,
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
      )
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
}
writeFileSync(`${folder}/vectors.json`, `${JSON.stringify(vectors, null, 1)}\n`)
