/** Experiments as the data of a figure: one series for each, forward and, where measured, backward. */

import type { Panel, Point, Series } from '../charts/panel'
import type { SignalChart } from '../charts/signal-chart'
import type { Experiment } from '../network/result'
import { activationTitle } from './cause'
import { typeset } from './number-text'

/** The figure of experiments on one network under several initializations: all with the same depth, and all backward or none. */
export function signalFigure(experiments: readonly Experiment[]): SignalChart {
  const { config } = experiments[0]
  const backward = experiments.every((experiment) => experiment.config.backward)
  return {
    title: headline(experiments),
    subtitle: `${networkText(experiments[0])}; ${batchText(experiments[0])}${experiments.length > 1 ? ' under each initialization' : ''}.`,
    caption: captionText(config.seeds),
    panels: [forwardPanel(experiments), ...(backward ? [backwardPanel(experiments)] : [])],
  }
}

/** 'A network of 50 ReLU layers of width 512'. */
export function networkText({ config }: Experiment): string {
  const [features, ...widths] = config.widths
  const even = widths.every((width) => width === widths[0])
  const shown = widths.length > 8 ? [...widths.slice(0, 4), '...', widths[widths.length - 1]] : widths
  const activation = activationTitle(config.activation)
  const layers = config.depth === 1 ? `1 ${activation} layer` : `${config.depth} ${activation} layers`
  const size = even ? `of width ${widths[0]}` : `of widths ${shown.join(', ')}`
  return `A network of ${layers} ${size}${features === widths[0] ? '' : ` on ${features} features`}`
}

function batchText({ config }: Experiment): string {
  const inputs =
    config.input === 'normal'
      ? inNumber(config.batch, 'input')
      : `${inNumber(config.batch, 'sample')} of ${config.input}`
  return `the same ${inputs} and the same ${inNumber(config.seeds, 'seed')}`
}

function captionText(seeds: number): string {
  const measured = seeds > 1 ? `measured (geometric mean and standard deviation, ${seeds} seeds)` : 'measured'
  return `Symbols: ${measured}. Lines: theory. Shaded: theory for 95 % of such networks.`
}

function forwardPanel(experiments: readonly Experiment[]): Panel {
  return {
    title: 'Forward',
    yLabel: 'signal: mean of h² after each layer',
    xLabel: 'layer, from the input (0) on →',
    series: experiments.map(({ config, layers }) => {
      const input = config.inputSecondMoment
      const rows = layers.map(({ layer, forward, theory }) => ({ layer, measured: forward, theory: theory.forward }))
      const { points, theory, band, ...rest } = series(config.init, rows, config.depth)
      return {
        ...rest,
        points: [{ x: 0, y: input }, ...points],
        theory: [{ x: 0, y: input }, ...theory],
        band: [{ x: 0, low: input, high: input }, ...band],
      }
    }),
  }
}

function backwardPanel(experiments: readonly Experiment[]): Panel {
  return {
    title: 'Backward',
    yLabel: 'gradient: mean of (∂L/∂z)² at each layer',
    xLabel: 'layer, from the last back to the first →',
    reverse: true,
    series: experiments.map(({ config, layers }) => {
      const rows = layers.flatMap(({ layer, backward, theory }) =>
        backward ? [{ layer, measured: backward, theory: theory.backward }] : [],
      )
      return series(config.init, rows, 1)
    }),
  }
}

interface Row {
  layer: number
  measured: { secondMoment: number; logStd: number }
  theory: { secondMoment: number; band: readonly [number, number] }
}

function series(label: string, rows: readonly Row[], end: number): Series {
  const last = rows.find(({ layer }) => layer === end)
  return {
    label,
    note: last ? `${typeset(last.measured.secondMoment)} at layer ${end}` : undefined,
    points: rows.map(({ layer, measured }) => momentPoint(layer, measured)),
    theory: rows.map(({ layer, theory }) => ({ x: layer, y: theory.secondMoment })),
    band: rows.map(({ layer, theory }) => ({ x: layer, low: theory.band[0], high: theory.band[1] })),
  }
}

/** A geometric mean over seeds with a standard deviation of its logarithm to both sides. */
export function momentPoint(x: number, { secondMoment: y, logStd }: { secondMoment: number; logStd: number }): Point {
  return { x, y, low: y * Math.exp(-logStd), high: y * Math.exp(logStd) }
}

/** What each code does to the signal: for one initializer, for several. */
const DEEDS: Record<string, readonly [one: string, several: string, after: string]> = {
  stable: ['keeps', 'keep', ' even'],
  vanishing: ['loses', 'lose', ''],
  underflow: ['loses', 'lose', ''],
  dead: ['loses', 'lose', ''],
  exploding: ['blows', 'blow', ' up'],
  overflow: ['blows', 'blow', ' up'],
  narrow: ['is too narrow to keep', 'are too narrow to keep', ''],
  'off-theory': ['leaves theory about', 'leave theory about', ''],
}

/** 'he-normal keeps the signal even; xavier-normal and xavier-simple lose it'. */
export function headline(experiments: readonly { config: { init: string }; verdict: { code: string } }[]): string {
  const groups = new Map<string, string[]>()
  for (const { config, verdict } of experiments) {
    const deed = verdict.code.replace(/^(forward|backward)-/, '')
    const key = `${deed} ${verdict.code.startsWith('backward-') ? 'the gradient' : 'the signal'}`
    groups.set(key, [...(groups.get(key) ?? []), config.init])
  }
  let said = ''
  const clauses = [...groups].map(([key, names]) => {
    const [deed, thing] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]
    const [one, several, after] = DEEDS[deed]
    const object = thing === said ? 'it' : thing
    said = thing
    return `${listed(names)} ${names.length === 1 ? one : several} ${object}${after}`
  })
  return clauses.join('; ')
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

function inNumber(n: number, noun: string): string {
  return n === 1 ? noun : `${n} ${noun}s`
}
