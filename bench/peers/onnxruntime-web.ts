import { bundleSize } from '../bundle-size'
import { median } from '../median'
import { B_FROM, operand, sampled } from '../operands'
import { type Answer, serve } from '../serve'
import { powerMeans } from '../sums'
import { sample, type Timing } from '../timing'
import { normalModel, productModel } from './onnx-model'

/** What the bench uses of onnxruntime-web. */
interface OnnxRuntime {
  env: { wasm: { numThreads: number }; logLevel: string }
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => Tensor
  InferenceSession: { create(model: Uint8Array, options: { executionProviders: string[] }): Promise<Session> }
}
interface Tensor {
  data: Float32Array
}
interface Session {
  run(feeds: { x?: Tensor }): Promise<{ y: Tensor }>
}

/** What a page imports to run a model, and what that fetches. */
const PAGE = "export { InferenceSession } from 'onnxruntime-web/wasm'"
const FETCHED = 'bench/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'

const start = performance.now()
const ort: OnnxRuntime = await import('onnxruntime-web' as string)
ort.env.wasm.numThreads = 1
ort.env.logLevel = 'error'

await serve(process.argv.slice(2), { product, start: firstWeights, size: () => bundleSize(PAGE, [FETCHED]) })

async function firstWeights(): Promise<Answer> {
  const { y } = await (await session(normalModel(64, 128, 0.125))).run({})
  const seconds = (performance.now() - start) / 1000
  return { samples: [seconds], result: [powerMeans(y.data)[1] / 0.125 ** 2] }
}

/** One product's time is what a chain of them takes beyond one: the call, and copying x in and y out, are not the product. */
async function product([m, k, n]: number[], timing: Timing): Promise<Answer> {
  const b = operand(k * n, B_FROM)
  const x = new ort.Tensor('float32', operand(m * k, 0), [m, k])
  const times = chainLength(2 * m * k * n, b.byteLength)
  const [one, chain] = [1, times].map((length) => session(productModel(m, k, n, b, length)))
  const result = sampled((await (await one).run({ x })).y.data)
  const overhead = median(await samplesOf(await one, x, timing))
  const samples = await samplesOf(await chain, x, timing)
  return { result, samples: samples.map((seconds) => (seconds - overhead) / (times - 1)) }
}

/** Long enough to stand out from the call; each product of a chain holds its own copy of b. */
function chainLength(operations: number, bytes: number): number {
  return Math.max(3, Math.min(64, Math.floor(2e8 / operations), Math.floor(2 ** 25 / bytes)))
}

function session(model: Uint8Array): Promise<Session> {
  return ort.InferenceSession.create(model, { executionProviders: ['wasm'] })
}

function samplesOf(of: Session, x: Tensor, timing: Timing): Promise<number[]> {
  return sample(() => of.run({ x }), timing)
}
