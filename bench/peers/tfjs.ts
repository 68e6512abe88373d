import { B_FROM, operand, sampled } from '../operands'
import { type Answer, checkedSample, serve } from '../serve'
import { powerMeans } from '../sums'
import { sample, type Timing } from '../timing'

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
}
interface Tensor {
  dataSync(): Float32Array
  dispose(): void
}

const [backend, ...args] = process.argv.slice(2)
const start = performance.now()
const tf: Tfjs = await import('@tensorflow/tfjs-core' as string)
await import(`@tensorflow/tfjs-backend-${backend}`)
await tf.setBackend(backend)
await tf.ready()

await serve(args, {
  product: ([m, k, n], timing) => product([m, k, n, 0, 0], timing),
  matmul: product,
  normal: ([len], timing) => filled(() => tf.randomNormal([len], 0, 1, 'float32', 1), timing),
  uniform: ([len], timing) => filled(() => tf.randomUniform([len], 0, 1, 'float32', 1), timing),
  headline,
  start: firstWeights,
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
