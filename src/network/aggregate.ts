import type { Kernels } from '../wasm/kernels'
import type { LayerStatistics } from './layer-statistics'
import type { LayerResult, SeedResult } from './result'
import type { NetworkSpec } from './spec'
import type { SeedMeasurement } from './weights-engine'

/** One layer over all seeds, as measured. */
export type MeasuredLayer = Omit<LayerResult, 'theory' | 'statistics' | 'ratios'>

interface LogSummary {
  /** exp of the mean of logs. */
  geometricMean: number
  /** Standard deviation of the logs (divided by count - 1); 0 with one seed. */
  logStd: number
}

/** One row a layer: moments averaged over seeds as exp(mean(log)), everything else as a plain mean. */
export function aggregate(kernels: Kernels, spec: NetworkSpec, seeds: readonly SeedMeasurement[]): MeasuredLayer[] {
  return spec.widths.slice(1).map((fanOut, i) => {
    return {
      layer: i + 1,
      fanIn: spec.widths[i],
      fanOut,
      forward: forwardResult(
        kernels,
        seeds.map((seed) => seed.forward[i]),
      ),
      backward: spec.backward ? backwardResult(kernels, seeds, i) : null,
    }
  })
}

/** One layer's activations over the seeds. */
export function forwardResult(kernels: Kernels, layers: readonly LayerStatistics[]): LayerResult['forward'] {
  const moment = summarise(
    kernels,
    layers.map((l) => l.logSecondMoment),
  )
  return {
    secondMoment: moment.geometricMean,
    logStd: moment.logStd,
    mean: mean(layers.map((l) => l.mean)),
    std: mean(layers.map((l) => l.std)),
    zeroFraction: mean(layers.map((l) => l.zeroFraction)),
    deadFraction: mean(layers.map((l) => l.deadFraction)),
    saturatedFraction: meanOf(layers.map((l) => l.saturatedFraction)),
    cosine: meanOf(layers.map((l) => l.cosine)),
    histogram: histogram(layers),
  }
}

function backwardResult(kernels: Kernels, seeds: readonly SeedMeasurement[], i: number): MeasuredLayer['backward'] {
  const layers = seeds.map((seed) => seed.backward![i])
  const moment = summarise(
    kernels,
    layers.map((l) => l.logSecondMoment),
  )
  const norm = summarise(
    kernels,
    layers.map((l) => l.logWeightGradNorm),
  )
  return { secondMoment: moment.geometricMean, logStd: moment.logStd, weightGradNorm: norm.geometricMean }
}

/** Each seed's second moments, layer by layer. */
export function seedResults(kernels: Kernels, seeds: readonly SeedMeasurement[]): SeedResult[] {
  return seeds.map((s) => ({
    seed: plainSeed(s.seed),
    forwardSecondMoment: s.forward.map((l) => l.secondMoment),
    backwardSecondMoment: s.backward ? s.backward.map((l) => kernels.exp(l.logSecondMoment)) : [],
  }))
}

/** A number where it is exact, else its decimal digits. */
export function plainSeed(seed: bigint): number | string {
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed.toString()
}

/** Geometric mean and spread from logarithms, both 0 when a seed's moment is 0; sums run in the seeds' order. */
export function summarise(kernels: Kernels, logs: readonly number[]): LogSummary {
  const centre = mean(logs)
  if (centre === Number.NEGATIVE_INFINITY) return { geometricMean: 0, logStd: 0 }
  let squares = 0
  for (const log of logs) squares += (log - centre) * (log - centre)
  const logStd = logs.length > 1 ? Math.sqrt(squares / (logs.length - 1)) : 0
  return { geometricMean: kernels.exp(centre), logStd }
}

/** Plain mean of what is not null; null when nothing is left. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((v) => v !== null)
  return known.length === 0 ? null : mean(known)
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Exponent counts of all seeds on one axis, trimmed to where there are any. */
function histogram(layers: readonly LayerStatistics[]): LayerResult['forward']['histogram'] {
  const total = new Map<number, number>()
  for (const { exponentCounts, exponent } of layers)
    for (let biased = 1; biased < 255; biased++) {
      const count = exponentCounts[biased]
      if (count > 0) total.set(biased - 127 + exponent, (total.get(biased - 127 + exponent) ?? 0) + count)
    }
  if (total.size === 0) return { low: 0, counts: [] }
  const exponents = [...total.keys()]
  const low = exponents.reduce((a, b) => Math.min(a, b))
  const high = exponents.reduce((a, b) => Math.max(a, b))
  return { low, counts: Array.from({ length: high - low + 1 }, (_, i) => total.get(low + i) ?? 0) }
}
