/** Norms with the numbers of a file: normalized in f64, or by the running statistics, then times a scale plus a shift. */

import { wrongValue } from '../check'
import { copyPanels, type Panels, panelsLen } from '../network/panels'
import { type Grouping, normalize, overBatch, overUnits } from '../networks/normalization'
import type { Arena } from '../wasm/instance'
import type { Place } from './chain-network'
import { turnedRows } from './channels-first'

type Norm = Extract<Place, { kind: 'norm' }>

const LANES = 8
const EPSILON = 1e-5

/** The normalized panels and the way back from a gradient there; `read` gives the vectors of the step by their names. */
export function norm(
  arena: Arena,
  place: Norm,
  read: (name: string) => Float32Array,
  x: Panels,
): { out: Panels; back: (delta: Panels) => Panels } {
  const { step } = place
  const { epsilon = EPSILON } = step
  const vector = (name: string | null | undefined) => (name ? perUnit(place, name, read(name)) : null)
  const [scale, shift] = [vector(step.scale), vector(step.shift)]
  const [mean, variance] = [vector(step.mean), vector(step.variance)]
  if (mean !== null && variance !== null) {
    const by = variance.map((v, i) => (scale?.[i] ?? 1) / Math.sqrt(v + epsilon))
    const plus = by.map((s, i) => (shift?.[i] ?? 0) - mean[i] * s)
    return { out: affine(arena, x, by, plus), back: (delta) => affine(arena, delta, by, null) }
  }
  const normal = copyPanels(arena, x)
  const back = normalize(arena, normal, groupingOf(place, normal), step.norm !== 'rms', epsilon)
  const out = scale || shift ? affine(arena, normal, scale, shift) : normal
  return { out, back: (delta) => back(scale ? affine(arena, delta, scale, null) : delta) }
}

function groupingOf({ step, channels }: Norm, x: Panels): Grouping {
  if (step.norm === 'batch') return overBatch(x, channels)
  return step.over === 'channels' ? overChannels(x, channels) : overUnits(x)
}

/** Each position of each sample by itself. */
function overChannels({ units, batch }: Panels, channels: number): Grouping {
  const positions = units / channels
  return {
    count: batch * positions,
    len: channels,
    place(set, c) {
      const b = Math.floor(set / positions)
      return ((b >> 3) * units + c * positions + (set % positions)) * LANES + (b & 7)
    },
  }
}

/** A number for each unit of the panels: of each channel, of each value of a sample, or of all alike. */
function perUnit({ channels, units, turned }: Norm, name: string, given: Float32Array): Float64Array {
  const count = given.length
  if (count !== 1 && count !== channels && count !== units)
    wrongValue('inspect', `'${name}'`, `${channels} values, as what it goes with`, count)
  const values = turned !== null && count === units ? turnedRows(given, turned) : given
  return Float64Array.from({ length: units }, (_, i) => values[Math.floor((i * count) / units)])
}

/** by x + plus, a row a unit; fresh panels. */
function affine(arena: Arena, x: Panels, by: Float64Array | null, plus: Float64Array | null): Panels {
  const out = copyPanels(arena, x)
  const values = arena.f32(out.ptr, panelsLen(out))
  for (let i = 0; i < values.length; i++) {
    const unit = Math.floor(i / LANES) % x.units
    values[i] = values[i] * (by?.[unit] ?? 1) + (plus?.[unit] ?? 0)
  }
  return out
}
