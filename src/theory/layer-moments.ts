/** All that a dense network needs of its activation at one variance q of the pre-activations. */
import type { Activation } from '../activations/activation'
import { pairMoments } from './cosine-map'
import { type LayerScatter, layerScatter } from './layer-scatter'
import { derivativeSecondMoment, secondMoment } from './moments'

export interface LayerMoments extends LayerScatter {
  /** <phi^2>_q. */
  moment: number
  /** <phi'^2>_q. */
  slopes: number
  /** <phi^2> - <phi(u) phi(v)> at correlation 1 - e. */
  gap: (e: number) => number
}

const MOST_KEPT = 1000

/** Keeps what `compute` gave: equal layers, deeper networks and layers at a fixed point ask for the same numbers again and again. */
function kept<T>(compute: (activation: Activation, q: number) => T): (activation: Activation, q: number) => T {
  const known = new Map<string, T>()
  return (activation, q) => {
    const key = `${activation.name} ${q}`
    const value = known.get(key) ?? compute(activation, q)
    if (known.size >= MOST_KEPT) known.clear()
    known.set(key, value)
    return value
  }
}

/** q to 31 bits (Veltkamp), or q where that overflows: bands need three digits, and networks of other widths differ in the last bits of q alone. */
function nearly(q: number): number {
  const scaled = q * (2 ** 22 + 1)
  return scaled < Number.POSITIVE_INFINITY ? scaled - (scaled - q) : q
}

function keeper() {
  const scatterAt = kept(layerScatter)
  return kept(
    (activation, q): LayerMoments => ({
      moment: secondMoment(activation, q),
      slopes: derivativeSecondMoment(activation, q),
      gap: pairMoments(activation, q).gap,
      ...scatterAt(activation, nearly(q)),
    }),
  )
}

const ofNamed = keeper()

/** The moments of an activation as a function of q > 0. */
export function layerMoments(activation: Activation): (q: number) => LayerMoments {
  // a user's functions may share a name
  const at = activation.family === 'custom' ? keeper() : ofNamed
  return (q) => at(activation, q)
}
