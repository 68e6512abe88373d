import { reluGap } from './closed-forms'
import { root } from './root'

/** 1 - c after `depth` layers of slope a, from orthogonal inputs. */
function finalGap(a: number, depth: number): number {
  let e = 1
  for (let l = 0; l < depth; l++) e = ((1 - a) ** 2 * reluGap(e) + 2 * a * e) / (1 + a * a)
  return e
}

/**
 * The leaky-ReLU slope at which `depth` layers take orthogonal inputs to correlation `eta` and no farther; null where even ReLU stays below eta.
 * Zhang, Botev & Martens 2022 (tailored leaky ReLU), for a plain multilayer perceptron.
 */
export function tailoredSlope(depth: number, eta: number): number | null {
  if (finalGap(0, depth) > 1 - eta) return null
  return root((a) => finalGap(a, depth) - (1 - eta), 0, 1)
}
