import { options as checkOptions, finite, integer, withDefault } from '../check'
import { reluGap } from './closed-forms'
import { root } from './root'

/** 1 - c after `depth` layers of slope a, from orthogonal inputs. */
function finalGap(a: number, depth: number): number {
  let e = 1
  for (let l = 0; l < depth; l++) e = ((1 - a) ** 2 * reluGap(e) + 2 * a * e) / (1 + a * a)
  return e
}

/** How deep the network is, and how alike its inputs may become. */
export interface TailoredOptions {
  /** Layers, in [1, 100000]. */
  depth: number
  /** The correlation that two orthogonal inputs may end at, in (0, 1); default 0.9. */
  eta?: number
}

const WHERE = 'tailoredSlope'

/**
 * The leaky-ReLU slope at which `depth` layers take orthogonal inputs to correlation `eta` and no farther; null where even ReLU stays below eta.
 * For a plain multilayer perceptron; its weights take gain('leaky-relu:SLOPE').
 * @throws TypeError or RangeError for an unknown option or a value out of its range.
 * @see Zhang, Botev & Martens 2022, arXiv:2203.08120 (tailored leaky ReLU)
 */
export function tailoredSlope(options: TailoredOptions): number | null {
  checkOptions(WHERE, options, ['depth', 'eta'])
  const depth = integer(WHERE, 'depth', options.depth, 1, 100_000)
  const eta = finite(WHERE, 'eta', withDefault(options.eta, 0.9), Number.MIN_VALUE, 1 - Number.EPSILON)
  if (finalGap(0, depth) > 1 - eta) return null
  return root((a) => finalGap(a, depth) - (1 - eta), 0, 1)
}
