/** The race: nothing is trained until the reader asks for it; losses are drawn as they come. */

import { type LossChart, lossChart } from '../charts/loss-chart'
import { lossFigure } from '../training/figure'
import type { Race, RaceRun } from '../training/result'
import { layerTables, lsuvTables, rateTables, summaryTable } from '../training/tables'
import { runVerdict } from '../training/verdict'
import { dataTable } from './data-table'
import { byId, make } from './dom'
import { drawing } from './drawn-view'
import type { Engine } from './engine'
import { type RaceChoice, raceCommand, raceRunner } from './race-run'

const STARTS = ['he-normal', 'xavier-simple', 'lsuv', 'fixup']
const STARTED = ['he-normal', 'xavier-simple']
/** Milliseconds between two drawings of what comes in. */
const DRAW_EVERY = 120

/** Binds #training. */
export function raceView(engine: Engine): void {
  const chart = drawing<LossChart>('race', (data, options) => lossChart(data, options))
  const data = dataTable('race-data')
  const verdict = byId('race-verdict')
  const progress = byId<HTMLProgressElement>('race-progress')
  const stop = byId<HTMLButtonElement>('race-stop')
  const command = byId('race-command')
  const form = raceForm(() => {
    command.textContent = raceCommand(form.choice())
  })
  command.textContent = raceCommand(form.choice())
  command.tabIndex = 0

  let drawn = 0
  const running = (on: boolean) => {
    progress.hidden = !on
    stop.disabled = !on
    // a screen reader is told the result, not every step
    verdict.setAttribute('aria-busy', String(on))
  }
  const runner = raceRunner(engine, {
    onLosses(losses, share) {
      progress.value = share
      if (performance.now() - drawn < DRAW_EVERY) return
      drawn = performance.now()
      chart.show(losses)
    },
    onRace(race) {
      running(false)
      chart.show({
        ...lossFigure(race),
        steps: race.config.steps,
        subtitle: 'Losses of one network a line, from the same seed on the same batches.',
      })
      data.show(() => [summaryTable(race), ...rateTables(race), ...layerTables(race), ...lsuvTables(race)])
      verdict.replaceChildren(raceVerdicts(race))
    },
    onStop() {
      running(false)
      verdict.replaceChildren(make('p', {}, 'Stopped.'))
    },
    onRefusal(message) {
      running(false)
      verdict.replaceChildren(make('p', { class: 'notes' }, message))
    },
  })
  byId('race-form').addEventListener('submit', (event) => {
    event.preventDefault()
    drawn = 0
    running(true)
    verdict.replaceChildren(make('p', {}, 'Training…'))
    runner.start(form.choice())
  })
  stop.addEventListener('click', () => {
    runner.stop()
    byId('race-start').focus()
  })
}

/** The controls, whose choice is always one that can be trained; `changed` hears of each change. */
function raceForm(changed: () => void): { choice(): RaceChoice } {
  const depth = byId<HTMLInputElement>('race-depth')
  const range = byId<HTMLInputElement>('race-depth-range')
  const optimizer = byId<HTMLSelectElement>('race-optimizer')
  const boxes = STARTS.map((name) => {
    const box = make('input', { type: 'checkbox', value: name, checked: STARTED.includes(name) })
    box.addEventListener('change', () => {
      // a race of nobody answers nothing
      if (!boxes.some(({ checked }) => checked)) box.checked = true
      changed()
    })
    byId('race-inits').append(make('label', {}, box, name))
    return box
  })
  const layers = () => even(Number(range.value))
  range.addEventListener('input', () => {
    depth.value = String(layers())
    changed()
  })
  depth.addEventListener('change', () => {
    range.value = String(even(depth.valueAsNumber || layers()))
    depth.value = String(layers())
    changed()
  })
  optimizer.addEventListener('change', changed)
  return {
    choice: () => ({
      depth: layers(),
      optimizer: optimizer.value === 'adam' ? 'adam' : 'sgd',
      inits: boxes.filter(({ checked }) => checked).map(({ value }) => value),
    }),
  }
}

/** Residual branches have two layers each, beside the first and the last: an even number in [4, 50]. */
function even(depth: number): number {
  return Math.min(50, Math.max(4, 2 * Math.round(depth / 2)))
}

/** One item for each start: whether it trains, and where. */
function raceVerdicts({ runs, config: { depth, steps, threshold } }: Race): HTMLElement {
  const item = (run: RaceRun) =>
    make(
      'li',
      { class: run.trains > 0 ? 'good' : 'bad' },
      make('p', { class: 'who' }, make('span', { class: 'name' }, run.init)),
      make('p', { class: 'what' }, `${runVerdict(run, threshold)}.`),
    )
  const intro = `At ${depth} layers, after ${steps} steps; to train is an accuracy of at least ${threshold}.`
  return make('div', {}, make('p', { class: 'race-intro' }, intro), make('ul', {}, ...runs.map(item)))
}
