/** The logarithm of a second moment that is averaged over a batch whose samples share the weights. */
import { type LogMoments, logMoments } from './log-moments'

/** ln of one sample's second moment relative to its mean-field value, and what it has in common with the other samples. */
export interface SampleLog extends LogMoments {
  /** Covariance between two samples; `variance` minus this is each sample's own. */
  shared: number
}

export const NO_SCATTER: SampleLog = { mean: 0, variance: 0, shared: 0 }

// Below this the average of log-normals is log-normal to two percent of its variance.
const NARROW = 0.25
const WIDEST = 600
const NODES = 33
const SPAN = 8

/** Log moments of the mean of `batch` independent log-normals of mean 1 and log variance `spread`, by quadrature. */
export function integratedAverage(spread: number, batch: number): LogMoments {
  // the trapezoidal rule of a smooth function under a Gaussian: step 1/2 leaves exp(-2 (pi/step)^2 ...), far below three digits
  const step = (2 * SPAN) / (NODES - 1)
  const nodes = Array.from({ length: NODES }, (_, i) => {
    const x = -SPAN + i * step
    return {
      weight: (step * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
      value: Math.exp(Math.sqrt(spread) * x - spread / 2) / batch,
    }
  })
  const logLaplace = (t: number) => {
    let sum = 0
    for (const { weight, value } of nodes) sum += weight * Math.expm1(-t * value)
    return batch * Math.log1p(sum)
  }
  return logMoments(logLaplace, -spread / 2 / batch, 1e-7)
}

// A network has a spread for every layer, two ways: interpolating a smooth function of its logarithm, an octave at a time, costs nothing
// beside integrating each. Second-kind Chebyshev points, degree 8.
const DEGREE = 8
const POINTS = Array.from({ length: DEGREE + 1 }, (_, j) => Math.cos((j * Math.PI) / DEGREE))
const MOST_TABLES = 256
const tables = new Map<string, LogMoments[]>()

/** The moments at the Chebyshev points of the octave [NARROW 2^octave, NARROW 2^(octave + 1)]; kept, up to a number of them. */
function octaveTable(octave: number, batch: number): LogMoments[] {
  const key = `${octave} ${batch}`
  const known = tables.get(key)
  if (known) return known
  if (tables.size >= MOST_TABLES) tables.clear()
  const table = POINTS.map((x) => integratedAverage(NARROW * 2 ** (octave + (x + 1) / 2), batch))
  tables.set(key, table)
  return table
}

/** Barycentric interpolation of integratedAverage. */
export function interpolatedAverage(spread: number, batch: number): LogMoments {
  const place = Math.log2(spread / NARROW)
  const octave = Math.floor(place)
  const table = octaveTable(octave, batch)
  const x = 2 * (place - octave) - 1
  let total = 0
  let mean = 0
  let variance = 0
  for (const [j, at] of table.entries()) {
    const distance = x - POINTS[j]
    if (distance === 0) return at
    const weight = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === DEGREE ? 0.5 : 1)) / distance
    total += weight
    mean += weight * at.mean
    variance += weight * at.variance
  }
  return { mean: mean / total, variance: variance / total }
}

/** Log moments of the mean of `batch` independent log-normals of mean 1 and log variance `spread`. */
function averagedLogNormal(spread: number, batch: number): LogMoments {
  // beyond, e^spread is no double, and a batch is worth little more than its largest sample
  if (batch === 1 || spread > WIDEST) return { mean: -spread / 2, variance: spread }
  if (spread > NARROW) return interpolatedAverage(spread, batch)
  const variance = Math.log1p(Math.expm1(spread) / batch)
  return { mean: -variance / 2, variance }
}

/**
 * Log moments of the batch average: each sample is taken as a common log-normal factor (variance `shared`) times one of its own. Averaging shrinks
 * only the latter, and the less the farther the samples have drifted apart.
 */
export function batchLog({ mean, variance, shared }: SampleLog, batch: number): LogMoments {
  const spread = Math.max(0, variance - shared)
  const own = averagedLogNormal(spread, batch)
  // a covariance that is a rounding below 0 may take more off than there is
  return { mean: mean + spread / 2 + own.mean, variance: Math.max(0, variance - spread + own.variance) }
}

/** [low, high]. */
export type Band = [number, number]

// Phi(1.96) = 0.975
export const CENTRAL_95 = 1.959963984540054

/** The central 95 % of a log-normal law whose log is relative to that of `centre`. */
export function centralBand(centre: number, { mean, variance }: LogMoments): Band {
  const reach = CENTRAL_95 * Math.sqrt(variance)
  return [centre * Math.exp(mean - reach), centre * Math.exp(mean + reach)]
}
