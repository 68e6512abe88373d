/** A small batch on its way through the layers, unit by unit: what the statistics are taken of. */

import { activation as resolve } from '../activations/resolve'
import { initialize, normal } from '../index'
import type { PlainNetwork } from './tasks'

export interface Picture {
  layer: number
  /** Activations, samples x units, row-major, each divided by the layer's root mean square. */
  values: Float32Array
  /** Root mean square of the layer. */
  size: number
}

export interface Passage {
  init: string
  samples: number
  units: number
  pictures: Picture[]
}

const MOST_UNITS = 48
const SAMPLES = 32

/** A narrow network (at most 48 units) of the same depth and laws, weights drawn by the same streams; pictures of at most 8 layers. */
export function passage(options: PlainNetwork): Passage {
  const { depth = 1, width = 1, bias = 0, init = 'he-normal', activation, seed } = options
  const units = Math.min(width, MOST_UNITS)
  const { f } = resolve(activation, 'lab')
  const shown = layersShown(depth)
  let h = normal([SAMPLES, units], { seed, stream: 'input' })
  const pictures = [picture(0, h)]
  for (let layer = 1; layer <= depth; layer++) {
    const w = initialize(init, [units, units], { seed, stream: `layers.${layer}.weight` })
    const b =
      bias > 0 ? normal([units], { seed, stream: `layers.${layer}.bias`, stddev: bias }) : new Float32Array(units)
    h = dense(h, w, b, units).map(f)
    if (shown.includes(layer)) pictures.push(picture(layer, h))
  }
  return { init, samples: SAMPLES, units, pictures }
}

/** h: samples x units; w: units x units, (out, in). */
function dense(h: Float32Array, w: Float32Array, b: Float32Array, units: number): Float32Array<ArrayBuffer> {
  const z = new Float32Array(h.length)
  for (let row = 0; row < h.length; row += units)
    for (let out = 0; out < units; out++) {
      let sum = b[out]
      for (let i = 0; i < units; i++) sum += w[out * units + i] * h[row + i]
      z[row + out] = sum
    }
  return z
}

function picture(layer: number, h: Float32Array): Picture {
  let squares = 0
  for (const x of h) squares += x * x
  const size = Math.sqrt(squares / h.length)
  return { layer, values: size > 0 ? h.map((x) => x / size) : new Float32Array(h.length), size }
}

/** At most seven layers, the last among them, closer together at the beginning. */
function layersShown(depth: number): number[] {
  const wanted = [1, 2, 5, 10, 20, 50, 100].filter((layer) => layer < depth)
  return [...wanted.slice(-6), depth]
}
