/** Inside the layers: cosines, zeros and magnitudes of a full run. */

import { magnitudeChart } from '../charts/magnitude-chart'
import { shareChart } from '../charts/share-chart'
import type { Experiment } from '../index'
import { magnitudeFigure } from '../report/magnitude-figure'
import { short } from '../report/number-text'
import { layersShown, type Table } from '../report/table'
import type { MapCurve } from './cosine-curve'
import { dataTable } from './data-table'
import { drawing, nearScreen } from './drawn-view'
import type { Engine } from './engine'
import { Superseded } from './engine'
import type { Outcome } from './experiment'
import { named } from './outcome-figure'
import type { View } from './signal-view'

interface Cosines {
  experiments: Experiment[]
  maps: MapCurve[]
}

/** Draws into #cosine, #zeros and #histograms and their tables. */
export function insideView(engine: Engine): View {
  const cosine = drawing<Cosines>('cosine', (data, options) => shareChart(cosineChart(data), options))
  const zeros = drawing<Experiment[]>('zeros', (data, options) => shareChart(zerosChart(data), options))
  const histograms = drawing<Experiment[]>('histograms', (data, options) =>
    magnitudeChart(magnitudeFigure(data), options),
  )
  const tables = ['cosine-data', 'zeros-data', 'histograms-data'].map(dataTable)

  let due: Outcome | null = null

  async function map(): Promise<void> {
    if (due === null || !isNear()) return
    const outcome = due
    due = null
    engine.cancel('map')
    // by the names the library knows
    const maps = await Promise.all(
      outcome.experiments.map((experiment) => engine.do('map', { experiment }, { group: 'map' })),
    )
    cosine.show({ experiments: named(outcome), maps })
  }
  const start = () => {
    map().catch((error: unknown) => {
      if (!(error instanceof Superseded)) throw error
    })
  }
  const isNear = nearScreen('cosine', start)

  return {
    show(outcome) {
      if (outcome.stage !== 'full') return
      const experiments = named(outcome)
      zeros.show(experiments)
      histograms.show(experiments)
      tables[0].show(() => [byLayer('Cosine between two inputs (theory)', experiments, cosineCell)])
      tables[1].show(() => [
        byLayer('Share of activations that are 0', experiments, ({ forward }) => forward.zeroFraction.toFixed(3)),
        byLayer('Share of units that are 0 on the whole batch', experiments, ({ forward }) =>
          forward.deadFraction.toFixed(3),
        ),
      ])
      tables[2].show(() => [byLayer('Median magnitude, and how much is zero', experiments, magnitudeCell)])
      due = outcome
      start()
    },
  }
}

type Layer = Experiment['layers'][number]

function byLayer(title: string, experiments: readonly Experiment[], cell: (layer: Layer) => string): Table {
  return {
    title,
    head: ['layer', ...experiments.map(({ config }) => config.init)],
    rows: layersShown(experiments[0].config.depth).map((layer) => [
      String(layer),
      ...experiments.map(({ layers }) => cell(layers[layer - 1])),
    ]),
  }
}

function cosineCell({ forward, theory }: Layer): string {
  if (forward.cosine === null) return '–'
  return `${forward.cosine.toFixed(4)} (${theory.forward.cosine?.toFixed(4) ?? '–'})`
}

function cosineChart({ experiments, maps }: Cosines) {
  const depth = experiments[0].config.depth
  const xLayers = [0, depth] as const
  const lowest = Math.min(0, ...experiments.flatMap(({ layers }) => layers.map(({ forward }) => forward.cosine ?? 0)))
  const yDomain = [Math.floor(lowest * 5) / 5, 1] as const
  return {
    title: 'The cosine between two inputs, layer by layer, and its map',
    panels: [
      {
        title: 'Cosine between two inputs',
        xLabel: 'layer →',
        xDomain: xLayers,
        yDomain,
        series: experiments.map(({ config, layers }) => ({
          label: config.init,
          points: withInput(
            config.inputCosine,
            layers.map((l) => l.forward.cosine),
          ),
          theory: withInput(
            config.inputCosine,
            layers.map((l) => l.theory.forward.cosine),
          ),
        })),
      },
      {
        title: 'Its map: after one more layer',
        xLabel: 'cosine before →',
        xDomain: [0, 1] as const,
        yDomain: [0, 1] as const,
        diagonal: true,
        series: experiments.map(({ config, layers }, i) => {
          const after = layers.map((l) => l.forward.cosine)
          const steps = [config.inputCosine, ...after].slice(0, -1).flatMap((x, k) => {
            const y = after[k]
            return x !== null && y !== null && x >= 0 && y >= 0 ? [{ x, y }] : []
          })
          return { label: config.init, points: steps, theory: maps[i] }
        }),
      },
    ],
  }
}

function withInput(input: number | null, values: readonly (number | null)[]) {
  return [input, ...values].flatMap((y, x) => (y === null ? [] : [{ x, y }]))
}

function zerosChart(experiments: readonly Experiment[]) {
  const panel = (title: string, of: (layer: Layer) => number) => ({
    title,
    xLabel: 'layer →',
    xDomain: [1, Math.max(2, experiments[0].config.depth)] as const,
    yDomain: [0, 1] as const,
    series: experiments.map(({ config, layers }) => ({
      label: config.init,
      points: layers.map((layer) => ({ x: layer.layer, y: of(layer) })),
      theory: [],
    })),
  })
  return {
    title: 'Activations that are zero, and units that are dead',
    panels: [
      panel('Share of zeros', ({ forward }) => forward.zeroFraction),
      panel('Share of dead units', ({ forward }) => forward.deadFraction),
    ],
  }
}

/** The power of two with half of the nonzero activations below it. */
function magnitudeCell({ forward: { histogram, zeroFraction } }: Layer): string {
  const total = histogram.counts.reduce((sum, count) => sum + count, 0)
  let below = 0
  for (const [i, count] of histogram.counts.entries()) {
    below += count
    if (2 * below >= total) return `${short(2 ** (histogram.low + i))} (${Math.round(100 * zeroFraction)} % zero)`
  }
  return 'all zero'
}
