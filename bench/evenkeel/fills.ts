import { normal as normalWeights, orthogonal as orthogonalWeights } from '../../src/index'
import { NORMAL, UNIFORM } from '../../src/random/draw'
import { streamKey } from '../../src/random/stream'
import { inArena, kernels } from '../../src/wasm/instance'
import { type Answer, checkedSample } from '../serve'
import { powerMeans, rowProducts } from '../sums'
import type { Timing } from '../timing'
import { allocate, view } from './memory'

/** Values one kernel call draws, as in src/random/draw.ts. */
const CHUNK = 65536

/** len standard normals in linear memory. */
export function normal([len]: number[], timing: Timing): Promise<Answer> {
  return filled(NORMAL, len, timing)
}

/** len uniforms on [0, 1] in linear memory. */
export function uniform([len]: number[], timing: Timing): Promise<Answer> {
  return filled(UNIFORM, len, timing)
}

/** len standard normals by the public function, in an array of the caller's. */
export function normalCall([len]: number[], timing: Timing): Promise<Answer> {
  const out = new Float32Array(len)
  const body = () => normalWeights([len], { seed: 1, out })
  return checkedSample(body, () => powerMeans(out), timing)
}

/** Haar-distributed n x n. */
export function orthogonal([n]: number[], timing: Timing): Promise<Answer> {
  let q: Float32Array = new Float32Array(0)
  const body = () => {
    q = orthogonalWeights([n, n], { seed: 1 })
  }
  return checkedSample(body, () => rowProducts(q, n), timing)
}

function filled(distribution: number, len: number, timing: Timing): Promise<Answer> {
  const out = allocate(4 * len)
  const key = inArena((arena) => streamKey('bench', { seed: 1, stream: 'bench' }, arena))
  const body = () => {
    for (let at = 0; at < len; at += CHUNK)
      kernels().draw(out + 4 * at, BigInt(at), Math.min(CHUNK, len - at), key, distribution, 0, 1, 0, 0)
  }
  return checkedSample(body, () => powerMeans(view(out, len)), timing)
}
