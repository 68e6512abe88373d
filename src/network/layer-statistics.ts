import type { Arena } from '../wasm/instance'
import type { ActivationKernel } from './activation-kernel'
import { type Panels, panelsLen } from './panels'
import { binaryExponent, powerOfTwo } from './power-of-two'

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
  return arena.scratch(() => secondMomentFrom(columnSums(arena, h), h))
}

/** ln(secondMoment 2^(2 exponent)). */
export function logScaled(arena: Arena, secondMoment: number, exponent: number): number {
  return arena.kernels.log(secondMoment) + 2 * exponent * Math.LN2
}

type Ends = ActivationKernel['ends']

/** Statistics of activations that are the stored ones times 2^exponent; `ends` are those of the activation that they come out of. */
export function layerStatistics(arena: Arena, h: Panels, exponent: number, ends: Ends = null): LayerStatistics {
  return arena.scratch(() => measured(arena, h, exponent, ends, columnSums(arena, h)))
}

/** The same after rescale(), whose exponent is added to the statistics': one walk over h where nothing is taken out. */
export function rescaledStatistics(arena: Arena, h: Panels, exponent: number, ends: Ends = null): LayerStatistics {
  return arena.scratch(() => {
    const found = columnSums(arena, h)
    const taken = takeOut(arena, h, secondMomentFrom(found, h))
    return measured(arena, h, exponent + taken, ends, taken === 0 ? found : columnSums(arena, h))
  })
}

function measured(arena: Arena, h: Panels, exponent: number, ends: Ends, found: ColumnSums): LayerStatistics {
  const { kernels } = arena
  const { sums, squares, zeros } = found
  const count = h.units * h.batch
  const scale = powerOfTwo(exponent)
  const mean = sum(sums) / count
  const secondMoment = secondMomentFrom(found, h)
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

/** Of each column of the batch. */
interface ColumnSums {
  sums: number[]
  squares: number[]
  zeros: number[]
}

export function columnSums(arena: Arena, h: Panels): ColumnSums {
  const ptr = arena.allocate(h.panels * 192)
  arena.kernels.columnMoments(ptr, h.ptr, h.units, h.panels)
  const result = arena.f64(ptr, h.panels * 24)
  const found: ColumnSums = { sums: [], squares: [], zeros: [] }
  for (let j = 0; j < h.batch; j++) {
    const at = (j >> 3) * 24 + (j & 7)
    found.sums.push(result[at])
    found.squares.push(result[at + 8])
    found.zeros.push(result[at + 16])
  }
  return found
}

function secondMomentFrom({ squares }: ColumnSums, h: Panels): number {
  return sum(squares) / (h.units * h.batch)
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
  arena.kernels.exponentCounts(ptr, h.ptr, h.units, h.batch)
  return arena.i32(ptr, 256).slice()
}

/** Brings x back near 1 by an exact power of two when its second moment has left [2^-40, 2^40]; returns the exponent taken out. */
export function rescale(arena: Arena, x: Panels): number {
  return takeOut(arena, x, secondMomentOf(arena, x))
}

function takeOut(arena: Arena, x: Panels, secondMoment: number): number {
  if (!(secondMoment > 0) || !Number.isFinite(secondMoment)) return 0
  const exponent = binaryExponent(secondMoment)
  if (Math.abs(exponent) < 40) return 0
  const half = exponent >> 1
  arena.kernels.scale(x.ptr, panelsLen(x), powerOfTwo(-half))
  return half
}
