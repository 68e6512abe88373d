/** An experiment with a network document as a table of text. */

import type { Band, SeedStatistics } from '../network/result'
import { short } from '../report/number-text'
import { layersShown, SATURATED, saturates, share, type Table } from '../report/table'
import type { NetworkExperiment, NetworkLayerResult } from './result'

/** Beyond it only some layers have a row. */
const MOST_ROWS = 60

/** Indices of the layers that have a row. */
function shownOf({ layers }: NetworkExperiment): number[] {
  return layers.length <= MOST_ROWS ? [...layers.keys()] : layersShown(layers.length).map((layer) => layer - 1)
}

const named = (path: string) => path.replace(/layers\[(\d+)\]/g, '$1')

/** Layers down, initializers across: forward with theory in brackets, and backward where measured. */
export function documentComparison(experiments: readonly NetworkExperiment[]): Table[] {
  const [first] = experiments
  const table = (title: string, cell: (layer: NetworkLayerResult) => string): Table => ({
    title,
    head: ['layer', 'kind', ...experiments.map(({ config }) => config.init)],
    rows: shownOf(first).map((i) => [
      ...[named(first.layers[i].path), first.layers[i].kind],
      ...experiments.map(({ layers }) => cell(layers[i])),
    ]),
  })
  const beside = (measured: number, theory: number | null) => `${short(measured, 3)} (${or(theory)})`
  const forward = table('Forward: mean of h² after each layer (theory)', ({ forward, theory }) =>
    beside(forward.secondMoment, theory.forward),
  )
  const saturated = table(`${SATURATED} (theory)`, ({ forward, theory }) =>
    forward.saturatedFraction === null
      ? '-'
      : `${share(forward.saturatedFraction)} (${share(theory.saturatedFraction)})`,
  )
  const there = saturates(first) ? [forward, saturated] : [forward]
  if (!first.config.backward) return there
  const backward = table('Backward: mean of (dL/dh)² at each layer (theory)', ({ backward, theory }) =>
    backward ? beside(backward.secondMoment, theory.backward) : '',
  )
  return [...there, backward]
}

/** Layers down, measured beside theory across; of a deep network those that are worth a row. */
export function documentTable(experiment: NetworkExperiment): Table {
  const { config, layers } = experiment
  const many = config.seeds > 1
  const seeds = ['95 % by theory', ...(many ? ['95 % of seeds', 'z'] : [])]
  const saturated = saturates(experiment) ? ['saturated', 'theory'] : []
  const back = config.backward ? ['gradient²', 'theory', ...seeds, '|dL/dW|'] : []
  return {
    title: 'After each layer: mean of h² and, on the way back, of (dL/dh)²',
    head: ['layer', 'kind', 'size', 'mean of h²', 'theory', ...seeds, 'zeros', ...saturated, 'cosine', ...back],
    rows: shownOf(experiment).map((i) => row(layers[i], many, saturates(experiment))),
  }
}

function row(layer: NetworkLayerResult, many: boolean, saturated: boolean): string[] {
  const { path, kind, size, forward, backward, theory, statistics } = layer
  const scatter = (band: Band | null, found: SeedStatistics | null) => [
    stretch(band),
    ...(many ? [stretch(found?.band ?? null), found?.z == null ? '-' : found.z.toFixed(1)] : []),
  ]
  return [
    named(path),
    kind,
    size.join(' x '),
    short(forward.secondMoment, 3),
    or(theory.forward),
    ...scatter(theory.forwardBand, statistics.forward),
    forward.zeroFraction.toFixed(3),
    ...(saturated ? [share(forward.saturatedFraction), share(theory.saturatedFraction)] : []),
    or(forward.cosine),
    ...(backward
      ? [
          short(backward.secondMoment, 3),
          or(theory.backward),
          ...scatter(theory.backwardBand, statistics.backward),
          or(backward.weightGradNorm),
        ]
      : []),
  ]
}

function stretch(band: Band | null): string {
  return band === null ? '-' : band.map((value) => short(value)).join(' .. ')
}

function or(value: number | null): string {
  return value === null ? '-' : short(value, 3)
}
