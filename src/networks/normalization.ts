import { copyPanels, type Panels, panelsLen } from '../network/panels'
import type { Arena } from '../wasm/instance'

/** Added to the variance, as deep-learning frameworks have it. */
const EPSILON = 1e-5

/** What is normalized together: `count` sets; member(set, i) is the place of its i-th value in the panels' f32. */
export interface Grouping {
  count: number
  len: number
  place(set: number, i: number): number
}

/** In place: (x - mean)/sqrt(variance + epsilon), or x/sqrt(mean square + epsilon) where not centred; returns the way back. Sums run in f64 in the order of each set. */
export function normalize(
  arena: Arena,
  x: Panels,
  grouping: Grouping,
  centred: boolean,
  epsilon = EPSILON,
): (delta: Panels) => Panels {
  const values = arena.f32(x.ptr, panelsLen(x))
  const scales = new Float64Array(grouping.count)
  for (let set = 0; set < grouping.count; set++) {
    const mean = centred ? average(grouping, set, (at) => values[at]) : 0
    const variance = average(grouping, set, (at) => (values[at] - mean) * (values[at] - mean))
    scales[set] = 1 / Math.sqrt(variance + epsilon)
    for (let i = 0; i < grouping.len; i++) {
      const at = grouping.place(set, i)
      values[at] = (values[at] - mean) * scales[set]
    }
  }
  repeatLast(values, x)
  return (delta) => denormalize(arena, x, delta, grouping, centred, scales)
}

/** scale (delta - mean(delta) - h mean(delta h)), h the normalized values; the mean of delta only where they were centred. */
function denormalize(
  arena: Arena,
  out: Panels,
  delta: Panels,
  grouping: Grouping,
  centred: boolean,
  scales: Float64Array,
): Panels {
  const grad = copyPanels(arena, delta)
  const h = arena.f32(out.ptr, panelsLen(out))
  const g = arena.f32(grad.ptr, panelsLen(grad))
  for (let set = 0; set < grouping.count; set++) {
    const mean = centred ? average(grouping, set, (at) => g[at]) : 0
    const along = average(grouping, set, (at) => g[at] * h[at])
    for (let i = 0; i < grouping.len; i++) {
      const at = grouping.place(set, i)
      g[at] = (g[at] - mean - h[at] * along) * scales[set]
    }
  }
  return grad
}

function average({ len, place }: Grouping, set: number, value: (at: number) => number): number {
  let sum = 0
  for (let i = 0; i < len; i++) sum += value(place(set, i))
  return sum / len
}

/** Each sample by itself. */
export function overUnits({ units, batch }: Panels): Grouping {
  return { count: batch, len: units, place: (b, i) => ((b >> 3) * units + i) * 8 + (b & 7) }
}

/** Each channel over the batch and its positions. */
export function overBatch({ units, batch }: Panels, channels: number): Grouping {
  const positions = units / channels
  return {
    count: channels,
    len: batch * positions,
    place(channel, i) {
      const b = Math.floor(i / positions)
      return ((b >> 3) * units + channel * positions + (i % positions)) * 8 + (b & 7)
    },
  }
}

/** Columns beyond the batch repeat its last sample, as the statistics of panels expect. */
function repeatLast(values: Float32Array, { units, batch, panels }: Panels): void {
  const from = (batch - 1) & 7
  for (let i = (panels - 1) * units * 8; i < values.length; i += 8) values.fill(values[i + from], i + from + 1, i + 8)
}
