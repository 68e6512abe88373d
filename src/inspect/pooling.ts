/** The largest value, or the mean, of a window over each channel; f32 values, means in f64. */

import { allocatePanels, type Panels, panelsLen } from '../network/panels'
import { sourcePositions, type Window } from '../networks/window'
import type { Arena } from '../wasm/instance'
import type { Place } from './chain-network'

type Pool = Extract<Place, { kind: 'pool' }>

const LANES = 8

/** The pooled panels, columns beyond the batch carried along, and the way back from a gradient there. */
export function pool(arena: Arena, place: Pool, x: Panels): { out: Panels; back: (delta: Panels) => Panels } {
  const { window, channels } = place
  const [positions, inputs] = [product(window.to), product(window.from)]
  const out = allocatePanels(arena, channels * positions, x.batch)
  const source = sourcePositions(window)
  const counts = place.largest ? null : divisors(window, source, place.countPads)
  const [from, to] = [arena.f32(x.ptr, panelsLen(x)), arena.f32(out.ptr, panelsLen(out))]
  // of a maximum, where it was read; the first of equals, as frameworks have it
  const chosen = place.largest ? new Int32Array(to.length) : null
  const taps = source.length / positions
  eachValue(x.panels * channels, positions, (row, p, lane) => {
    const at = (row * positions + p) * LANES + lane
    const begin = row * inputs
    const reads = source.subarray(p * taps, (p + 1) * taps)
    if (counts !== null) to[at] = sum(from, reads, begin, lane) / counts[p]
    else {
      const best = largest(from, reads, begin, lane)
      chosen![at] = best
      to[at] = best < 0 ? Number.NEGATIVE_INFINITY : from[best]
    }
  })
  return { out, back: (delta) => spread(arena, x, delta, { ...place, source, chosen, counts }) }
}

function eachValue(rows: number, positions: number, body: (row: number, p: number, lane: number) => void): void {
  for (let row = 0; row < rows; row++)
    for (let p = 0; p < positions; p++) for (let lane = 0; lane < LANES; lane++) body(row, p, lane)
}

function sum(from: Float32Array, reads: Int32Array, begin: number, lane: number): number {
  let total = 0
  for (const read of reads) if (read >= 0) total += from[(begin + read) * LANES + lane]
  return total
}

/** Index of the largest value, -1 where nothing is read. */
function largest(from: Float32Array, reads: Int32Array, begin: number, lane: number): number {
  let best = -1
  for (const read of reads) {
    if (read < 0) continue
    const at = (begin + read) * LANES + lane
    if (best < 0 || from[at] > from[best] || Number.isNaN(from[at])) best = at
  }
  return best
}

interface Spread {
  window: Window
  channels: number
  source: Int32Array
  chosen: Int32Array | null
  counts: Float64Array | null
}

/** Each gradient to where its maximum was read, or in equal shares to all that its mean was taken of. */
function spread(arena: Arena, x: Panels, delta: Panels, { window, channels, source, chosen, counts }: Spread): Panels {
  const grad = allocatePanels(arena, x.units, delta.batch)
  const [to, from] = [arena.f32(grad.ptr, panelsLen(grad)), arena.f32(delta.ptr, panelsLen(delta))]
  const [positions, inputs] = [product(window.to), product(window.from)]
  const taps = source.length / positions
  to.fill(0)
  eachValue(delta.panels * channels, positions, (row, p, lane) => {
    const at = (row * positions + p) * LANES + lane
    if (chosen !== null) {
      if (chosen[at] >= 0) to[chosen[at]] += from[at]
      return
    }
    const share = from[at] / counts![p]
    for (const read of source.subarray(p * taps, (p + 1) * taps))
      if (read >= 0) to[(row * inputs + read) * LANES + lane] += share
  })
  return grad
}

/** What each mean is divided by: values within, or also the zeros of the border, those that ceil adds behind it apart. */
function divisors(window: Window, source: Int32Array, countPads: boolean): Float64Array {
  const positions = product(window.to)
  const taps = source.length / positions
  return Float64Array.from({ length: positions }, (_, p) =>
    countPads
      ? paddedTaps(window, p)
      : Math.max(
          1,
          source.subarray(p * taps, (p + 1) * taps).reduce((n, read) => n + (read >= 0 ? 1 : 0), 0),
        ),
  )
}

function paddedTaps({ from, to, kernel, stride, dilation, before, behind }: Window, position: number): number {
  let [rest, count] = [position, 1]
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const begin = (rest % to[axis]) * stride[axis] - (before?.[axis] ?? 0)
    rest = Math.floor(rest / to[axis])
    const room = Math.ceil((from[axis] + (behind?.[axis] ?? 0) - begin) / (dilation?.[axis] ?? 1))
    count *= Math.min(kernel[axis], room)
  }
  return count
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1)
}
