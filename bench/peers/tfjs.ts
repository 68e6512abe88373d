import { bundleSize } from '../bundle-size'
import { B_FROM, operand, sampled } from '../operands'
import { type Answer, checkedSample, serve } from '../serve'
import { powerMeans } from '../sums'
import { sample, type Timing } from '../timing'
import { FEATURES, features, labels, MOMENTUM, OUTPUTS, RATE, weightsOf, widthsOf } from '../training-task'

/** What the bench uses of @tensorflow/tfjs-core. */
interface Tfjs {
  setBackend(name: string): Promise<boolean>
  ready(): Promise<void>
  tensor2d(data: Float32Array, shape: [number, number]): Tensor
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor
  randomNormal(shape: number[], mean: number, stddev: number, dtype: 'float32', seed?: number): Tensor
  randomUniform(shape: number[], low: number, high: number, dtype: 'float32', seed?: number): Tensor
  relu(x: Tensor): Tensor
  square(x: Tensor): Tensor
  mean(x: Tensor): Tensor
  tidy<T>(body: () => T): T
  tensor1d(data: Int32Array, dtype: 'int32'): Tensor
  zeros(shape: number[]): Tensor
  variable(initial: Tensor): Tensor
  add(a: Tensor, b: Tensor): Tensor
  oneHot(indices: Tensor, depth: number): Tensor
  slice(x: Tensor, begin: number[], size: number[]): Tensor
  losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor }
  train: { momentum(rate: number, momentum: number): Optimizer }
}
interface Tensor {
  dataSync(): Float32Array
  dispose(): void
}
interface Optimizer {
  minimize(loss: () => Tensor, returnCost: true, variables: Tensor[]): Tensor
  dispose(): void
}

/** What a page imports to draw normal weights. */
const PAGE =
  "import '@tensorflow/tfjs-backend-wasm'; export { randomNormal, ready, setBackend } from '@tensorflow/tfjs-core'"

const [backend, ...args] = process.argv.slice(2)
const start = performance.now()
const tf: Tfjs = await import('@tensorflow/tfjs-core' as string)
await import(`@tensorflow/tfjs-backend-${backend}`)
if (args.some((task) => task.startsWith('training'))) await import('./tfjs-gradients.js' as string)
await tf.setBackend(backend)
await tf.ready()

await serve(args, {
  product: ([m, k, n], timing) => product([m, k, n, 0, 0], timing),
  matmul: product,
  normal: ([len], timing) => filled(() => tf.randomNormal([len], 0, 1, 'float32', 1), timing),
  uniform: ([len], timing) => filled(() => tf.randomUniform([len], 0, 1, 'float32', 1), timing),
  headline,
  start: firstWeights,
  size: () => bundleSize(PAGE, ['bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm']),
  training,
})

function product([m, k, n, transposeA, transposeB]: number[], timing: Timing): Promise<Answer> {
  const a = tf.tensor2d(operand(m * k, 0), transposeA ? [k, m] : [m, k])
  const b = tf.tensor2d(operand(k * n, B_FROM), transposeB ? [n, k] : [k, n])
  const multiply = () => tf.matMul(a, b, transposeA === 1, transposeB === 1)
  const body = () => multiply().dispose()
  return checkedSample(body, () => tf.tidy(() => sampled(multiply().dataSync())), timing)
}

function filled(fill: () => Tensor, timing: Timing): Promise<Answer> {
  return checkedSample(
    () => fill().dispose(),
    () => tf.tidy(() => powerMeans(fill().dataSync())),
    timing,
  )
}

async function headline([depth, width, batch]: number[], { budget }: Timing): Promise<Answer> {
  let result: number[] = []
  const body = () => {
    result = network(depth, width, batch)
  }
  const samples = await sample(body, { budget, warm: () => network(5, width, batch) })
  return { samples, result }
}

/** Second moments of a He ReLU network's layers, relative to its input's. */
function network(depth: number, width: number, batch: number): number[] {
  let h = tf.randomNormal([batch, width], 0, 1, 'float32')
  const secondMoment = () => tf.tidy(() => tf.mean(tf.square(h)).dataSync()[0])
  const first = secondMoment()
  return Array.from({ length: depth }, () => {
    const next = tf.tidy(() =>
      tf.relu(tf.matMul(h, tf.randomNormal([width, width], 0, Math.sqrt(2 / width), 'float32'))),
    )
    h.dispose()
    h = next
    return secondMoment() / first
  })
}

async function firstWeights(): Promise<Answer> {
  const w = tf.randomNormal([64, 128], 0, 0.125, 'float32', 1).dataSync()
  const seconds = (performance.now() - start) / 1000
  return { samples: [seconds], result: [powerMeans(w)[1] / 0.125 ** 2] }
}

/** One epoch of SGD with momentum, from the same weights every time; the losses of its steps. */
function training([depth, width, batch, steps]: number[], timing: Timing): Promise<Answer> {
  const widths = widthsOf(depth, width)
  // a layer of tfjs multiplies from the right: fanIn x fanOut
  const start = widths
    .slice(1)
    .map((fanOut, l) => transposed(weightsOf(l, widths[l], fanOut), fanOut, widths[l]))
    .map((w, l) => tf.tensor2d(w, [widths[l], widths[l + 1]]))
  const rows = batch * steps
  const x = tf.tensor2d(features(rows), [rows, FEATURES])
  const y = tf.oneHot(tf.tensor1d(labels(rows), 'int32'), OUTPUTS)
  const batches = Array.from({ length: steps }, (_, s) => ({
    x: tf.slice(x, [s * batch, 0], [batch, FEATURES]),
    y: tf.slice(y, [s * batch, 0], [batch, OUTPUTS]),
  }))
  let losses: number[] = []
  const epoch = () => {
    const weights = start.map((w) => tf.variable(w))
    const biases = widths.slice(1).map((fanOut) => tf.tidy(() => tf.variable(tf.zeros([fanOut]))))
    const optimizer = tf.train.momentum(RATE, MOMENTUM)
    losses = batches.map((at) => {
      const loss = optimizer.minimize(() => lossOf(weights, biases, at), true, [...weights, ...biases])
      const [value] = loss.dataSync()
      loss.dispose()
      return value
    })
    for (const tensor of [...weights, ...biases]) tensor.dispose()
    optimizer.dispose()
  }
  return checkedSample(epoch, () => losses, timing)
}

function lossOf(weights: readonly Tensor[], biases: readonly Tensor[], { x, y }: { x: Tensor; y: Tensor }): Tensor {
  const z = weights.reduce((h, w, l) => {
    const z = tf.add(tf.matMul(h, w), biases[l])
    return l < weights.length - 1 ? tf.relu(z) : z
  }, x)
  return tf.losses.softmaxCrossEntropy(y, z)
}

function transposed(data: Float32Array, rows: number, cols: number): Float32Array {
  return Float32Array.from(data, (_, i) => data[(i % rows) * cols + Math.floor(i / rows)])
}
