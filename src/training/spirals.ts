import { finite, integer, options, withDefault } from '../check'
import { fillNormal } from '../random/draw'
import { type Seed, seedWord } from '../random/stream'
import { inArena } from '../wasm/instance'
import type { Dataset } from './dataset'

/** Points on interleaved spiral arms in the plane, one arm a class (the toy task of Stanford's CS231n). */
export interface Spirals {
  kind: 'spirals'
  /** Arms, >= 2; default 3. */
  classes?: number
  /** Points of each arm, >= 2; default 200. */
  samples?: number
  /** Standard deviation of the angle, in radians; default 0.2. */
  noise?: number
  /** Default 0. */
  seed?: Seed
}

/** Radians that an arm turns from its inner end to its outer one. */
const TURN = 4
/** The kind of sin in assembly/activation/kinds.ts. */
const SIN = 13

/**
 * Point i of arm c lies at radius r = i/(samples - 1) and angle 4 (c + r) + noise z, z value c samples + i of stream 'spirals';
 * coordinates times sqrt(6), so that their mean square is about 1. Two features.
 */
export function spirals(where: string, given: object): Dataset {
  const known = options<Spirals>(`${where}: data`, given, ['kind', 'classes', 'samples', 'noise', 'seed'])
  const classes = integer(where, 'data.classes', withDefault(known.classes, 3), 2, 1000)
  const samples = integer(where, 'data.samples', withDefault(known.samples, 200), 2, 1_000_000)
  const noise = finite(where, 'data.noise', withDefault(known.noise, 0.2), 0)
  const rows = classes * samples
  const z = fillNormal(new Float32Array(rows), { seed: seedWord(where, known.seed), stream: 'spirals' })
  const radius = (i: number) => (i % samples) / (samples - 1)
  const angles = Float32Array.from(z, (z, i) => TURN * (Math.floor(i / samples) + radius(i)) + noise * z)
  const across = sines(angles)
  const along = sines(angles.map((angle) => angle + Math.PI / 2))
  const features = new Float32Array(2 * rows)
  for (let i = 0; i < rows; i++) {
    const r = Math.sqrt(6) * radius(i)
    features[2 * i] = r * across[i]
    features[2 * i + 1] = r * along[i]
  }
  const labels = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / samples))
  return { features, rows, columns: 2, targets: { kind: 'labels', labels, classes } }
}

/** sin of each angle, the same bits on every engine. */
function sines(angles: Float32Array): Float32Array {
  return inArena((arena) => {
    const len = Math.ceil(angles.length / 4) * 4
    const ptr = arena.allocate(4 * len)
    arena.f32(ptr, len).fill(0)
    arena.f32(ptr, len).set(angles)
    arena.kernels.activate(SIN, ptr, len, 0)
    return arena.f32(ptr, angles.length).slice()
  })
}
