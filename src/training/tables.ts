import type { Race, RaceRate, RaceRun } from './result'
import { hasDiverged } from './verdict'

/** A table of text: the first column names the row. */
export interface RaceTable {
  title: string
  head: string[]
  rows: string[][]
}

/** Initializers down: the window of rates that train, the best accuracy, and the fewest steps to the target loss. */
export function summaryTable({ runs, config }: Race): RaceTable {
  return {
    title: 'Rates that train',
    head: ['init', 'window', 'decades', 'best accuracy', 'at rate', `steps to loss ${config.targetLoss}`],
    rows: runs.map(({ init, window: { lowest, highest, decades }, bestAccuracy, bestRate, stepsToLoss, rates }) => [
      init,
      lowest === null ? 'none' : lowest === highest ? String(lowest) : `${lowest} to ${highest}`,
      lowest === null ? '-' : decades.toFixed(2),
      rates.every(hasDiverged) ? 'diverged' : bestAccuracy.toFixed(3),
      String(bestRate),
      stepsToLoss === null ? '-' : String(stepsToLoss),
    ]),
  }
}

/** Rates down, initializers across: accuracy, and the steps to the target loss. */
export function rateTables({ runs, config }: Race): RaceTable[] {
  const table = (title: string, cell: (rate: RaceRate) => string): RaceTable => ({
    title,
    head: ['rate', ...runs.map(({ init }) => init)],
    rows: runs[0].rates.map(({ lr }, i) => [String(lr), ...runs.map(({ rates }) => cell(rates[i]))]),
  })
  const steps = ({ stepsToLoss }: RaceRate) => (stepsToLoss === null ? '-' : String(stepsToLoss))
  return [
    table(`${accuracyText(config)} after ${config.steps} steps (* trains: at least ${config.threshold})`, (rate) =>
      accuracyCell(rate, config.threshold),
    ),
    table(`Steps to a loss of ${config.targetLoss}`, steps),
  ]
}

/** Layers down: signal and gradient of each initializer before training and after, at its best rate; every n-th layer, and the last. */
export function layerTables(race: Race): RaceTable[] {
  return [
    layerTable(
      race,
      'Signal: mean of h² before training, and after it at the best rate',
      ({ signalBefore }) => signalBefore,
      ({ signalAfter }) => signalAfter,
    ),
    layerTable(
      race,
      `Gradient: mean of (dL/d${race.config.layers ? 'h' : 'z'})² before training, and after it at the best rate`,
      ({ gradientBefore }) => gradientBefore,
      ({ gradientAfter }) => gradientAfter,
    ),
  ]
}

function layerTable(
  { runs, config }: Race,
  title: string,
  before: (run: RaceRun) => (number | null)[],
  after: (rate: RaceRate) => (number | null)[] | null,
): RaceTable {
  const step = Math.max(1, Math.ceil(config.depth / (config.layers ? 16 : 8)))
  const layers = before(runs[0]).flatMap((_, i) => (i % step === 0 || i === config.depth - 1 ? [i] : []))
  const best = runs.map((run) => after(bestRate(run)))
  const cell = (value: number | null | undefined) =>
    value === undefined ? 'diverged' : (value?.toPrecision(3) ?? 'not finite')
  return {
    title,
    head: ['layer', ...runs.flatMap(({ init }) => [init, 'after'])],
    rows: layers.map((i) => [
      layerName(config, i),
      ...runs.flatMap((run, r) => [cell(before(run)[i]), cell(best[r]?.[i])]),
    ]),
  }
}

/** '3', or of a document '3.0 conv'. */
function layerName({ layers }: Race['config'], i: number): string {
  if (layers === null) return String(i + 1)
  const { path, kind } = layers[i]
  return `${path.replace(/\.?layers\[(\d+)\]/g, '.$1').slice(1)} ${kind}`
}

/** What LSUV did to the layers of each initializer that asked for it. */
export function lsuvTables({ runs }: Race): RaceTable[] {
  return runs.flatMap(({ init, lsuv }) =>
    lsuv === null
      ? []
      : [
          {
            title: `What ${init} did to the layers of the first seed`,
            head: ['layer', 'before', 'after', 'weights times', 'steps', ''],
            rows: lsuv.map(({ layer, before, after, scale, iterations, status }) => [
              String(layer),
              ...[before, after, scale].map((value) => value?.toPrecision(4) ?? 'not finite'),
              String(iterations),
              status,
            ]),
          },
        ],
  )
}

/** The rate of a run's best accuracy. */
export function bestRate({ rates, bestRate: best }: RaceRun): RaceRate {
  return rates.find(({ lr }) => lr === best)!
}

function accuracyText({ loss }: Race['config']): string {
  return loss === 'mean-square' ? "Share of the targets' variance explained" : 'Accuracy on the training samples'
}

function accuracyCell(rate: RaceRate, threshold: number): string {
  if (hasDiverged(rate)) return 'diverged'
  const { accuracy, diverged } = rate
  const some = diverged > 0 ? `${diverged} diverged, ` : ''
  return `${some}${accuracy.toFixed(3)}${accuracy >= threshold ? '*' : ''}`
}
