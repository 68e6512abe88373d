/** The two layers that teaching notes work through, with every number: 4 -> 3 and 128 -> 64. */

import { initialize, initStd, moments } from '../index'
import { writeCsv } from '../io/csv'
import { plain } from '../report/number-text'
import { canvasOf } from './batch-view'
import { table } from './data-table'
import { byId, make } from './dom'
import type { LabState } from './state'
import { onTheme } from './theme'

export interface WorkedCases {
  show(state: LabState): void
}

// of mean square 1, as the theory's input
const INPUT = [1, -1, 1, -1]

/** Fills #worked-cases with both cases, drawn from the state's seed. */
export function workedCases(): WorkedCases {
  const place = byId('worked-cases')
  let seed: number | null = null
  const draw = () => {
    if (seed !== null) place.replaceChildren(small(seed), large(seed))
  }
  onTheme(draw)
  return {
    show(state) {
      if (state.seed === seed) return
      seed = state.seed
      draw()
    },
  }
}

function small(seed: number): HTMLElement {
  const [fanOut, fanIn] = [3, 4]
  const w = initialize('he-normal', [fanOut, fanIn], { seed })
  const rows = Array.from({ length: fanOut }, (_, i) => Array.from(w.subarray(i * fanIn, (i + 1) * fanIn)))
  const z = rows.map((row) => row.reduce((sum, value, j) => sum + value * INPUT[j], 0))
  return make(
    'article',
    { class: 'case' },
    make('h3', {}, '4 inputs, 3 units'),
    ...formula(fanIn, fanOut, 2),
    table({
      title: `W, drawn from seed ${seed}`,
      head: ['unit', 'x₁', 'x₂', 'x₃', 'x₄'],
      rows: rows.map((row, i) => [String(i + 1), ...row.map((value) => value.toFixed(4))]),
    }),
    table({
      title: `x = (${INPUT.join(', ')}) through the layer`,
      head: ['unit', 'z = W x', 'ReLU(z)'],
      rows: z.map((value, i) => [String(i + 1), value.toFixed(4), Math.max(0, value).toFixed(4)]),
    }),
    make('p', {}, verification(w, 'he-normal', [fanOut, fanIn])),
    make('p', {}, secondMomentText(z)),
  )
}

function large(seed: number): HTMLElement {
  const [fanOut, fanIn] = [64, 128]
  const w = initialize('he-normal', [fanOut, fanIn], { seed })
  const sigma = initStd('he-normal', [fanOut, fanIn])
  const picture = canvasOf(
    w.map((value) => value / sigma),
    fanOut,
    fanIn,
    '64 x 128 He weights as pixels',
  )
  picture.className = 'matrix'
  const all = make('details', { class: 'data' }, make('summary', {}, 'All 8192 numbers'))
  const region = make('pre', { tabindex: 0, class: 'scroll', role: 'region', 'aria-label': 'All 8192 numbers' })
  all.append(region)
  all.addEventListener('toggle', () => {
    region.textContent = all.open ? writeCsv([fanOut, fanIn], w) : ''
  })
  return make(
    'article',
    { class: 'case' },
    make('h3', {}, '128 inputs, 64 units'),
    ...formula(fanIn, fanOut, 2),
    picture,
    make(
      'p',
      { class: 'small' },
      'Each pixel is a weight, each row a unit: orange above zero, blue below, faint near zero.',
    ),
    make('p', {}, verification(w, 'he-normal', [fanOut, fanIn])),
    all,
  )
}

function formula(fanIn: number, fanOut: number, scale: number): HTMLElement[] {
  const sigma = Math.sqrt(scale / fanIn)
  return [
    make(
      'p',
      { class: 'formula' },
      `σ = √(${scale} / fan_in) = √(${scale} / ${fanIn}) = ${plain(sigma)}`,
      make(
        'small',
        {},
        `W is ${fanOut} × ${fanIn}, one row for each unit. Xavier's σ would be √(1 / ${fanIn}) = ${plain(1 / Math.sqrt(fanIn))}.`,
      ),
    ),
  ]
}

/** Wanted and found sigma, and how far apart they may be by chance. */
function verification(w: Float32Array, init: string, shape: readonly number[]): string {
  const wanted = initStd(init, shape)
  const { mean, std } = moments(w)
  // Gaussian: the standard error of a standard deviation is sigma/sqrt(2 n)
  const error = wanted / Math.sqrt(2 * w.length)
  return `Wanted σ = ${wanted.toPrecision(4)}, found σ = ${std.toPrecision(4)} with mean ${mean.toPrecision(2)}: ${w.length} draws leave ${Math.abs((std - wanted) / error).toFixed(1)} standard errors of ${error.toPrecision(2)} between them.`
}

/** What became of the second moment, and why. */
function secondMomentText(z: readonly number[]): string {
  const off = z.filter((value) => value <= 0).length
  const after = z.reduce((sum, value) => sum + Math.max(0, value) ** 2, 0) / z.length
  return `${off} of ${z.length} units ${off === 1 ? 'is' : 'are'} off: on average ReLU zeroes half of them, and half of the second moment with them. That is what the 2 in √(2 / fan_in) gives back: the mean square was 1 before the layer, is ${after.toPrecision(3)} after this draw of it, and 1 on average over draws.`
}
