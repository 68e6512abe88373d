/** An experiment with a network document as the data of a figure: the layers of its trunk, those of branches left out. */

import type { Panel, Point } from '../charts/panel'
import type { SignalChart } from '../charts/signal-chart'
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

const HEADLINES: Record<string, string> = {
  stable: 'The network keeps its signal',
  'forward-vanishing': 'The network loses its signal',
  'forward-exploding': 'The network blows its signal up',
  'backward-vanishing': 'The network loses its gradient',
  'backward-exploding': 'The network blows its gradient up',
}

export function documentFigure(experiment: NetworkExperiment): SignalChart {
  const { config, verdict } = experiment
  const inputs = `${config.batch} ${config.batch === 1 ? 'input' : 'inputs'}`
  const seeds = `${config.seeds} ${config.seeds === 1 ? 'seed' : 'seeds'}`
  const spread = config.seeds > 1 ? ` (geometric mean and standard deviation, ${seeds})` : ''
  return {
    title: HEADLINES[verdict.code],
    subtitle: `${documentText(experiment)}; ${inputs}, ${seeds}, ${config.init} where no init is named.`,
    caption: `Symbols: measured${spread}. Lines: theory for wide layers, where it has a formula. A residual counts as one layer.`,
    panels: [forwardPanel(experiment), ...(config.backward ? [backwardPanel(experiment)] : [])],
  }
}

function forwardPanel({ config, layers }: NetworkExperiment): Panel {
  const rows = trunk(layers)
  const input = { x: 0, y: config.inputSecondMoment }
  const last = rows[rows.length - 1].forward.secondMoment
  return {
    title: 'Forward',
    yLabel: 'signal: mean of h² after each layer',
    xLabel: 'layer, from the input (0) on →',
    series: [
      {
        label: 'measured',
        note: `${typeset(last)} at the last layer`,
        points: [input, ...rows.map(({ forward }, i) => point(i + 1, forward))],
        theory: [input, ...lineOf(rows.map(({ theory }) => theory.forward))],
        band: [],
      },
    ],
  }
}

function backwardPanel({ layers }: NetworkExperiment): Panel {
  const rows = trunk(layers)
  const points = rows.flatMap(({ backward }, i) => (backward ? [point(i + 1, backward)] : []))
  return {
    title: 'Backward',
    yLabel: 'gradient: mean of (∂L/∂h)² at each layer',
    xLabel: 'layer, from the last back to the first →',
    reverse: true,
    series: [
      {
        label: 'measured',
        note: `${typeset(points[0].y)} at the first layer`,
        points,
        theory: lineOf(rows.map(({ theory }) => theory.backward)),
        band: [],
      },
    ],
  }
}

function point(x: number, { secondMoment: y, logStd }: { secondMoment: number; logStd: number }): Point {
  return { x, y, low: y * Math.exp(-logStd), high: y * Math.exp(logStd) }
}

function lineOf(values: readonly (number | null)[]): { x: number; y: number }[] {
  return values.flatMap((y, i) => (y === null ? [] : [{ x: i + 1, y }]))
}
