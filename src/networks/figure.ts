/** An experiment with a network document as the data of a figure: the layers of its trunk, those of branches left out. */

import type { Panel } from '../charts/panel'
import type { SignalChart } from '../charts/signal-chart'
import type { Band } from '../network/result'
import { headline, momentPoint } from '../report/figure'
import { typeset } from '../report/number-text'
import type { NetworkExperiment, NetworkLayerResult } from './result'

/** 'A network of 4 conv, 2 dense and 5 activation layers on 3 x 16 x 16 values'. */
export function documentText({ config, layers }: NetworkExperiment): string {
  const kinds = new Map<string, number>()
  for (const { kind } of layers) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const parts = [...kinds].map(([kind, count]) => `${count} ${kind}`)
  const listed = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`
  const { network } = config
  const size = 'input' in network ? network.input : 'widths' in network ? [network.widths[0]] : [network.width]
  return `A network of ${listed} ${layers.length === 1 ? 'layer' : 'layers'} on ${size.join(' x ')} values`
}

/** Layers that no residual has in its branch. */
export function trunk(layers: readonly NetworkLayerResult[]): NetworkLayerResult[] {
  return layers.filter(({ path }) => !path.includes('.'))
}

/** The figure of experiments on one document, one series for each. */
export function documentFigure(experiments: readonly NetworkExperiment[]): SignalChart {
  const [{ config }] = experiments
  const inputs = `${config.batch} ${config.batch === 1 ? 'input' : 'inputs'}`
  const seeds = `${config.seeds} ${config.seeds === 1 ? 'seed' : 'seeds'}`
  const spread = config.seeds > 1 ? ` (geometric mean and standard deviation, ${seeds})` : ''
  return {
    title: headline(experiments),
    subtitle: `${documentText(experiments[0])}; ${inputs}, ${seeds}; the initialization is that of the layers that name none.`,
    caption: `Symbols: measured${spread}. Lines: theory, where it has a formula. Shaded: theory for 95 % of such networks. A residual counts as one layer.`,
    panels: [forwardPanel(experiments), ...(config.backward ? [backwardPanel(experiments)] : [])],
  }
}

function forwardPanel(experiments: readonly NetworkExperiment[]): Panel {
  return {
    title: 'Forward',
    yLabel: 'signal: mean of h² after each layer',
    xLabel: 'layer, from the input (0) on →',
    series: experiments.map(({ config, layers }) => {
      const rows = trunk(layers)
      const input = { x: 0, y: config.inputSecondMoment }
      const last = rows[rows.length - 1].forward.secondMoment
      return {
        label: config.init,
        note: `${typeset(last)} at the last layer`,
        points: [input, ...rows.map(({ forward }, i) => momentPoint(i + 1, forward))],
        theory: [input, ...lineOf(rows.map(({ theory }) => theory.forward))],
        band: bandOf(rows.map(({ theory }) => theory.forwardBand)),
      }
    }),
  }
}

function backwardPanel(experiments: readonly NetworkExperiment[]): Panel {
  return {
    title: 'Backward',
    yLabel: 'gradient: mean of (∂L/∂h)² at each layer',
    xLabel: 'layer, from the last back to the first →',
    reverse: true,
    series: experiments.map(({ config, layers }) => {
      const rows = trunk(layers)
      const points = rows.flatMap(({ backward }, i) => (backward ? [momentPoint(i + 1, backward)] : []))
      return {
        label: config.init,
        note: `${typeset(points[0].y)} at the first layer`,
        points,
        theory: lineOf(rows.map(({ theory }) => theory.backward)),
        band: bandOf(rows.map(({ theory }) => theory.backwardBand)),
      }
    }),
  }
}

function lineOf(values: readonly (number | null)[]): { x: number; y: number }[] {
  return values.flatMap((y, i) => (y === null ? [] : [{ x: i + 1, y }]))
}

function bandOf(bands: readonly (Band | null)[]): { x: number; low: number; high: number }[] {
  return bands.flatMap((band, i) => (band === null ? [] : [{ x: i + 1, low: band[0], high: band[1] }]))
}
