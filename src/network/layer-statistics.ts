import type { Arena } from '../wasm/instance'
import type { ActivationKernel } from './activation-kernel'
import { type Panels, panelsLen } from './panels'
import { powerOfTwo } from './power-of-two'

/** What is measured of one layer's activations; `exponent` says that the true activations are the stored ones times 2^exponent. */
export interface LayerStatistics {
  secondMoment: number
  /** ln of the second moment; finite where secondMoment underflows or overflows. */
  logSecondMoment: number
  mean: number
  std: number
  zeroFraction: number
  deadFraction: number
  /** Share of h at or beyond an end of the activation's range; null for an activation without ends. */
  saturatedFraction: number | null
  /** Mean cosine over pairs of samples that are not all 0; null with fewer than two. */
  cosine: number | null
  /** Count of h by biased binary exponent; exponentCounts[0] holds zeros and subnormals. */
  exponentCounts: Int32Array
  exponent: number
}

/** Mean of x^2 over the batch, without a scale. */
export function secondMomentOf(arena: Arena, h: Panels): number {
  return arena.scratch(() => sum(columnSums(arena, h).squares) / (h.units * h.batch))
}

/** ln(secondMoment 2^(2 exponent)). */
export function logScaled(arena: Arena, secondMoment: number, exponent: number): number {
  return arena.kernels.log(secondMoment) + 2 * exponent * Math.LN2
}

type Ends = ActivationKernel['ends']

/** Statistics of activations that are the stored ones times 2^exponent; `ends` are those of the activation that they come out of. */
export function layerStatistics(arena: Arena, h: Panels, exponent: number, ends: Ends = null): LayerStatistics {
  return arena.scratch(() => measured(arena, h, exponent, ends))
}

function measured(arena: Arena, h: Panels, exponent: number, ends: Ends): LayerStatistics {
  const { kernels } = arena
  const { sums, squares, zeros } = columnSums(arena, h)
  const count = h.units * h.batch
  const scale = powerOfTwo(exponent)
  const mean = sum(sums) / count
  const secondMoment = sum(squares) / count
  return {
    secondMoment: secondMoment * scale * scale,
    logSecondMoment: logScaled(arena, secondMoment, exponent),
    mean: mean * scale,
    std: Math.sqrt(Math.max(0, secondMoment - mean * mean)) * scale,
    zeroFraction: sum(zeros) / count,
    deadFraction: kernels.deadUnits(h.ptr, h.units, h.panels) / h.units,
    saturatedFraction: ends && saturated(arena, h, ends) / count,
    cosine: meanCosine(arena, h, squares),
    exponentCounts: exponentCounts(arena, h),
    exponent,
  }
}

export function columnSums(arena: Arena, h: Panels): { sums: number[]; squares: number[]; zeros: number[] } {
  const ptr = arena.allocate(h.panels * 192)
  arena.kernels.columnMoments(ptr, h.ptr, h.units, h.panels)
  const result = arena.f64(ptr, h.panels * 24)
  const column = (part: number) => Array.from({ length: h.batch }, (_, j) => result[(j >> 3) * 24 + part * 8 + (j & 7)])
  return { sums: column(0), squares: column(1), zeros: column(2) }
}

/** Ascending, in f64. */
function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** (|sum of unit vectors|^2 - B)/(B (B - 1)) is the mean over pairs of their cosines: O(units B), not O(units B^2). */
function meanCosine(arena: Arena, h: Panels, squares: readonly number[]): number | null {
  const ptr = arena.allocate(h.panels * 64)
  const weights = arena.f64(ptr, h.panels * 8).fill(0)
  let samples = 0
  squares.forEach((square, j) => {
    if (!(square > 0)) return
    weights[j] = 1 / Math.sqrt(square)
    samples++
  })
  if (samples < 2) return null
  const norm = arena.kernels.weightedColumnNorm(h.ptr, h.units, h.panels, ptr)
  // rounding alone may step over 1, by ulps, when samples are alike
  return Math.max(-1, Math.min(1, (norm - samples) / (samples * (samples - 1))))
}

function saturated(arena: Arena, h: Panels, [low, high]: NonNullable<Ends>): number {
  const values = arena.f32(h.ptr, panelsLen(h))
  let total = 0
  for (let panel = 0; panel < h.panels; panel++) {
    const columns = Math.min(8, h.batch - 8 * panel)
    for (let i = panel * h.units * 8; i < (panel + 1) * h.units * 8; i += 8)
      for (let j = i; j < i + columns; j++) if (values[j] <= low || values[j] >= high) total++
  }
  return total
}

function exponentCounts(arena: Arena, h: Panels): Int32Array {
  const ptr = arena.allocate(1024)
  arena.i32(ptr, 256).fill(0)
  arena.kernels.exponentCounts(ptr, h.ptr, h.units, h.batch)
  return arena.i32(ptr, 256).slice()
}

/** Brings x back near 1 by an exact power of two when its second moment has left [2^-40, 2^40]; returns the exponent taken out. */
export function rescale(arena: Arena, x: Panels): number {
  const secondMoment = secondMomentOf(arena, x)
  if (!(secondMoment > 0) || !Number.isFinite(secondMoment)) return 0
  const exponent = binaryExponent(secondMoment)
  if (Math.abs(exponent) < 40) return 0
  const half = exponent >> 1
  arena.kernels.scale(x.ptr, panelsLen(x), powerOfTwo(-half))
  return half
}

/** floor(log2 x) of a positive normal double, from its bits. */
function binaryExponent(x: number): number {
  return ((new DataView(new Float64Array([x]).buffer).getUint16(6, true) >> 4) & 2047) - 1023
}
