import type { Panels } from '../network/panels'
import type { Arena } from '../wasm/instance'

/** One bias a channel, at every position of it. */
export function addBias(arena: Arena, z: Panels, channels: number, biasPtr: number): void {
  const positions = z.units / channels
  if (positions === 1) {
    arena.kernels.addBias(z.ptr, biasPtr, z.units, z.panels)
    return
  }
  arena.scratch(() => {
    const all = arena.allocate(4 * z.units)
    const [from, to] = [arena.f32(biasPtr, channels), arena.f32(all, z.units)]
    for (let i = 0; i < z.units; i++) to[i] = from[Math.floor(i / positions)]
    arena.kernels.addBias(z.ptr, all, z.units, z.panels)
  })
}

/** The sum over samples, then in f64 over the positions of each channel, ascending. */
export function biasGradient(arena: Arena, toPtr: number, channels: number, delta: Panels): void {
  const positions = delta.units / channels
  arena.scratch(() => {
    const all = arena.allocate(4 * delta.units)
    arena.kernels.biasGradient(all, delta.ptr, delta.units, delta.panels)
    const [from, to] = [arena.f32(all, delta.units), arena.f32(toPtr, channels)]
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let p = 0; p < positions; p++) sum += from[channel * positions + p]
      to[channel] = sum
    }
  })
}
