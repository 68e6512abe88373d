import { kernels, useWideTiles } from '../../src/wasm/instance'
import { bundleSize } from '../bundle-size'
import { serve, type Worker } from '../serve'
import { moments, relu } from './elementwise'
import { normal, normalCall, orthogonal, uniform } from './fills'
import { memoryLoop, multiplyAdd } from './loops'
import { experiment, headline, memory, seeds } from './network'
import { matmul, product } from './products'
import { training } from './training'

// V8's flag is on the command line; the tiles that fit it are the instance's
if (process.env.EVENKEEL_WIDE === '1') useWideTiles(true)

const workers: Record<string, Worker> = {
  experiment,
  headline,
  matmul,
  memory,
  moments,
  multiplyAdd,
  normal,
  normalCall,
  orthogonal,
  product,
  read: memoryLoop('read'),
  readWrite: memoryLoop('readWrite'),
  relu,
  seeds,
  size: () => bundleSize("export { heNormal } from './dist/index.js'", []),
  store: memoryLoop('store'),
  training,
  uniform,
}

// what a case allocated is given back after it
await serve(
  process.argv.slice(2),
  Object.fromEntries(
    Object.entries(workers).map(([kind, worker]) => [
      kind,
      async (numbers, timing) => {
        const mark = kernels().mark()
        const answer = await worker(numbers, timing)
        kernels().release(mark)
        return answer
      },
    ]),
  ),
)
