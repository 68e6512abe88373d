import { type Panels, panelStride } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { convolution, weightGradients } from './convolution'
import { type Layer, unitsOf } from './document'

/** dL/dW of a layer, summed over the batch, row-major in the shape of its weights; a fresh copy. */
export function weightGradient(
  arena: Arena,
  layer: Extract<Layer, { kind: 'dense' | 'conv' }>,
  seed: bigint,
  x: Panels,
  delta: Panels,
): Float32Array {
  return arena.scratch(() => {
    if (layer.kind === 'dense') return denseGradient(arena, x, delta)
    const c = convolution(arena, layer, seed)
    const gradients = weightGradients(arena, c, x, delta)
    const all = new Float32Array(layer.groups * c.m * c.k)
    gradients.forEach((ptr, group) => {
      all.set(arena.f32(ptr, c.m * c.k), group * c.m * c.k)
    })
    return all
  })
}

/** delta x^T, a panel's samples after the other's. */
function denseGradient(arena: Arena, x: Panels, delta: Panels): Float32Array {
  const { kernels } = arena
  const [m, k] = [delta.units, x.units]
  const packed = arena.allocate(32 * 8 * Math.ceil(k / 8))
  const gradient = arena.allocate(4 * m * k)
  for (let panel = 0; panel < x.panels; panel++) {
    kernels.packPanelsTransposed(packed, x.ptr + panel * panelStride(x), 8, k, 32)
    const d = delta.ptr + panel * panelStride(delta)
    kernels.multiplyPanels(gradient, 4 * k, 32, d, 32, packed, 32 * 8, m, 8, k, panel > 0 ? 1 : 0)
  }
  return arena.f32(gradient, m * k).slice()
}

/** dL/db, one bias a channel: delta summed over the batch and the channel's positions. */
export function biasGradient(delta: Float32Array, batch: number, { to }: Layer): Float32Array {
  const [channels, units] = [to[0], unitsOf(to)]
  const positions = units / channels
  const sums = new Float64Array(channels)
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < units; i++) sums[Math.floor(i / positions)] += delta[b * units + i]
  return Float32Array.from(sums)
}
