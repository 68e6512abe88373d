import { plainSeed, summarise } from '../network/aggregate'
import { kernels } from '../wasm/instance'
import type { Race, RaceConfig, RaceRate, RaceRun } from './result'
import { type Heat, heatsOf, type RaceOptions, type RaceProgress, type RaceSpec, raceSpec } from './spec'
import { type Trained, train } from './train'
import { raceVerdict } from './verdict'

/** Steps between two reports of progress. */
const REPORT_EVERY = 10
/** Steps over which stepsToLoss averages. */
const SMOOTHING = 10

/**
 * Trains deep networks under several initializers, each at every learning rate, on the same samples in the same order.
 * z_l = W_l h_(l-1) + b_l, h_l = f(z_l), the last layer linear, or residual networks (methodNames), or the network of a document; weights
 * `layers.L.weight` (fanOut x fanIn) as the initializer of the same name draws them for that seed and stream, biases 0, those of a document
 * as `propagateNetwork` draws them; both are trained. Returns plain data. The same options give the same bits,
 * every loss included, on every engine.
 * @throws TypeError or RangeError naming the option, OutOfMemoryError
 */
export function race(options: RaceOptions = {}): Race {
  const spec = raceSpec('race', options)
  const heats = heatsOf(spec)
  const trained = heats.map((heat, i) =>
    trainHeat(spec, heat, ({ share, ...at }) =>
      options.onProgress?.({ ...heat, ...at, share: (i + share) / heats.length }),
    ),
  )
  return raceResult(spec, trained)
}

/** How far one network of a race is: the share of its own steps, in (0, 1], and the loss of the last one. */
export type HeatProgress = Pick<RaceProgress, 'step' | 'loss' | 'share'>

/** One network of a race, with a report every few steps and at the end. */
export function trainHeat(spec: RaceSpec, heat: Heat, report: (progress: HeatProgress) => void): Trained {
  const init = spec.inits.find(({ name }) => name === heat.init)!
  const trained = train(spec, init, heat.rate, heat.seed, (step, loss) => {
    if (step % REPORT_EVERY === 0 && step < spec.steps) report({ step, loss, share: step / spec.steps })
  })
  const steps = trained.losses.length
  report({ step: steps, loss: trained.losses[steps - 1], share: 1 })
  return trained
}

/** The race from its networks in the order of heatsOf. */
export function raceResult(spec: RaceSpec, trained: readonly Trained[]): Race {
  const perRate = spec.seeds.length
  const perInit = perRate * spec.rates.length
  const runs = spec.inits.map(({ name }, i): RaceRun => {
    const own = trained.slice(i * perInit, (i + 1) * perInit)
    const rates = spec.rates.map((lr, r) => rateResult(spec, lr, own.slice(r * perRate, (r + 1) * perRate)))
    return runResult(spec, name, own.slice(0, perRate), rates)
  })
  return {
    schemaVersion: 1,
    preset: spec.preset,
    config: configOf(spec),
    runs,
    verdict: raceVerdict(runs, spec.threshold),
  }
}

function runResult(spec: RaceSpec, init: string, first: readonly Trained[], rates: RaceRate[]): RaceRun {
  const best = rates.reduce((a, b) => (b.accuracy > a.accuracy ? b : a))
  const steps = rates.flatMap(({ stepsToLoss }) => stepsToLoss ?? [])
  return {
    init,
    bestAccuracy: best.accuracy,
    bestRate: best.lr,
    window: windowOf(rates, spec.threshold),
    trains: rates.filter(({ accuracy }) => accuracy >= spec.threshold).length,
    stepsToLoss: steps.length ? Math.min(...steps) : null,
    signalBefore: geometricMeans(first.map(({ before }) => before!.signal)),
    gradientBefore: geometricMeans(first.map(({ before }) => before!.gradient)),
    lsuv: first[0].lsuv,
    rates,
  }
}

function rateResult(spec: RaceSpec, lr: number, seeds: readonly Trained[]): RaceRate {
  const accuracies = seeds.map(({ accuracy }) => accuracy)
  const diverged = seeds.filter((seed) => seed.diverged).length
  const losses = Array.from({ length: spec.steps }, (_, step) => {
    const loss = seeds.reduce((sum, seed) => sum + (seed.losses[step] ?? Number.NaN), 0) / seeds.length
    return Number.isFinite(loss) ? loss : null
  })
  return {
    lr,
    accuracy: accuracies.reduce((a, b) => a + b) / seeds.length,
    accuracies,
    diverged,
    stepsToLoss: stepsTo(spec.targetLoss, losses),
    signalAfter: diverged > 0 ? null : geometricMeans(seeds.map(({ after }) => after!.signal)),
    gradientAfter: diverged > 0 ? null : geometricMeans(seeds.map(({ after }) => after!.gradient)),
    losses,
  }
}

/** Each layer's second moment over the seeds, from logarithms. */
function geometricMeans(seeds: readonly number[][]): (number | null)[] {
  return seeds[0].map((_, layer) => {
    const logs = seeds.map((seed) => seed[layer])
    const { geometricMean } = summarise(kernels(), logs)
    return Number.isFinite(geometricMean) ? geometricMean : null
  })
}

function stepsTo(target: number, losses: readonly (number | null)[]): number | null {
  for (let step = SMOOTHING; step <= losses.length; step++) {
    const last = losses.slice(step - SMOOTHING, step).map((loss) => loss ?? Number.NaN)
    if (last.reduce((a, b) => a + b) / SMOOTHING <= target) return step
  }
  return null
}

/** The widest unbroken stretch of rates that train, the lowest of equals. */
function windowOf(rates: readonly RaceRate[], threshold: number): RaceRun['window'] {
  let best: RaceRun['window'] = { lowest: null, highest: null, decades: 0 }
  let lowest: number | null = null
  for (const { lr, accuracy } of rates) {
    lowest = accuracy >= threshold ? (lowest ?? lr) : null
    if (lowest === null) continue
    const decades = kernels().log(lr / lowest) / Math.LN10
    if (best.lowest === null || decades > best.decades) best = { lowest, highest: lr, decades }
  }
  return best
}

function configOf(spec: RaceSpec): RaceConfig {
  return {
    widths: spec.widths,
    depth: spec.widths.length - 1,
    activation: spec.activation?.activation.name ?? null,
    network: spec.network,
    layers: spec.layers,
    loss: spec.loss,
    optimizer: spec.optimizer.name,
    momentum: spec.optimizer.momentum,
    batch: spec.batch,
    steps: spec.steps,
    data: spec.dataKind,
    samples: spec.data.rows,
    seed: plainSeed(spec.seeds[0]),
    seeds: spec.seeds.length,
    threshold: spec.threshold,
    targetLoss: spec.targetLoss,
  }
}
