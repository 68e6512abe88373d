import { useWideTiles } from '../../src/wasm/instance'
import { bundleSize } from '../bundle-size'
import { serve } from '../serve'
import { moments, relu } from './elementwise'
import { normal, normalCall, orthogonal, uniform } from './fills'
import { memoryLoop, multiplyAdd } from './loops'
import { experiment, headline, memory } from './network'
import { matmul, product } from './products'
import { training } from './training'

// V8's flag is on the command line; the tiles that fit it are the instance's
if (process.env.EVENKEEL_WIDE === '1') useWideTiles(true)

await serve(process.argv.slice(2), {
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
  size: () => bundleSize("export { heNormal } from './dist/index.js'", []),
  store: memoryLoop('store'),
  training,
  uniform,
})
