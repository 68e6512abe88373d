/** The phase diagram under the reader's hand: a click or an arrow key runs a real network at that point. */

import { type PhaseChart, phaseChart } from '../charts/phase-chart'
import { plain, short } from '../report/number-text'
import { dataTable } from './data-table'
import { byId } from './dom'
import { drawing, nearScreen } from './drawn-view'
import { type Engine, Superseded } from './engine'
import { chiAt, type PhaseGrid, SIGMA_B2, SIGMA_W2 } from './phase-grid'
import { clamp, type LabState } from './state'

export interface PhaseView {
  show(state: LabState): void
}

interface Point {
  sigmaW2: number
  sigmaB2: number
}

const STEP_W2 = SIGMA_W2.max / SIGMA_W2.cells
const STEP_B2 = SIGMA_B2.max / SIGMA_B2.cells
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

/** Draws into #phase-chart; `change` is called with the variances the reader points at. */
export function phaseView(engine: Engine, change: (part: Partial<LabState>) => void): PhaseView {
  const place = byId('phase-chart')
  place.tabIndex = 0
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', 'Phase diagram: the arrow keys move the network over it')
  const data = dataTable('phase-data')
  let state: LabState | null = null
  let of: string | null = null
  let grid: PhaseGrid | null = null
  let chart: PhaseChart | null = null
  const picture = drawing<{ of: string; grid: PhaseGrid; state: LabState }>(
    'phase-chart',
    ({ of, grid, state }, options) => {
      const title = `Phase diagram of ${of}`
      chart = phaseChart({ title, ...grid, stepW2: STEP_W2, stepB2: STEP_B2, at: pointOf(state) }, options)
      byId('phase-status').textContent = said(state)
      return chart.svg
    },
  )
  const draw = () => {
    if (grid !== null && state !== null && of !== null) picture.show({ of, grid, state })
  }
  const go = ({ sigmaW2, sigmaB2 }: Point) =>
    change({
      sigmaW: clamp('sigmaW', Number(Math.sqrt(Math.max(0, sigmaW2)).toFixed(3))),
      sigmaB: clamp('sigmaB', Number(Math.sqrt(Math.max(0, sigmaB2)).toFixed(3))),
    })

  place.addEventListener('click', (event) => {
    if (chart === null) return
    const box = chart.svg.getBoundingClientRect()
    const scale = Number(chart.svg.getAttribute('width')) / box.width
    const point = chart.variancesAt((event.clientX - box.left) * scale, (event.clientY - box.top) * scale)
    if (point) go(point)
  })
  place.addEventListener('keydown', (event) => {
    const by = ARROWS[event.key]
    if (by === undefined || state === null) return
    event.preventDefault()
    const from = pointOf(state) ?? { sigmaW2: 2, sigmaB2: 0 }
    go({
      sigmaW2: Math.min(SIGMA_W2.max, Math.max(STEP_W2, from.sigmaW2 + by[0] * STEP_W2)),
      sigmaB2: Math.min(SIGMA_B2.max, Math.max(0, from.sigmaB2 + by[1] * STEP_B2)),
    })
  })
  async function load(activation: string): Promise<void> {
    engine.cancel('phase')
    const found = await engine.do('phase', { activation }, { group: 'phase' })
    if (activation !== of) return
    grid = found
    data.show(() => [lineTable(found)])
    draw()
  }
  const follow = () => {
    if (state === null || !isNear()) return
    if (state.activation === of) {
      draw()
      return
    }
    of = state.activation
    load(of).catch((error: unknown) => {
      if (!(error instanceof Superseded)) byId('phase-status').textContent = (error as Error).message
    })
  }
  const isNear = nearScreen('phase-chart', follow)
  return {
    show(next) {
      state = next
      follow()
    },
  }
}

/** Where the reader's own weights are; null without them. */
function pointOf({ sigmaW, sigmaB }: LabState): Point | null {
  return sigmaW === null ? null : { sigmaW2: sigmaW ** 2, sigmaB2: sigmaB ** 2 }
}

function said(state: LabState): string {
  const point = pointOf(state)
  if (point === null) return 'No network of your own yet: click the diagram, or move the slider "Your own weights".'
  const where = `Your network: weights of variance ${plain(point.sigmaW2)}/inputs, biases of variance ${plain(point.sigmaB2)}.`
  const chi = chiAt(state.activation, point.sigmaW2, point.sigmaB2)
  if (!Number.isFinite(chi)) return `${where} It settles nowhere: the signal explodes.`
  const layers = Math.abs(1 / Math.log(chi))
  if (!(layers < 1e4)) return `${where} On the critical line: a gradient of any depth survives.`
  const what = chi < 1 ? 'vanishes' : 'explodes'
  return `${where} Once settled, a layer multiplies the gradient's second moment by ${short(chi, 3)}: it ${what} by a factor e every ${short(layers)} layers.`
}

function lineTable({ line }: PhaseGrid) {
  const step = Math.max(1, Math.ceil(line.length / 20))
  return {
    title: 'The critical line, chi = 1',
    head: ['variance of a bias', 'variance of a weight × inputs'],
    rows: line.filter((_, i) => i % step === 0).map(({ sigmaW2, sigmaB2 }) => [short(sigmaB2, 3), short(sigmaW2, 4)]),
  }
}
