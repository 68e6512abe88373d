import type { Panel } from '../charts/panel'
import type { SignalChart } from '../charts/signal-chart'
import { kernels } from '../wasm/instance'
import { layerName } from './coord-finding'
import type { CoordCheck, CoordRow } from './coord-result'
import type { RaceTable } from './tables'

/** Layers down, steps across: slope, its interval, and what was to be expected. */
export function slopeTable({ config, rows }: CoordCheck): RaceTable {
  const steps = Array.from({ length: config.steps }, (_, t) => t + 1)
  const at = (step: number) => rows.filter((row) => row.step === step)
  return {
    title: `${config.parametrization}: slope of log2 mean |z| over log2 width ± 95 % (! is not flat)`,
    head: ['layer', ...steps.flatMap((step) => [`t = ${step}`, 'expected'])],
    rows: at(1).map((first, i) => [
      layerName(first),
      ...steps.flatMap((step) => [slopeText(at(step)[i]), expectedText(at(step)[i].expected)]),
    ]),
  }
}

/** Layers down, widths across: mean |z| at the last step. */
export function sizeTable({ config, rows }: CoordCheck): RaceTable {
  return {
    title: `${config.parametrization}: mean |z| at t = ${config.steps}`,
    head: ['layer', ...config.widths.map((width) => `width ${width}`)],
    rows: rows
      .filter(({ step }) => step === config.steps)
      .map((row) => [layerName(row), ...row.sizes.map((size) => (size === null ? 'not finite' : size.toPrecision(3)))]),
  }
}

/** The figure: for each check the first step and the last, sizes over log2 of the width, lines the fitted slopes. */
export function coordFigure(checks: readonly CoordCheck[]): SignalChart {
  return {
    title: 'Does a layer keep its size when the network grows wider?',
    subtitle: `${coordText(checks[0])} ${checks.map(({ config, verdict }) => `${config.parametrization}: ${verdict.text}`).join(' ')}`,
    caption:
      'Symbols: mean of |z| over batch and units, over seeds as exp(mean(log)). Lines: least squares in logarithms.',
    panels: checks.flatMap((check) => [...new Set([1, check.config.steps])].map((step) => coordPanel(check, step))),
  }
}

/** One step of one check. */
export function coordPanel({ config, rows }: CoordCheck, step: number): Panel {
  const x = config.widths.map((width) => Number(log2(width).toPrecision(12)))
  return {
    title: `${config.parametrization}, t = ${step}`,
    xLabel: 'log₂ width',
    yLabel: 'mean |z|',
    series: rows
      .filter((row) => row.step === step)
      .map((row) => {
        const points = row.sizes.flatMap((size, i) => (size === null ? [] : [{ x: x[i], y: size }]))
        const note = row.slope === null ? 'no slope' : `slope ${row.slope.toFixed(2)}`
        return { label: layerName(row), note, points, theory: fitted(row, x), band: [] }
      }),
  }
}

/** 'ReLU networks of 3 hidden layers at widths 64 to 2048 on spirals: ...' */
export function coordText({ config }: CoordCheck): string {
  const { hiddenLayers, activation, widths, init, data, batch, steps, optimizer, rate, momentum, seed, seeds } = config
  const method = optimizer === 'sgd' ? `SGD with momentum ${momentum}` : 'Adam'
  const which = `seeds ${seed} to ${BigInt(seed) + BigInt(seeds - 1)}`
  const last = widths[widths.length - 1]
  return `${hiddenLayers} hidden layers, ${activation}, ${init}, widths ${widths[0]} to ${last}, on ${data}: ${steps - 1} ${steps === 2 ? 'step' : 'steps'} of ${method} at rate ${rate} on one batch of ${batch}, ${which}.`
}

/** The fitted line over the widths; nothing without a slope. */
function fitted({ slope, sizes }: CoordRow, x: readonly number[]): { x: number; y: number }[] {
  if (slope === null) return []
  const middle = x.reduce((a, b) => a + b) / x.length
  const level = sizes.reduce<number>((sum, size) => sum + log2(size!), 0) / sizes.length
  return x.map((at) => ({ x: at, y: kernels().exp((level + slope * (at - middle)) * Math.LN2) }))
}

function log2(value: number): number {
  return kernels().log(value) / Math.LN2
}

function slopeText({ slope, interval, finding }: CoordRow): string {
  const mark = finding === 'grows' || finding === 'shrinks' ? '!' : ''
  if (slope === null || interval === null) return `none${mark}`
  return `${signed(slope)} ± ${((interval[1] - interval[0]) / 2).toFixed(2)}${mark}`
}

function expectedText([low, high]: CoordRow['expected']): string {
  if (high === null) return `>= ${low}`
  return low === high ? String(low) : `${low} to ${high}`
}

function signed(value: number): string {
  const text = value.toFixed(2)
  return text === '-0.00' ? '0.00' : text
}
