/** An experiment with a network document as a table of text. */

import type { SeedStatistics } from '../network/result'
import { short } from '../report/number-text'
import { layersShown, type Table } from '../report/table'
import type { NetworkExperiment, NetworkLayerResult } from './result'

/** Beyond it only some layers have a row. */
const MOST_ROWS = 60

/** Layers down, measured beside theory across; of a deep network those that are worth a row. */
export function documentTable({ config, layers }: NetworkExperiment): Table {
  const shown = layers.length <= MOST_ROWS ? layers : layersShown(layers.length).map((layer) => layers[layer - 1])
  const many = config.seeds > 1
  const seeds = many ? ['95 % of seeds'] : []
  const back = config.backward ? ['gradient²', 'theory', ...seeds, '|dL/dW|'] : []
  return {
    title: 'After each layer: mean of h² and, on the way back, of (dL/dh)²',
    head: ['layer', 'kind', 'size', 'mean of h²', 'theory', ...seeds, 'zeros', 'cosine', ...back],
    rows: shown.map((layer) => row(layer, many)),
  }
}

function row({ path, kind, size, forward, backward, theory, statistics }: NetworkLayerResult, many: boolean): string[] {
  const scatter = (found: SeedStatistics | null) =>
    many ? [found === null ? '-' : found.band.map((value) => short(value)).join(' .. ')] : []
  return [
    path.replace(/layers\[(\d+)\]/g, '$1'),
    kind,
    size.join(' x '),
    short(forward.secondMoment, 3),
    or(theory.forward),
    ...scatter(statistics.forward),
    forward.zeroFraction.toFixed(3),
    or(forward.cosine),
    ...(backward
      ? [
          short(backward.secondMoment, 3),
          or(theory.backward),
          ...scatter(statistics.backward),
          or(backward.weightGradNorm),
        ]
      : []),
  ]
}

function or(value: number | null): string {
  return value === null ? '-' : short(value, 3)
}
